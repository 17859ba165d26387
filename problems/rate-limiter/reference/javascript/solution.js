const NEVER = -1;

/**
 * Decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
 *
 * @param {number} limit units each client may spend in one window
 * @param {number} windowMs the length of the window, in milliseconds
 * @param {{at: number, client: string, cost: number}[]} requests in order of arrival
 * @returns {number[]} one answer for each request
 */
export function rateLimit(limit, windowMs, requests) {
  const budgets = new Map();
  return requests.map(({ at, client, cost }) => {
    if (!budgets.has(client)) budgets.set(client, new Budget(limit, windowMs));
    return budgets.get(client).ask(at, cost);
  });
}

/** What one client has spent in the current window. */
class Budget {
  #accepted = []; // oldest first
  #oldest = 0; // index of the first one that still counts
  #spent = 0;

  constructor(limit, windowMs) {
    this.limit = limit;
    this.windowMs = windowMs;
  }

  ask(at, cost) {
    if (cost > this.limit) return NEVER;
    this.#free(at);
    const excess = this.#spent + cost - this.limit;
    if (excess > 0) return this.#freedAt(excess) - at;
    this.#accepted.push({ at, cost });
    this.#spent += cost;
    return 0;
  }

  #free(now) {
    while (this.#oldest < this.#accepted.length) {
      const { at, cost } = this.#accepted[this.#oldest];
      if (at + this.windowMs > now) return;
      this.#spent -= cost;
      this.#oldest += 1;
    }
  }

  /** The moment at which at least `units` of what is spent are free again. */
  #freedAt(units) {
    let index = this.#oldest;
    while (units > this.#accepted[index].cost) {
      units -= this.#accepted[index].cost;
      index += 1;
    }
    return this.#accepted[index].at + this.windowMs;
  }
}
