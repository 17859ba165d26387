"""The sheet: what is in the cells, and what they show."""

import re

from evaluate import CellError, evaluate
from formula import FormulaError, parse, references
from graph import Graph

INTEGER = re.compile(r"-?[0-9]+")
CYCLE = CellError("#CYCLE")


class Sheet:
    def __init__(self):
        self._formulas = {}  # cell → tree
        self._values = {}  # cell → a number, a text or a CellError
        self._graph = Graph()

    def put(self, cell, content):
        """Give a cell its content; an empty content clears it."""
        self._formulas.pop(cell, None)
        self._values.pop(cell, None)
        if content.startswith("="):
            self._put_formula(cell, content[1:])
        elif INTEGER.fullmatch(content):
            self._values[cell] = int(content)
        elif content:
            self._values[cell] = content
        formula = self._formulas.get(cell)
        self._graph.connect(cell, references(formula) if formula else [])
        self._recalculate(cell)

    def value(self, cell):
        """What a cell shows: a number, a text, a CellError, or None if it is empty."""
        return self._values.get(cell)

    def dependents(self, cell):
        """The cells that refer to a cell, directly or through others, row by row."""
        return sorted(self._graph.dependents(cell), key=lambda cell: (int(cell[1:]), cell[0]))

    def _put_formula(self, cell, text):
        try:
            self._formulas[cell] = parse(text)
        except FormulaError:
            self._values[cell] = CellError("#PARSE")

    def _recalculate(self, changed):
        affected = {changed} | self._graph.dependents(changed)
        ordered, circular = self._graph.order(affected)
        for cell in circular:
            self._values[cell] = CYCLE
        for cell in ordered:
            if cell in self._formulas:
                self._values[cell] = self._compute(cell)

    def _compute(self, cell):
        if any(self.value(reference) is CYCLE for reference in self._graph.references(cell)):
            return CYCLE
        try:
            return evaluate(self._formulas[cell], self.value)
        except CellError as error:
            return error
