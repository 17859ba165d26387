"""Which cell refers to which."""

from collections import defaultdict


class Graph:
    def __init__(self):
        self._references = defaultdict(set)  # cell → the cells it refers to
        self._dependents = defaultdict(set)  # cell → the cells that refer to it

    def connect(self, cell, references):
        """Record all that a cell refers to, in place of what it referred to before."""
        for before in self._references[cell]:
            self._dependents[before].discard(cell)
        self._references[cell] = set(references)
        for reference in self._references[cell]:
            self._dependents[reference].add(cell)

    def references(self, cell):
        """The cells that a cell refers to directly."""
        return self._references[cell]

    def dependents(self, cell):
        """The cells that refer to a cell, directly or through others."""
        found = set()
        unvisited = [cell]
        while unvisited:
            new = self._dependents[unvisited.pop()] - found
            found |= new
            unvisited += new
        return found

    def order(self, cells):
        """Some cells in two parts: those that can be computed, each after all it refers to, and the rest.

        The rest is in a circle, or refers to a cell that is in one.
        """
        waiting_for = {cell: len(self._references[cell] & cells) for cell in cells}
        ordered = [cell for cell, count in waiting_for.items() if count == 0]
        for cell in ordered:
            for dependent in self._dependents[cell] & cells:
                waiting_for[dependent] -= 1
                if waiting_for[dependent] == 0:
                    ordered.append(dependent)
        return ordered, cells.difference(ordered)
