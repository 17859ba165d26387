/** Transactions: changes to the store that can be undone together. */

/** No transaction is open. */
export class NoTransaction extends Error {}

/** The store, as seen and changed through transactions. */
export class Transactions {
  #store;

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
    this.#store.put(key, value);
  }

  /** Opens a transaction inside the current one. */
  begin() {}

  /** Undoes the innermost transaction and closes it. */
  rollback() {
    throw new NoTransaction();
  }

  /** Closes the innermost transaction and keeps its changes. */
  commit() {
    throw new NoTransaction();
  }

  /**
   * What the innermost transaction has changed, by key.
   *
   * @returns {{key: string, before: string | null, now: string | null}[]}
   */
  changes() {
    throw new NoTransaction();
  }
}
