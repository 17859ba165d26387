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
  const closing = toMinutes(day.end);
  const slots = [];
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

/** Everybody's bookings in minutes, widened by the buffer, by start. */
function taken(calendars, buffer) {
  return calendars
    .flat()
    .map(({ start, end }) => ({ start: toMinutes(start), end: toMinutes(end) }))
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => ({ start: start - buffer, end: end + buffer }))
    .sort((one, other) => one.start - other.start);
}

function toMinutes(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

function toClock(minutes) {
  const twoDigits = (number) => String(number).padStart(2, "0");
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
