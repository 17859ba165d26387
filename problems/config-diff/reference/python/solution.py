def diff_config(before, after):
    """List the operations that turn `before` into `after`, in the order to apply them."""
    return list(diff("", before, after))


def diff(path, before, after):
    if isinstance(before, dict) and isinstance(after, dict):
        yield from diff_objects(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from diff_lists(path, before, after)
    elif not same(before, after):
        yield {"op": "replace", "path": path, "value": after}


def diff_objects(path, before, after):
    for key in sorted(before.keys() | after.keys()):
        place = f"{path}/{escape(key)}"
        if key not in after:
            yield {"op": "remove", "path": place}
        elif key not in before:
            yield {"op": "add", "path": place, "value": after[key]}
        else:
            yield from diff(place, before[key], after[key])


def diff_lists(path, before, after):
    front = common_length(before, after)
    old, new = before[front:], after[front:]
    back = common_length(old[::-1], new[::-1])
    old, new = old[: len(old) - back], new[: len(new) - back]

    paired = min(len(old), len(new))
    for index in range(paired):
        yield from diff(f"{path}/{front + index}", old[index], new[index])
    for _ in old[paired:]:
        yield {"op": "remove", "path": f"{path}/{front + paired}"}
    for index, value in enumerate(new[paired:], start=front + paired):
        yield {"op": "add", "path": f"{path}/{index}", "value": value}


def common_length(one, other):
    """How many elements two lists have in common at the front."""
    length = 0
    for left, right in zip(one, other):
        if not same(left, right):
            break
        length += 1
    return length


def same(one, other):
    """Equality of JSON values; Python's own says that 1 == True."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def escape(key):
    return key.replace("~", "~0").replace("/", "~1")
