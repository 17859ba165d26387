"""Parsing: from a line of input to a command and its arguments."""

import re

# For each command, how to use it, and the pattern of its arguments.
COMMANDS = {
    "SET": ("SET <key> <value>", r"^(\S+)\s+(\S+)"),
    "GET": ("GET <key>", r"^(\S+)$"),
    "UNSET": ("UNSET <key>", r"^(\S+)$"),
    "COUNT": ("COUNT <value>", r"^(\S+)"),
    "BEGIN": ("BEGIN", r"^$"),
    "ROLLBACK": ("ROLLBACK", r"^$"),
    "COMMIT": ("COMMIT", r"^$"),
    "CHANGES": ("CHANGES", r"^$"),
}


class CommandError(Exception):
    """The line is not a command; the message says why."""


def parse(line):
    """Return the name and the arguments of the command on this line."""
    name, _, rest = line.strip().partition(" ")
    if name not in COMMANDS:
        raise CommandError(f"unknown command {name}")
    usage, pattern = COMMANDS[name]
    found = re.match(pattern, rest.strip())
    if found is None:
        raise CommandError(f"usage: {usage}")
    return name, found.groups()
