/** The values themselves, and how often each of them occurs. */
export class Store {
  private readonly values = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** The key's value, or null. */
  get(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  /** Gives the key a value, or takes it away with null. */
  put(key: string, value: string | null): void {
    const before = this.get(key);
    if (before !== null) this.counts.set(before, this.count(before) - 1);
    this.values.delete(key);
    if (value !== null) {
      this.values.set(key, value);
      this.counts.set(value, this.count(value) + 1);
    }
  }

  /** How many keys have this value. */
  count(value: string): number {
    return this.counts.get(value) ?? 0;
  }
}
