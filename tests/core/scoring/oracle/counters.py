"""Counters: for every row, how many or how much of something there is in its scope so far."""

from fractions import Fraction

from tests.core.scoring.oracle.awards import booked, decided, stages
from tests.core.scoring.oracle.rows import scope_of


def count(counter, row, case):
    """The value of a counter on a row."""
    scope = scope_of(row, counter.get("per", ["unit", "item"]), case, counter.get("period"))
    found = [
        other
        for other in case.rows
        if other["standing"]
        and booked(other, case)[1] != "never"
        and (not counter.get("running", True) or place(other) <= place(row))
        and scope_of(other, counter.get("per", ["unit", "item"]), case, counter.get("period")) == scope
        and is_counted(counter, other, case)
    ]
    if "sum" in counter:
        name = case.title_of(counter["sum"])
        return over_facts(found, lambda other: other["facets"].get(name) or Fraction(0))
    if "max" in counter:
        return max((value for other in found for value in values(counter, other, case)), default=Fraction(0))
    if counter.get("count") == "points":
        return over_facts(found, lambda other: sum(values(counter, other, case), Fraction(0)))
    what = "item" if counter.get("count") == "items" else "fact"
    return Fraction(
        len({other["facets"]["item"] if what == "item" else other["fact"]["id"] for other in found})
    )


def place(row):
    """The place in the register."""
    return row["fact"]["on"], row["fact"]["number"]


def is_counted(counter, row, case):
    """A row that satisfies the conditions; with awards or stages, one with a line of them that is not zero."""
    if not case.fits(counter, row):
        return False
    return not by_lines(counter) or any(values(counter, row, case))


def by_lines(counter):
    return bool(
        counter.get("awards")
        or counter.get("stages")
        or "points" in (counter.get("count"), counter.get("max"))
    )


def values(counter, row, case):
    """The values of the row's lines the counter speaks of; a stage not spoken of is not even decided."""
    awards, wanted = counter.get("awards", []), counter.get("stages", [])
    found = []
    for stage, listed in stages(case).items():
        if awards or wanted:
            listed = [award for award in listed if stage in wanted or award["id"] in awards]
        if listed:
            award, value, why = decided(stage, row, case)
            found += [value] if award in listed and value and not why else []
    return found


def over_facts(rows, amount):
    """The sum over different facts: of the rows of one fact the first counts."""
    first = {}
    for row in rows:
        first.setdefault(row["fact"]["id"], row)
    return sum((amount(row) for row in first.values()), Fraction(0))
