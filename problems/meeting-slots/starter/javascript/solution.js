/**
 * Lists the stretches of the day when everybody is free for at least `minutes`.
 *
 * @typedef {{start: string, end: string}} Span times are "HH:MM"
 * @param {Span[][]} calendars one list of bookings for each person
 * @param {Span} day the working day
 * @param {number} minutes how long the meeting lasts
 * @param {number} buffer minutes kept free before and after each booking
 * @returns {Span[]} the free stretches, the earliest first
 */
export function findSlots(calendars, day, minutes, buffer) {
  return [];
}
