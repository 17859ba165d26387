def find_slots(calendars, day, minutes, buffer):
    """List the stretches of the day when everybody is free for at least `minutes`.

    calendars: one list of {"start": "HH:MM", "end": "HH:MM"} for each person
    day: the working day, as {"start": "HH:MM", "end": "HH:MM"}
    minutes: how long the meeting lasts
    buffer: minutes kept free before and after each booking
    """
    return []
