/** Evaluation: from a formula's tree to its value. */

import type { Tree } from "./formula.ts";

/** What a cell shows: a number, a text, an error, or null if it is empty. */
export type Value = number | string | CellError | null;

/** What a cell shows instead of a value, such as #DIV/0. */
export class CellError extends Error {}

/** Gives the value of a cell. */
export type Read = (cell: string) => Value;

/** The number that a tree yields; throws a CellError. */
export function evaluate(tree: Tree, read: Read): number {
  switch (tree.kind) {
    case "number":
      return tree.value;
    case "reference":
      return numberIn(read(tree.cell));
    case "negate":
      return -evaluate(tree.operand, read);
    case "binary":
      return apply(tree.operator, evaluate(tree.left, read), evaluate(tree.right, read));
    case "if":
    case "aggregate":
      throw new CellError("#TODO");
  }
}

/** A cell's value as a number. */
function numberIn(value: Value): number {
  if (value instanceof CellError) throw value;
  if (typeof value === "string") throw new CellError("#VALUE");
  return value ?? 0;
}

function apply(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return divide(left, right);
    case "<":
      return Number(left < right);
    case ">":
      return Number(left > right);
    case "=":
      return Number(left === right);
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

/** Division towards zero. */
function divide(left: number, right: number): number {
  if (right === 0) throw new CellError("#DIV/0");
  return (left - (left % right)) / right;
}
