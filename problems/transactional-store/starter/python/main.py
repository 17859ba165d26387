"""The store's command line: reads commands, prints replies."""

import sys

from command import CommandError, parse
from store import Store
from transactions import NoTransaction, Transactions


def main():
    transactions = Transactions(Store())
    for line in sys.stdin:
        if line.strip():
            for reply in execute(transactions, line):
                print(reply)


def execute(transactions, line):
    """Carry out one line of input; return the lines of the reply."""
    try:
        name, arguments = parse(line)
        return ACTIONS[name](transactions, *arguments) or []
    except CommandError as error:
        return [f"ERROR {error}"]
    except NoTransaction:
        return ["NO TRANSACTION"]


def describe_changes(transactions):
    changes = [
        f"{key}: {or_null(before)} -> {or_null(now)}"
        for key, before, now in transactions.changes()
    ]
    return changes or ["NO CHANGES"]


def or_null(value):
    return "NULL" if value is None else value


ACTIONS = {
    "SET": lambda transactions, key, value: transactions.put(key, value),
    "GET": lambda transactions, key: [or_null(transactions.get(key))],
    "UNSET": lambda transactions, key: transactions.put(key, None),
    "COUNT": lambda transactions, value: [str(transactions.count(value))],
    "BEGIN": lambda transactions: transactions.begin(),
    "ROLLBACK": lambda transactions: transactions.rollback(),
    "COMMIT": lambda transactions: transactions.commit(),
    "CHANGES": describe_changes,
}


if __name__ == "__main__":
    main()
