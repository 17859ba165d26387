from heapq import heapify, heappop, heappush


def plan_build(targets, workers):
    """Plan the build: which worker builds which target, and when."""
    minutes = {target["name"]: target["minutes"] for target in targets}
    needs = {target["name"]: set(target["needs"]) for target in targets}

    missing = set().union(*needs.values()) - needs.keys()
    if missing:
        return plan(missing=sorted(missing))
    wanted_by = invert(needs)
    order = build_order(needs, wanted_by)
    stuck = needs.keys() - set(order)
    if stuck:
        return plan(stuck=sorted(stuck))
    return plan(simulate(minutes, needs, wanted_by, urgencies(minutes, wanted_by, order), workers))


def plan(steps=(), missing=(), stuck=()):
    return {
        "minutes": max((step["end"] for step in steps), default=0),
        "steps": list(steps),
        "missing": list(missing),
        "stuck": list(stuck),
    }


def invert(needs):
    """For each target, the targets that need it."""
    wanted_by = {name: [] for name in needs}
    for name, needed in needs.items():
        for need in needed:
            wanted_by[need].append(name)
    return wanted_by


def build_order(needs, wanted_by):
    """All targets that can be built, each after everything it needs."""
    open_needs = {name: len(needed) for name, needed in needs.items()}
    order = [name for name, count in open_needs.items() if count == 0]
    for name in order:
        for waiting in wanted_by[name]:
            open_needs[waiting] -= 1
            if open_needs[waiting] == 0:
                order.append(waiting)
    return order


def urgencies(minutes, wanted_by, order):
    """For each target, the length of the longest chain of work that begins with it."""
    urgency = {}
    for name in reversed(order):
        longest_wait = max((urgency[waiting] for waiting in wanted_by[name]), default=0)
        urgency[name] = minutes[name] + longest_wait
    return urgency


def simulate(minutes, needs, wanted_by, urgency, workers):
    """Let the workers build everything; return the steps in the order in which they start."""
    open_needs = {name: len(needed) for name, needed in needs.items()}
    ready = [(-urgency[name], name) for name, count in open_needs.items() if count == 0]
    heapify(ready)
    free = list(range(1, workers + 1))
    running = []  # (end, worker, target)
    now = 0
    steps = []
    while ready or running:
        while ready and free:
            _, name = heappop(ready)
            worker = heappop(free)
            end = now + minutes[name]
            heappush(running, (end, worker, name))
            steps.append({"target": name, "worker": worker, "start": now, "end": end})

        now = running[0][0]
        while running and running[0][0] == now:
            _, worker, finished = heappop(running)
            heappush(free, worker)
            for waiting in wanted_by[finished]:
                open_needs[waiting] -= 1
                if open_needs[waiting] == 0:
                    heappush(ready, (-urgency[waiting], waiting))
    return steps
