/** Transactions: changes to the store that can be undone together. */

/** No transaction is open. */
export class NoTransaction extends Error {}

/** The store, as seen and changed through transactions. */
export class Transactions {
  #store;
  // For each open transaction, the innermost last: what the keys it has touched were before.
  #open = [];

  constructor(store) {
    this.#store = store;
  }

  get(key) {
    return this.#store.get(key);
  }

  count(value) {
    return this.#store.count(value);
  }

  /** Gives the key a value, or takes it away with null. */
  put(key, value) {
    this.#remember(key, this.#store.get(key));
    this.#store.put(key, value);
  }

  /** Opens a transaction inside the current one. */
  begin() {
    this.#open.push(new Map());
  }

  /** Undoes the innermost transaction and closes it. */
  rollback() {
    for (const [key, before] of this.#close()) this.#store.put(key, before);
  }

  /** Closes the innermost transaction and keeps its changes. */
  commit() {
    for (const [key, before] of this.#close()) this.#remember(key, before);
  }

  /**
   * What the innermost transaction has changed, by key.
   *
   * @returns {{key: string, before: string | null, now: string | null}[]}
   */
  changes() {
    const touched = this.#open.at(-1);
    if (touched === undefined) throw new NoTransaction();
    return [...touched]
      .map(([key, before]) => ({ key, before, now: this.#store.get(key) }))
      .filter(({ before, now }) => before !== now)
      .sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  #close() {
    const touched = this.#open.pop();
    if (touched === undefined) throw new NoTransaction();
    return touched;
  }

  /** Notes what a key was, unless the innermost transaction knows an older value. */
  #remember(key, before) {
    const touched = this.#open.at(-1);
    if (touched !== undefined && !touched.has(key)) touched.set(key, before);
  }
}
