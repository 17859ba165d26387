"""The values themselves, and how often each of them occurs."""

from collections import Counter


class Store:
    def __init__(self):
        self._values = {}
        self._counts = Counter()

    def get(self, key):
        """The key's value, or None."""
        return self._values.get(key)

    def put(self, key, value):
        """Give the key a value, or take it away with None."""
        if value is None:
            before = self._values.pop(key, None)
            self._counts[before] -= 1
        else:
            self._values[key] = value
            self._counts[value] += 1

    def count(self, value):
        """How many keys have this value."""
        return self._counts[value]
