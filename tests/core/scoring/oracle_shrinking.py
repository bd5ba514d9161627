"""Make a failing case small: leave out facts, blocks and keys as long as it goes on failing."""

import copy


def smaller(case, fails, rounds=6):
    """The smallest case found from which nothing more can be left out; `fails` says whether one still fails."""
    for _ in range(rounds):
        before = size(case)
        for path in list(parts(case)):
            shorter = without(case, path)
            if shorter is not None and fails(shorter):
                case = shorter
        if size(case) == before:
            return case
    return case


def size(case):
    return len(repr(case))


def parts(case):
    """What may be left out, the largest first, from the end so that the places before it stay."""
    yield from (("register", "facts", n) for n in reversed(range(len(case.register["facts"]))))
    yield from (("register", "units", name) for name in strangers(case))
    yield from (("register", "closings", n) for n in reversed(range(len(case.register["closings"]))))
    yield from (("scoring", name) for name in list(case.scoring))
    for name, block in case.scoring.items():
        if isinstance(block, list):
            yield from (("scoring", name, n) for n in reversed(range(len(block))))
            yield from (("scoring", name, n, key) for n, each in enumerate(block) for key in keys(each))
        elif isinstance(block, dict):
            yield from (("scoring", name, key) for key in list(block))
    for n, fact in enumerate(case.register["facts"]):
        yield from (("register", "facts", n, key) for key in keys(fact))
        yield from (("register", "facts", n, "units", m) for m in reversed(range(len(fact.get("units", [])))))
    yield from (("calendar", key) for key in list(case.calendar))


def strangers(case):
    """Units nobody speaks of: leaving out one that is named would turn it into an unknown one."""
    told = repr([case.register["facts"], list(case.register["units"].values()), case.scoring])
    return [name for name in reversed(list(case.register["units"])) if repr(name) not in told]


def keys(block):
    return list(block) if isinstance(block, dict) else []


def without(case, path):
    """The case without one part, or None when that part is no longer there."""
    shorter = copy.deepcopy(case)
    inside = getattr(shorter, path[0])
    try:
        for step in path[1:-1]:
            inside = inside[step]
        del inside[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return shorter
