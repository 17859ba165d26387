/** Evaluation: from a formula's tree to its value. */

/** What a cell shows instead of a value, such as #DIV/0. */
export class CellError extends Error {}

/** The number that a tree yields; `read` gives the value of a cell. Throws a CellError. */
export function evaluate(tree, read) {
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
function numberIn(value) {
  if (value instanceof CellError) throw value;
  if (typeof value === "string") throw new CellError("#VALUE");
  return value ?? 0;
}

function apply(operator, left, right) {
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
  }
}

/** Division towards zero. */
function divide(left, right) {
  if (right === 0) throw new CellError("#DIV/0");
  return (left - (left % right)) / right;
}
