/** Which cell refers to which. */
export class Graph {
  #outgoing = new Map(); // cell → what it refers to
  #incoming = new Map(); // cell → what refers to it

  /** Records all that a cell refers to, in place of what it referred to before. */
  connect(cell, references) {
    for (const before of this.references(cell)) this.#incoming.get(before).delete(cell);
    this.#outgoing.set(cell, new Set(references));
    for (const reference of references) {
      const incoming = this.#incoming.get(reference) ?? new Set();
      this.#incoming.set(reference, incoming.add(cell));
    }
  }

  /** The cells that a cell refers to directly. */
  references(cell) {
    return this.#outgoing.get(cell) ?? new Set();
  }

  /** The cells that refer to a cell, directly or through others. */
  dependents(cell) {
    const found = new Set(this.#incoming.get(cell));
    // A set that grows while it is walked is walked to its new end.
    for (const dependent of found) {
      for (const next of this.#incoming.get(dependent) ?? []) found.add(next);
    }
    return found;
  }

  /**
   * Some cells in two parts: those that can be computed, each after all it refers to, and the rest,
   * which is in a circle or refers to a cell that is in one.
   *
   * @param {Set<string>} cells all of whose dependents are among them
   * @returns {{ordered: string[], circular: string[]}}
   */
  order(cells) {
    const waitingFor = new Map();
    for (const cell of cells) {
      const affecting = [...this.references(cell)].filter((reference) => cells.has(reference));
      waitingFor.set(cell, affecting.length);
    }
    const ordered = [...cells].filter((cell) => waitingFor.get(cell) === 0);
    for (const cell of ordered) {
      for (const dependent of this.#incoming.get(cell) ?? []) {
        waitingFor.set(dependent, waitingFor.get(dependent) - 1);
        if (waitingFor.get(dependent) === 0) ordered.push(dependent);
      }
    }
    return { ordered, circular: [...cells].filter((cell) => waitingFor.get(cell) !== 0) };
  }
}
