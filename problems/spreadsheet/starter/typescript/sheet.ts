/** The sheet: what is in the cells, and what they show. */

import { CellError, evaluate, type Value } from "./evaluate.ts";
import { FormulaError, parse, references } from "./formula.ts";
import { Graph } from "./graph.ts";

export type { Value };

export class Sheet {
  private readonly values = new Map<string, Value>();
  private readonly graph = new Graph();

  /** Gives a cell its content; an empty content clears it. */
  put(cell: string, content: string): void {
    this.values.delete(cell);
    if (content.startsWith("=")) this.putFormula(cell, content.slice(1));
    else if (/^-?[0-9]+$/.test(content)) this.values.set(cell, Number(content));
    else if (content !== "") this.values.set(cell, content);
  }

  /** What a cell shows: a number, a text, a CellError, or null if it is empty. */
  value(cell: string): Value {
    return this.values.get(cell) ?? null;
  }

  /** The cells that refer to a cell, directly or through others, row by row. */
  dependents(cell: string): string[] {
    return [...this.graph.dependents(cell)].sort(byPlace);
  }

  private putFormula(cell: string, text: string): void {
    try {
      const formula = parse(text);
      this.graph.connect(cell, references(formula));
      this.values.set(cell, evaluate(formula, (reference) => this.value(reference)));
    } catch (error) {
      if (error instanceof FormulaError) this.values.set(cell, new CellError("#PARSE"));
      else if (error instanceof CellError) this.values.set(cell, error);
      else throw error;
    }
  }
}

function byPlace(one: string, other: string): number {
  const [row, otherRow] = [Number(one.slice(1)), Number(other.slice(1))];
  return row - otherRow || one.charCodeAt(0) - other.charCodeAt(0);
}
