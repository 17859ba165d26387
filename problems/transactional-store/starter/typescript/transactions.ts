/** Transactions: changes to the store that can be undone together. */

import type { Store } from "./store.ts";

/** No transaction is open. */
export class NoTransaction extends Error {}

/** A key whose value is not what it was; null is no value. */
export interface Change {
  key: string;
  before: string | null;
  now: string | null;
}

/** The store, as seen and changed through transactions. */
export class Transactions {
  constructor(private readonly store: Store) {}

  get(key: string): string | null {
    return this.store.get(key);
  }

  count(value: string): number {
    return this.store.count(value);
  }

  /** Gives the key a value, or takes it away with null. */
  put(key: string, value: string | null): void {
    this.store.put(key, value);
  }

  /** Opens a transaction inside the current one. */
  begin(): void {}

  /** Undoes the innermost transaction and closes it. */
  rollback(): void {
    throw new NoTransaction();
  }

  /** Closes the innermost transaction and keeps its changes. */
  commit(): void {
    throw new NoTransaction();
  }

  /** What the innermost transaction has changed, by key. */
  changes(): Change[] {
    throw new NoTransaction();
  }
}
