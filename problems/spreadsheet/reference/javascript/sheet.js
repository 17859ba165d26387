/** The sheet: what is in the cells, and what they show. */

import { CellError, evaluate } from "./evaluate.js";
import { FormulaError, parse, references } from "./formula.js";
import { Graph } from "./graph.js";

const CYCLE = new CellError("#CYCLE");

export class Sheet {
  #formulas = new Map(); // cell → tree
  #values = new Map(); // cell → a number, a text or a CellError
  #graph = new Graph();

  /** Gives a cell its content; an empty content clears it. */
  put(cell, content) {
    this.#formulas.delete(cell);
    this.#values.delete(cell);
    if (content.startsWith("=")) this.#putFormula(cell, content.slice(1));
    else if (/^-?[0-9]+$/.test(content)) this.#values.set(cell, Number(content));
    else if (content !== "") this.#values.set(cell, content);

    const formula = this.#formulas.get(cell);
    this.#graph.connect(cell, formula === undefined ? [] : references(formula));
    this.#recalculate(cell);
  }

  /** What a cell shows: a number, a text, a CellError, or null if it is empty. */
  value(cell) {
    return this.#values.get(cell) ?? null;
  }

  /** The cells that refer to a cell, directly or through others, row by row. */
  dependents(cell) {
    return [...this.#graph.dependents(cell)].sort(byPlace);
  }

  #putFormula(cell, text) {
    try {
      this.#formulas.set(cell, parse(text));
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.#values.set(cell, new CellError("#PARSE"));
    }
  }

  #recalculate(changed) {
    const affected = this.#graph.dependents(changed).add(changed);
    const { ordered, circular } = this.#graph.order(affected);
    for (const cell of circular) this.#values.set(cell, CYCLE);
    for (const cell of ordered) {
      const formula = this.#formulas.get(cell);
      if (formula !== undefined) this.#values.set(cell, this.#compute(cell, formula));
    }
  }

  #compute(cell, formula) {
    for (const reference of this.#graph.references(cell)) {
      if (this.value(reference) === CYCLE) return CYCLE;
    }
    try {
      return evaluate(formula, (reference) => this.value(reference));
    } catch (error) {
      if (error instanceof CellError) return error;
      throw error;
    }
  }
}

function byPlace(one, other) {
  const [row, otherRow] = [Number(one.slice(1)), Number(other.slice(1))];
  return row - otherRow || one.charCodeAt(0) - other.charCodeAt(0);
}
