/** A stretch of the day; times are "HH:MM". */
export interface Span {
  start: string;
  end: string;
}

/** The same in minutes since midnight. */
interface Minutes {
  start: number;
  end: number;
}

/**
 * Lists the stretches of the day when everybody is free for at least `minutes`.
 *
 * `calendars` holds one list of bookings for each person; `buffer` is the number of minutes kept
 * free before and after each booking.
 */
export function findSlots(calendars: Span[][], day: Span, minutes: number, buffer: number): Span[] {
  const closing = toMinutes(day.end);
  const slots: Span[] = [];
  let freeFrom = toMinutes(day.start);
  for (const { start, end } of [...taken(calendars, buffer), { start: closing, end: closing }]) {
    const freeUntil = Math.min(start, closing);
    if (freeUntil - freeFrom >= minutes) {
      slots.push({ start: toClock(freeFrom), end: toClock(freeUntil) });
    }
    freeFrom = Math.max(freeFrom, end);
  }
  return slots;
}

/** Everybody's bookings, widened by the buffer, by start. */
function taken(calendars: Span[][], buffer: number): Minutes[] {
  return calendars
    .flat()
    .map(({ start, end }) => ({ start: toMinutes(start), end: toMinutes(end) }))
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => ({ start: start - buffer, end: end + buffer }))
    .sort((one, other) => one.start - other.start);
}

function toMinutes(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

function toClock(minutes: number): string {
  const twoDigits = (number: number) => String(number).padStart(2, "0");
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
