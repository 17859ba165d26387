def diff_config(before, after):
    """List the operations that turn `before` into `after`, in the order to apply them.

    Both are parsed JSON. An operation is {"op": "add" | "remove" | "replace", "path": str, "value": …},
    and a removal has no "value".
    """
    return []
