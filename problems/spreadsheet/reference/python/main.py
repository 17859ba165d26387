"""The spreadsheet's command line: reads commands, prints answers."""

import sys

from sheet import Sheet


def main():
    sheet = Sheet()
    for line in sys.stdin:
        if line.strip():
            for answer in execute(sheet, line.strip()):
                print(answer)


def execute(sheet, line):
    """Carry out one command; return the lines of the answer."""
    command, cell, *content = line.split(maxsplit=2)
    if command == "SET":
        sheet.put(cell, content[0])
    elif command == "CLEAR":
        sheet.put(cell, "")
    elif command == "GET":
        return [f"{cell} = {show(sheet.value(cell))}"]
    elif command == "DEPENDENTS":
        return [" ".join(sheet.dependents(cell)) or "none"]
    return []


def show(value):
    return "(empty)" if value is None else str(value)


if __name__ == "__main__":
    main()
