"""Transactions: changes to the store that can be undone together."""


class NoTransaction(Exception):
    """No transaction is open."""


class Transactions:
    """The store, as seen and changed through transactions."""

    def __init__(self, store):
        self._store = store
        # For each open transaction, the innermost last: what the keys it has touched were before.
        self._open = []

    def get(self, key):
        return self._store.get(key)

    def count(self, value):
        return self._store.count(value)

    def put(self, key, value):
        """Give the key a value, or take it away with None."""
        if self._open:
            self._open[-1].setdefault(key, self._store.get(key))
        self._store.put(key, value)

    def begin(self):
        """Open a transaction inside the current one."""
        self._open.append({})

    def rollback(self):
        """Undo the innermost transaction and close it."""
        for key, before in self._close().items():
            self._store.put(key, before)

    def commit(self):
        """Close the innermost transaction and keep its changes."""
        closed = self._close()
        if self._open:
            for key, before in closed.items():
                self._open[-1].setdefault(key, before)

    def changes(self):
        """What the innermost transaction has changed: a list of (key, before, now), by key."""
        if not self._open:
            raise NoTransaction
        touched = self._open[-1]
        changes = [(key, touched[key], self._store.get(key)) for key in sorted(touched)]
        return [(key, before, now) for key, before, now in changes if before != now]

    def _close(self):
        if not self._open:
            raise NoTransaction
        return self._open.pop()
