/** A stretch of the day; times are "HH:MM". */
export interface Span {
  start: string;
  end: string;
}

/**
 * Lists the stretches of the day when everybody is free for at least `minutes`.
 *
 * `calendars` holds one list of bookings for each person; `buffer` is the number of minutes kept
 * free before and after each booking.
 */
export function findSlots(calendars: Span[][], day: Span, minutes: number, buffer: number): Span[] {
  return [];
}
