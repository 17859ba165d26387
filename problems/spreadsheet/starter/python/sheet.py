"""The sheet: what is in the cells, and what they show."""

import re

from evaluate import CellError, evaluate
from formula import FormulaError, parse, references
from graph import Graph

INTEGER = re.compile(r"-?[0-9]+")


class Sheet:
    def __init__(self):
        self._values = {}  # cell → a number, a text or a CellError
        self._graph = Graph()

    def put(self, cell, content):
        """Give a cell its content; an empty content clears it."""
        self._values.pop(cell, None)
        if content.startswith("="):
            self._put_formula(cell, content[1:])
        elif INTEGER.fullmatch(content):
            self._values[cell] = int(content)
        elif content:
            self._values[cell] = content

    def value(self, cell):
        """What a cell shows: a number, a text, a CellError, or None if it is empty."""
        return self._values.get(cell)

    def dependents(self, cell):
        """The cells that refer to a cell, directly or through others, row by row."""
        return sorted(self._graph.dependents(cell), key=lambda cell: (int(cell[1:]), cell[0]))

    def _put_formula(self, cell, text):
        try:
            formula = parse(text)
            self._graph.connect(cell, references(formula))
            self._values[cell] = evaluate(formula, self.value)
        except FormulaError:
            self._values[cell] = CellError("#PARSE")
        except CellError as error:
            self._values[cell] = error
