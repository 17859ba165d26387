/** The values themselves, and how often each of them occurs. */
export class Store {
  #values = new Map();
  #counts = new Map();

  /** The key's value, or null. */
  get(key) {
    return this.#values.get(key) ?? null;
  }

  /** Gives the key a value, or takes it away with null. */
  put(key, value) {
    if (value === null) {
      const before = this.get(key);
      this.#values.delete(key);
      this.#counts.set(before, this.count(before) - 1);
    } else {
      this.#values.set(key, value);
      this.#counts.set(value, this.count(value) + 1);
    }
  }

  /** How many keys have this value. */
  count(value) {
    return this.#counts.get(value) ?? 0;
  }
}
