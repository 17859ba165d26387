/**
 * Formulas: from text to a tree, and the cells that a tree refers to.
 *
 * A tree is one of
 *   {kind: "number", value}
 *   {kind: "reference", cell}
 *   {kind: "negate", operand}
 *   {kind: "binary", operator, left, right}
 *   {kind: "if", condition, holds, fails}
 *   {kind: "aggregate", name, args}, name being SUM, MIN, MAX or COUNT, and each argument
 *     a tree or {kind: "range", cells}, with the cells row by row
 */

/** The text is not a formula. */
export class FormulaError extends Error {}

const AGGREGATES = ["SUM", "MIN", "MAX", "COUNT"];
const CELL = /^[A-Z][1-9][0-9]?$/;
const TOKEN = /\s*([A-Z]+[0-9]*|[0-9]+|[-+*\/<>=(),:])/y;

/** The tree of a formula, which is given without its leading `=`. */
export function parse(text) {
  const parser = new Parser(tokenize(text.trim()));
  const tree = parser.comparison();
  parser.expect(undefined);
  return tree;
}

/** The cells that a tree refers to. */
export function references(tree) {
  switch (tree.kind) {
    case "number":
      return [];
    case "reference":
      return [tree.cell];
    case "range":
      return tree.cells;
    case "negate":
      return references(tree.operand);
    case "binary":
      return [tree.left, tree.right].flatMap(references);
    case "if":
      return [tree.condition, tree.holds, tree.fails].flatMap(references);
    case "aggregate":
      return tree.args.flatMap(references);
  }
}

function tokenize(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) throw new FormulaError();
    tokens.push(found[1]);
  }
  return tokens;
}

/** Descends through the grammar, from the loosest operator to the tightest. */
class Parser {
  #position = 0;
  #tokens;

  constructor(tokens) {
    this.#tokens = tokens;
  }

  comparison() {
    const left = this.#sum();
    if (!["<", ">", "="].includes(this.#peek())) return left;
    return { kind: "binary", operator: this.#next(), left, right: this.#sum() };
  }

  expect(token) {
    if (this.#peek() !== token) throw new FormulaError();
    this.#position += 1;
  }

  #sum() {
    return this.#chain(["+", "-"], () => this.#product());
  }

  #product() {
    return this.#chain(["*", "/"], () => this.#unary());
  }

  /** Operands of the same rank, joined by operators. */
  #chain(operators, operand) {
    let left = operand();
    while (operators.includes(this.#peek())) {
      left = { kind: "binary", operator: this.#next(), left, right: operand() };
    }
    return left;
  }

  #unary() {
    if (this.#peek() !== "-") return this.#primary();
    this.#next();
    return { kind: "negate", operand: this.#unary() };
  }

  #primary() {
    const token = this.#next();
    if (token === "(") {
      const inner = this.comparison();
      this.expect(")");
      return inner;
    }
    if (/^[0-9]+$/.test(token)) return { kind: "number", value: Number(token) };
    if (CELL.test(token)) return { kind: "reference", cell: token };
    if (token === "IF") return this.#choice();
    if (AGGREGATES.includes(token)) {
      return { kind: "aggregate", name: token, args: this.#list(() => this.#argument()) };
    }
    throw new FormulaError();
  }

  #choice() {
    const [condition, holds, fails, ...more] = this.#list(() => this.comparison());
    if (fails === undefined || more.length > 0) throw new FormulaError();
    return { kind: "if", condition, holds, fails };
  }

  #argument() {
    if (this.#peek(1) !== ":") return this.comparison();
    const first = this.#next();
    this.expect(":");
    return { kind: "range", cells: rectangle(first, this.#next()) };
  }

  #list(item) {
    this.expect("(");
    const items = [item()];
    while (this.#peek() === ",") {
      this.#next();
      items.push(item());
    }
    this.expect(")");
    return items;
  }

  #peek(ahead = 0) {
    return this.#tokens[this.#position + ahead];
  }

  #next() {
    const token = this.#peek();
    if (token === undefined) throw new FormulaError();
    this.#position += 1;
    return token;
  }
}

/** The cells between two corners. */
function rectangle(first, last) {
  if (!CELL.test(first) || !CELL.test(last)) throw new FormulaError();
  const columns = between(first.charCodeAt(0), last.charCodeAt(0));
  const rows = between(Number(first.slice(1)), Number(last.slice(1)));
  return rows.flatMap((row) => columns.map((column) => `${String.fromCharCode(column)}${row}`));
}

/** All numbers between two, which may come in any order. */
function between(one, other) {
  const least = Math.min(one, other);
  return Array.from({ length: Math.abs(one - other) + 1 }, (_, index) => least + index);
}
