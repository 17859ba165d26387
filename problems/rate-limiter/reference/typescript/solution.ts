export interface Request {
  at: number;
  client: string;
  cost: number;
}

const NEVER = -1;

/**
 * Decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
 *
 * `limit` is what each client may spend in one window of `windowMs` milliseconds.
 */
export function rateLimit(limit: number, windowMs: number, requests: Request[]): number[] {
  const budgets = new Map<string, Budget>();
  return requests.map(({ at, client, cost }) => {
    const budget = budgets.get(client) ?? new Budget(limit, windowMs);
    budgets.set(client, budget);
    return budget.ask(at, cost);
  });
}

/** What one client has spent in the current window. */
class Budget {
  private readonly accepted: { at: number; cost: number }[] = []; // oldest first
  private oldest = 0; // index of the first one that still counts
  private spent = 0;

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  ask(at: number, cost: number): number {
    if (cost > this.limit) return NEVER;
    this.free(at);
    const excess = this.spent + cost - this.limit;
    if (excess > 0) return this.freedAt(excess) - at;
    this.accepted.push({ at, cost });
    this.spent += cost;
    return 0;
  }

  private free(now: number): void {
    while (this.oldest < this.accepted.length) {
      const { at, cost } = this.accepted[this.oldest];
      if (at + this.windowMs > now) return;
      this.spent -= cost;
      this.oldest += 1;
    }
  }

  /** The moment at which at least `units` of what is spent are free again. */
  private freedAt(units: number): number {
    let index = this.oldest;
    while (units > this.accepted[index].cost) {
      units -= this.accepted[index].cost;
      index += 1;
    }
    return this.accepted[index].at + this.windowMs;
  }
}
