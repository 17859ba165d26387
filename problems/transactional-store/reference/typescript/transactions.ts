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

/** What the keys touched by a transaction were when it began. */
type Touched = Map<string, string | null>;

/** The store, as seen and changed through transactions. */
export class Transactions {
  private readonly open: Touched[] = []; // the innermost last

  constructor(private readonly store: Store) {}

  get(key: string): string | null {
    return this.store.get(key);
  }

  count(value: string): number {
    return this.store.count(value);
  }

  /** Gives the key a value, or takes it away with null. */
  put(key: string, value: string | null): void {
    this.remember(key, this.store.get(key));
    this.store.put(key, value);
  }

  /** Opens a transaction inside the current one. */
  begin(): void {
    this.open.push(new Map());
  }

  /** Undoes the innermost transaction and closes it. */
  rollback(): void {
    for (const [key, before] of this.close()) this.store.put(key, before);
  }

  /** Closes the innermost transaction and keeps its changes. */
  commit(): void {
    for (const [key, before] of this.close()) this.remember(key, before);
  }

  /** What the innermost transaction has changed, by key. */
  changes(): Change[] {
    const touched = this.open.at(-1);
    if (touched === undefined) throw new NoTransaction();
    return [...touched]
      .map(([key, before]) => ({ key, before, now: this.store.get(key) }))
      .filter(({ before, now }) => before !== now)
      .sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  private close(): Touched {
    const touched = this.open.pop();
    if (touched === undefined) throw new NoTransaction();
    return touched;
  }

  /** Notes what a key was, unless the innermost transaction knows an older value. */
  private remember(key: string, before: string | null): void {
    const touched = this.open.at(-1);
    if (touched !== undefined && !touched.has(key)) touched.set(key, before);
  }
}
