"""Which cell refers to which."""


class Graph:
    def connect(self, cell, references):
        """Record all that a cell refers to, in place of what it referred to before."""

    def dependents(self, cell):
        """The cells that refer to a cell, directly or through others."""
        return set()
