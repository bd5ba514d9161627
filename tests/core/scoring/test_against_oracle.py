"""Engine and oracle on random packs and random facts: the same lines, totals, measures and places.

Hypothesis does not shrink here; the case that failed is printed with its seed. YAOQING_ORACLE_EXAMPLES=5000 tries
more, YAOQING_ORACLE_SEED=… repeats a run, YAOQING_ORACLE_SHRINK=1 looks for a smaller case.
"""

import os
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.core.scoring.engine_adapter import by_engine
from tests.core.scoring.oracle import score
from tests.core.scoring.oracle.tasks import is_task_key
from tests.core.scoring.oracle_packs import cases

EXAMPLES = int(os.environ.get("YAOQING_ORACLE_EXAMPLES", "300"))
SEED = int(os.environ.get("YAOQING_ORACLE_SEED", "20240506"))
SHRINK = [Phase.shrink] if os.environ.get("YAOQING_ORACLE_SHRINK") else []
NOTHING = {"score": 0, "before": 0, "cumulative": 0}
law = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    print_blob=True,
    phases=[Phase.generate, *SHRINK],
    suppress_health_check=list(HealthCheck),
)


@seed(SEED)
@law
@given(case=cases())
def test_the_engine_and_the_oracle_agree(case):
    ours, theirs = score(case.texts, case.register, case.period), by_engine(case)

    assert differences(ours, theirs) == []


def differences(ours, theirs):
    """Everything the oracle (ours) and the engine (theirs) do not agree on, in words."""
    return [*different_lines(ours, theirs), *different_rows(ours, theirs), *different_choices(ours, theirs)]


def different_lines(ours, theirs):
    # Lines without an award only say why there is nothing; whether they count shows in the measures.
    mine = Counter(line_key(e) for e in ours["entries"] if e["award"] and in_year(e, ours["window"]))
    yours = Counter(line_key(e) for e in theirs["entries"] if e["award"])
    found = [f"oracle only: {shown(key)}" for key in (mine - yours).elements()]
    return found + [f"engine only: {shown(key)}" for key in (yours - mine).elements()]


def in_year(entry, window):
    """Whether an entry is credited within the scoring year and not after the period."""
    return window["year"] <= entry["credited"] <= window["end"]


def line_key(entry):
    """What both must say of a line; the reason of a nothing only where there was something to lose."""
    fact = "" if is_task_key(entry["fact"]) else entry["fact"]
    lost = fact and entry["amount"] == 0 and entry["value"] != 0
    status = entry["status"] if lost else ""
    value = entry["value"] if entry["amount"] != 0 else 0
    return (entry["credited"], entry["account"], fact, entry["award"], value, entry["amount"], status)


def shown(key):
    day, account, fact, award, value, amount, status = key
    return f"{day} {account} {fact or 'task'} {award}: {value} -> {amount} {status}"


def different_rows(ours, theirs):
    found = []
    if set(ours["places"]) != set(theirs["rows"]):
        found.append(f"ranked by the oracle {sorted(ours['places'])}, by the engine {sorted(theirs['rows'])}")
    for unit, row in theirs["rows"].items():
        for name, value in row_of(ours, unit).items():
            if row[name] != value:
                found.append(f"{unit} {name}: oracle {plain(value)}, engine {plain(row[name])}")
    return found


def row_of(ours, unit):
    """A ranked unit's row as the oracle sees it."""
    place = ours["places"].get(unit, {"place": None, "tied": None})
    return {
        "place": place["place"],
        "tied": place["tied"],
        "further": {name: places[unit] for name, places in ours["further"].items() if unit in places},
        **ours["totals"][unit],
        "measures": ours["measures"][unit],
        "components": ours["components"][unit],
    }


def different_choices(ours, theirs):
    """Persons, prizes and lists."""
    mine = {
        "persons": {person: ours["persons"].get(person, NOTHING) for person in theirs["persons"]},
        "lists": ours["lists"],
        "winners": {
            name: by_group(prize["winners"], theirs["groups"]) for name, prize in ours["prizes"].items()
        },
        "barred": {name: set(prize["barred"]) for name, prize in ours["prizes"].items()},
    }
    yours = {
        "persons": theirs["persons"],
        "lists": theirs["lists"],
        "winners": {
            name: by_group(prize["winners"], theirs["groups"]) for name, prize in theirs["prizes"].items()
        },
        "barred": {name: prize["barred"] for name, prize in theirs["prizes"].items()},
    }
    return [
        f"{what}: oracle {mine[what]}, engine {yours[what]}" for what in mine if mine[what] != yours[what]
    ]


def by_group(winners, groups):
    """Winners group by group in their order; authors and items have no official order that could part the tied."""
    found = {}
    for winner in winners:
        found.setdefault(groups.get(winner), []).append(winner)
    return {group: members if group else set(members) for group, members in found.items()}


def plain(value):
    return {name: str(each) for name, each in value.items()} if isinstance(value, dict) else str(value)
