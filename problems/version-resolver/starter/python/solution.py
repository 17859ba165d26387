def resolve_versions(registry, wanted):
    """Choose a version of every package that has to be installed, or return None.

    registry: for each package name, a list of {"version": str, "needs": {name: constraint}}
    wanted: the project's own needs, as {name: constraint}
    """
    return {}
