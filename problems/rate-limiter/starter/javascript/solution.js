/**
 * Decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
 *
 * @param {number} limit units each client may spend in one window
 * @param {number} windowMs the length of the window, in milliseconds
 * @param {{at: number, client: string, cost: number}[]} requests in order of arrival
 * @returns {number[]} one answer for each request
 */
export function rateLimit(limit, windowMs, requests) {
  return [];
}
