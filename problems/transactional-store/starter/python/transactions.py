"""Transactions: changes to the store that can be undone together."""


class NoTransaction(Exception):
    """No transaction is open."""


class Transactions:
    """The store, as seen and changed through transactions."""

    def __init__(self, store):
        self._store = store

    def get(self, key):
        return self._store.get(key)

    def count(self, value):
        return self._store.count(value)

    def put(self, key, value):
        """Give the key a value, or take it away with None."""
        self._store.put(key, value)

    def begin(self):
        """Open a transaction inside the current one."""

    def rollback(self):
        """Undo the innermost transaction and close it."""
        raise NoTransaction

    def commit(self):
        """Close the innermost transaction and keep its changes."""
        raise NoTransaction

    def changes(self):
        """What the innermost transaction has changed: a list of (key, before, now), by key."""
        raise NoTransaction
