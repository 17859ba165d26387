"""Evaluation: from a formula's tree to its value."""

from formula import Binary, Call, Negate, Number, Reference


class CellError(Exception):
    """What a cell shows instead of a value, such as #DIV/0."""


def evaluate(tree, read):
    """The number that a tree yields; `read` gives the value of a cell. Raises CellError."""
    match tree:
        case Number(value):
            return value
        case Reference(cell):
            return number_in(read(cell))
        case Negate(operand):
            return -evaluate(operand, read)
        case Binary(operator, left, right):
            return apply(operator, evaluate(left, read), evaluate(right, read))
        case Call():
            raise CellError("#TODO")


def number_in(value):
    """A cell's value as a number."""
    if isinstance(value, CellError):
        raise CellError(str(value))
    if isinstance(value, str):
        raise CellError("#VALUE")
    return value or 0


def apply(operator, left, right):
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return divide(left, right)
        case "<":
            return int(left < right)
        case ">":
            return int(left > right)
        case "=":
            return int(left == right)


def divide(left, right):
    """Division towards zero; Python's own goes towards minus infinity."""
    if right == 0:
        raise CellError("#DIV/0")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient
