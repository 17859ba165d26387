from collections import deque

NEVER = -1


def rate_limit(limit, window_ms, requests):
    """Decide on each request: 0 to accept it, the milliseconds to wait, or -1 for never."""
    budgets = {}
    answers = []
    for request in requests:
        budget = budgets.setdefault(request["client"], Budget(limit, window_ms))
        answers.append(budget.ask(request["at"], request["cost"]))
    return answers


class Budget:
    """What one client has spent in the current window."""

    def __init__(self, limit, window_ms):
        self.limit = limit
        self.window_ms = window_ms
        self.accepted = deque()  # (at, cost), oldest first
        self.spent = 0

    def ask(self, at, cost):
        if cost > self.limit:
            return NEVER
        self._free(at)
        excess = self.spent + cost - self.limit
        if excess > 0:
            return self._freed_at(excess) - at
        self.accepted.append((at, cost))
        self.spent += cost
        return 0

    def _free(self, now):
        while self.accepted and self.accepted[0][0] + self.window_ms <= now:
            self.spent -= self.accepted.popleft()[1]

    def _freed_at(self, units):
        """The moment at which at least `units` of what is spent are free again."""
        for at, cost in self.accepted:
            units -= cost
            if units <= 0:
                return at + self.window_ms
        raise AssertionError("a client never waits for more than it has spent")
