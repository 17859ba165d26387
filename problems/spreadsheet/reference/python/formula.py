"""Formulas: from text to a tree, and the cells that a tree refers to."""

import re
from dataclasses import dataclass

AGGREGATES = ("SUM", "MIN", "MAX", "COUNT")
CELL = re.compile(r"[A-Z][1-9][0-9]?")
TOKEN = re.compile(r"\s*([A-Z]+[0-9]*|[0-9]+|[-+*/<>=(),:])")


class FormulaError(Exception):
    """The text is not a formula."""


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Reference:
    cell: str


@dataclass(frozen=True)
class Range:
    cells: list  # row by row, from left to right


@dataclass(frozen=True)
class Negate:
    operand: object


@dataclass(frozen=True)
class Binary:
    operator: str
    left: object
    right: object


@dataclass(frozen=True)
class Call:
    name: str  # IF, with three arguments, or one of the AGGREGATES
    arguments: list


def parse(text):
    """The tree of a formula, which is given without its leading `=`."""
    parser = Parser(tokenize(text))
    tree = parser.comparison()
    parser.expect(None)
    return tree


def references(tree):
    """The cells that a tree refers to."""
    match tree:
        case Reference(cell):
            return [cell]
        case Range(cells):
            return cells
        case Negate(operand):
            return references(operand)
        case Binary(_, left, right):
            return references(left) + references(right)
        case Call(_, arguments):
            return [cell for argument in arguments for cell in references(argument)]
    return []


def tokenize(text):
    text = text.rstrip()
    tokens, position = [], 0
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            raise FormulaError
        tokens.append(found[1])
        position = found.end()
    return tokens


class Parser:
    """Descends through the grammar, from the loosest operator to the tightest."""

    def __init__(self, tokens):
        self._tokens = tokens + [None]
        self._position = 0

    def comparison(self):
        left = self._sum()
        if self._peek() in ("<", ">", "="):
            return Binary(self._next(), left, self._sum())
        return left

    def expect(self, token):
        if self._next() != token:
            raise FormulaError

    def _sum(self):
        return self._chain(("+", "-"), self._product)

    def _product(self):
        return self._chain(("*", "/"), self._unary)

    def _chain(self, operators, operand):
        """Operands of the same rank, joined by operators."""
        left = operand()
        while self._peek() in operators:
            left = Binary(self._next(), left, operand())
        return left

    def _unary(self):
        if self._peek() == "-":
            self._next()
            return Negate(self._unary())
        return self._primary()

    def _primary(self):
        token = self._next()
        if token is None:
            raise FormulaError
        if token == "(":
            inner = self.comparison()
            self.expect(")")
            return inner
        if token.isdigit():
            return Number(int(token))
        if CELL.fullmatch(token):
            return Reference(token)
        if token == "IF" or token in AGGREGATES:
            return self._call(token)
        raise FormulaError

    def _call(self, name):
        self.expect("(")
        arguments = [self._argument(name)]
        while self._peek() == ",":
            self._next()
            arguments.append(self._argument(name))
        self.expect(")")
        if name == "IF" and len(arguments) != 3:
            raise FormulaError
        return Call(name, arguments)

    def _argument(self, name):
        if name in AGGREGATES and self._peek(1) == ":":
            first, _, last = self._next(), self._next(), self._next()
            return rectangle(first, last)
        return self.comparison()

    def _peek(self, ahead=0):
        return self._tokens[min(self._position + ahead, len(self._tokens) - 1)]

    def _next(self):
        token = self._peek()
        self._position += 1
        return token


def rectangle(first, last):
    """The range between two corners."""
    if not all(corner and CELL.fullmatch(corner) for corner in (first, last)):
        raise FormulaError
    left, right = sorted(ord(corner[0]) for corner in (first, last))
    top, bottom = sorted(int(corner[1:]) for corner in (first, last))
    rows, columns = range(top, bottom + 1), range(left, right + 1)
    return Range([f"{chr(column)}{row}" for row in rows for column in columns])
