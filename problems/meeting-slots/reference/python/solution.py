def find_slots(calendars, day, minutes, buffer):
    """List the stretches of the day when everybody is free for at least `minutes`."""
    opening, closing = to_minutes(day["start"]), to_minutes(day["end"])
    slots = []
    free_from = opening
    for start, end in taken(calendars, buffer) + [(closing, closing)]:
        free_until = min(start, closing)
        if free_until - free_from >= minutes:
            slots.append({"start": to_clock(free_from), "end": to_clock(free_until)})
        free_from = max(free_from, end)
    return slots


def taken(calendars, buffer):
    """Everybody's bookings, widened by the buffer, by start."""
    bookings = (booking for calendar in calendars for booking in calendar)
    spans = ((to_minutes(booking["start"]), to_minutes(booking["end"])) for booking in bookings)
    return sorted((start - buffer, end + buffer) for start, end in spans if start < end)


def to_minutes(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def to_clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"
