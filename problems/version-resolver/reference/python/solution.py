import re
from functools import cache

CONSTRAINT = re.compile(r"(>=|<=|[<>~^]?)(\d+\.\d+\.\d+)")


def resolve_versions(registry, wanted):
    """Choose a version of every package that has to be installed, or return None."""
    newest_first = {
        name: sorted(releases, key=lambda release: parse(release["version"]), reverse=True)
        for name, releases in registry.items()
    }
    possible = narrow({}, wanted, newest_first)
    return None if possible is None else search({}, possible, newest_first)


def search(chosen, possible, registry):
    """The first solution that completes what is chosen, or None.

    possible: for each package that has to be installed, the releases that all needs so far allow
    """
    open_names = possible.keys() - chosen.keys()
    if not open_names:
        return chosen
    name = min(open_names)
    for release in possible[name]:
        narrowed = narrow(possible | {name: [release]}, release["needs"], registry)
        if narrowed is not None:
            solution = search(chosen | {name: release["version"]}, narrowed, registry)
            if solution is not None:
                return solution
    return None


def narrow(possible, needs, registry):
    """What is still possible once these needs have to be met; None if they cannot be."""
    narrowed = dict(possible)
    for name, constraint in needs.items():
        candidates = narrowed.get(name, registry.get(name, []))
        narrowed[name] = [
            release for release in candidates if allows(constraint, release["version"])
        ]
        if not narrowed[name]:
            return None
    return narrowed


@cache
def allows(constraint, version):
    if constraint == "*":
        return True
    return all(part_allows(part, parse(version)) for part in constraint.split())


def part_allows(part, version):
    sign, bound = CONSTRAINT.fullmatch(part).groups()
    bound = parse(bound)
    match sign:
        case "":
            return version == bound
        case ">=":
            return version >= bound
        case ">":
            return version > bound
        case "<=":
            return version <= bound
        case "<":
            return version < bound
        case "~":
            return version >= bound and version[:2] == bound[:2]
        case "^":
            fixed = significant(bound)
            return version >= bound and version[:fixed] == bound[:fixed]


def significant(version):
    """How many numbers there are up to the leftmost that is not zero, or all of them."""
    return next((place for place, number in enumerate(version, start=1) if number), 3)


def parse(version):
    return tuple(map(int, version.split(".")))
