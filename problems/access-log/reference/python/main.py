import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field

OPTIONS = re.compile(r"window=(\d+) top=(\d+)")


@dataclass
class Entry:
    """One answered request."""

    time: int
    path: str
    failed: bool
    millis: int


@dataclass
class Traffic:
    """What is reported of one path in one window."""

    millis: list[int] = field(default_factory=list)
    errors: int = 0

    def add(self, entry):
        self.millis.append(entry.millis)
        self.errors += entry.failed

    def describe(self, path):
        return f"  {path} count={len(self.millis)} errors={self.errors} p95={self._p95()}"

    def _p95(self):
        rank = (95 * len(self.millis) + 99) // 100
        return sorted(self.millis)[rank - 1]


def report(lines):
    """Return the lines of the report on an access log; the first line holds its options."""
    window, top = map(int, OPTIONS.match(lines[0]).groups())
    windows = defaultdict(lambda: defaultdict(Traffic))
    skipped = 0
    for line in filter(str.strip, lines[1:]):
        entry = parse(line)
        if entry is None:
            skipped += 1
        else:
            windows[entry.time - entry.time % window][entry.path].add(entry)

    printed = []
    for start, paths in sorted(windows.items()):
        printed.append(f"window {start}")
        printed += [traffic.describe(path) for path, traffic in busiest(paths)[:top]]
    return printed + [f"skipped {skipped}"]


def parse(line):
    """The entry on this line, or None if the line is broken."""
    fields = line.split()
    if len(fields) != 5:
        return None
    time, _, target, status, millis = fields
    if not all(map(is_number, (time, status, millis))):
        return None
    if not 100 <= int(status) <= 599 or not target.startswith("/"):
        return None
    return Entry(int(time), target.split("?")[0], int(status) >= 500, int(millis))


def is_number(text):
    return text.isascii() and text.isdigit()


def busiest(paths):
    return sorted(paths.items(), key=lambda item: (-len(item[1].millis), item[0]))


if __name__ == "__main__":
    print("\n".join(report(sys.stdin.read().splitlines())))
