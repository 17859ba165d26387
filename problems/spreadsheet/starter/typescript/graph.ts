/** Which cell refers to which. */
export class Graph {
  /** Records all that a cell refers to, in place of what it referred to before. */
  connect(cell: string, references: string[]): void {}

  /** The cells that refer to a cell, directly or through others. */
  dependents(cell: string): Set<string> {
    return new Set();
  }
}
