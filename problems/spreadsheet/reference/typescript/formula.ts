/** Formulas: from text to a tree, and the cells that a tree refers to. */

export type Aggregate = "SUM" | "MIN" | "MAX" | "COUNT";

export type Tree =
  | { kind: "number"; value: number }
  | { kind: "reference"; cell: string }
  | { kind: "negate"; operand: Tree }
  | { kind: "binary"; operator: string; left: Tree; right: Tree }
  | { kind: "if"; condition: Tree; holds: Tree; fails: Tree }
  | { kind: "aggregate"; name: Aggregate; args: Argument[] };

/** What an aggregate is computed from; the cells of a range are given row by row. */
export type Argument = Tree | { kind: "range"; cells: string[] };

/** The text is not a formula. */
export class FormulaError extends Error {}

const CELL = /^[A-Z][1-9][0-9]?$/;
const TOKEN = /\s*([A-Z]+[0-9]*|[0-9]+|[-+*\/<>=(),:])/y;

/** The tree of a formula, which is given without its leading `=`. */
export function parse(text: string): Tree {
  const parser = new Parser(tokenize(text.trim()));
  const tree = parser.comparison();
  parser.expect(undefined);
  return tree;
}

/** The cells that a tree refers to. */
export function references(tree: Argument): string[] {
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

function tokenize(text: string): string[] {
  const tokens: string[] = [];
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
  private position = 0;

  constructor(private readonly tokens: string[]) {}

  comparison(): Tree {
    const left = this.sum();
    if (!["<", ">", "="].includes(this.peek() ?? "")) return left;
    return { kind: "binary", operator: this.next(), left, right: this.sum() };
  }

  expect(token: string | undefined): void {
    if (this.peek() !== token) throw new FormulaError();
    this.position += 1;
  }

  private sum(): Tree {
    return this.chain(["+", "-"], () => this.product());
  }

  private product(): Tree {
    return this.chain(["*", "/"], () => this.unary());
  }

  /** Operands of the same rank, joined by operators. */
  private chain(operators: string[], operand: () => Tree): Tree {
    let left = operand();
    while (operators.includes(this.peek() ?? "")) {
      left = { kind: "binary", operator: this.next(), left, right: operand() };
    }
    return left;
  }

  private unary(): Tree {
    if (this.peek() !== "-") return this.primary();
    this.next();
    return { kind: "negate", operand: this.unary() };
  }

  private primary(): Tree {
    const token = this.next();
    if (token === "(") {
      const inner = this.comparison();
      this.expect(")");
      return inner;
    }
    if (/^[0-9]+$/.test(token)) return { kind: "number", value: Number(token) };
    if (CELL.test(token)) return { kind: "reference", cell: token };
    if (token === "IF") return this.choice();
    if (isAggregate(token)) {
      return { kind: "aggregate", name: token, args: this.list(() => this.argument()) };
    }
    throw new FormulaError();
  }

  private choice(): Tree {
    const [condition, holds, fails, ...more] = this.list(() => this.comparison());
    if (fails === undefined || more.length > 0) throw new FormulaError();
    return { kind: "if", condition, holds, fails };
  }

  private argument(): Argument {
    if (this.peek(1) !== ":") return this.comparison();
    const first = this.next();
    this.expect(":");
    return { kind: "range", cells: rectangle(first, this.next()) };
  }

  private list<Item>(item: () => Item): Item[] {
    this.expect("(");
    const items = [item()];
    while (this.peek() === ",") {
      this.next();
      items.push(item());
    }
    this.expect(")");
    return items;
  }

  private peek(ahead = 0): string | undefined {
    return this.tokens[this.position + ahead];
  }

  private next(): string {
    const token = this.peek();
    if (token === undefined) throw new FormulaError();
    this.position += 1;
    return token;
  }
}

function isAggregate(name: string): name is Aggregate {
  return ["SUM", "MIN", "MAX", "COUNT"].includes(name);
}

/** The cells between two corners. */
function rectangle(first: string, last: string): string[] {
  if (!CELL.test(first) || !CELL.test(last)) throw new FormulaError();
  const columns = between(first.charCodeAt(0), last.charCodeAt(0));
  const rows = between(Number(first.slice(1)), Number(last.slice(1)));
  return rows.flatMap((row) => columns.map((column) => `${String.fromCharCode(column)}${row}`));
}

/** All numbers between two, which may come in any order. */
function between(one: number, other: number): number[] {
  const least = Math.min(one, other);
  return Array.from({ length: Math.abs(one - other) + 1 }, (_, index) => least + index);
}
