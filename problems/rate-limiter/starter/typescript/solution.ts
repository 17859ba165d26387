export interface Request {
  at: number;
  client: string;
  cost: number;
}

/**
 * Decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
 *
 * `limit` is what each client may spend in one window of `windowMs` milliseconds.
 */
export function rateLimit(limit: number, windowMs: number, requests: Request[]): number[] {
  return [];
}
