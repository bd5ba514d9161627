"""Awards: which one a row earns in each stage, what it is worth, and on which day it counts."""

from datetime import timedelta
from fractions import Fraction

from core.scoring.values.periods import period_containing, plain_month
from tests.core.scoring.oracle.reading import as_day, by_day, in_force, path, plain
from tests.core.scoring.oracle.rows import taken_back_by


def stages(case):
    """The awards of every stage, in the order written."""
    found = {}
    for award in case.rules.get("awards", []):
        kinds = award["when"].get("fact")
        stage = award.get("stage") or (kinds[0] if isinstance(kinds, list) else kinds)
        found.setdefault(stage, []).append(award)
    return found


def decided(stage, row, case):
    """The award a row earns in a stage, its value, and why it may be nothing; remembered."""
    known = (id(row), stage)
    if known not in case.decisions:
        case.decisions[known] = None
        case.decisions[known] = decide(stage, row, case)
    if case.decisions[known] is None:
        raise ValueError(f"stage {stage} needs itself")
    return case.decisions[known]


def decide(stage, row, case):
    fitting = [award for award in stages(case)[stage] if case.fits(award, row)]
    if not fitting:
        return None, Fraction(0), "no award"
    # max() keeps the first of equals: the one written first.
    award = max(fitting, key=lambda each: (in_time(each, row), nearness(each, row, case)))
    return award, *valued(award, row, case)


def in_time(award, row):
    """Whether an award is in force on the day of the fact."""
    on = row["fact"]["on"]
    return by_day(award["points"])[0][0] <= on and ("until" not in award or on <= as_day(award["until"]))


def nearness(award, row, case):
    """How deep in the tree the award names the fact's outlet; not naming it comes last."""
    for name, written in award["when"].items():
        if case.title_of(name) == "outlet":
            words = case.pack["words"]["outlet"]
            written = written.get("in", written.get("=", [])) if isinstance(written, dict) else written
            written = written if isinstance(written, list) else [written]
            nodes = [words[each][0] for each in written]
            around = path(case.pack["tree"], row["facets"].get("outlet"))
            return max((case.pack["tree"][node]["depth"] for node in nodes if node in around), default=-1)
    return -1


def valued(award, row, case):
    """What an award is worth for a row: a number, a formula, or a value within limits."""
    if not in_time(award, row):
        return Fraction(0), "not in force"
    value, why = worth(award, row, case)
    return (value, "too late") if not why and booked(row, case)[1] == "never" else (value, why)


def worth(award, row, case):
    """The value in force on the day of the fact."""
    rule = in_force(award["points"], row["fact"]["on"])
    if isinstance(rule, str):
        rule = {"formula": rule}
    if not isinstance(rule, dict):
        return plain(rule), ""
    if "from" in rule:
        return chosen_by_office(rule, row["facets"].get(case.title_of(rule["from"])))
    value = plain(rule["amount"]) if "amount" in rule else case.formula(rule["formula"], row)
    return (Fraction(0), "missing") if value is None else (cut_to(rule, value), "")


def chosen_by_office(rule, value):
    """A value set case by case must lie within its limits."""
    if value is None:
        return Fraction(0), "missing"
    inside = value >= plain(rule.get("min", value)) and value <= plain(rule.get("max", value))
    return (value, "") if inside else (Fraction(0), "outside")


def cut_to(rule, value):
    if "min" in rule:
        value = max(value, plain(rule["min"]))
    return min(value, plain(rule["max"])) if "max" in rule else value


def booked(row, case):
    """The day of credit of a row, and “never” when it came too late to count."""
    day, never = by_rules(row, case)
    return first_open(day, row["fact"]["number"], case), never


def first_open(day, number, case):
    """The first day from this one on that was not closed when a fact of this number was registered."""
    if case.pack["scoring"].get("after_close", "back") == "forward":
        for closing in sorted(case.register["closings"], key=lambda each: each["end"]):
            if closing["start"] <= day <= closing["end"] and number >= closing["after"]:
                day = closing["end"] + timedelta(days=1)
    return day


def keep_closed(case):
    """A fact withdrawn after its period was closed stands, and gets a counter-line on the first open day."""
    for row in case.rows:
        withdrawal = taken_back_by(row["fact"], case.register["facts"])
        if withdrawal is not None:
            day = booked(row, case)[0]
            open_day = first_open(day, withdrawal["number"], case)
            if open_day != day:
                row.update(standing=True, offset=open_day)


def counter_lines(lines):
    """The lines that take back what was withdrawn after its period was closed."""
    found = [line for line in lines if line["row"]["offset"] and line["amount"] != 0]
    return [
        {**line, "amount": -line["amount"], "status": "offset", "credited": line["row"]["offset"]}
        for line in found
    ]


def by_rules(row, case):
    fact = row["fact"]
    for block in case.pack["scoring"].get("booking", []):
        if case.fits(block, row):
            name = case.title_of(block.get("day", "on"))
            day = row["facets"].get(name) or fact["on"]
            if "days" in block and late(block, day, fact["recorded"], case):
                return (fact["recorded"], "") if block.get("late", "next") == "next" else (day, "never")
            return day, ""
    return fact["on"], ""


def late(block, day, recorded, case):
    kind = block.get("period", "month")
    period = (
        plain_month(case.calendar, day) if kind == "month" else period_containing(case.calendar, day, kind)
    )
    return recorded > period.end + timedelta(days=int(block["days"]))


def lines_of(case):
    """One line for every row and stage with an award; a row without any award has one empty line."""
    keep_closed(case)
    lines = []
    for row in case.rows:
        found = [(stage, *decided(stage, row, case)) for stage in stages(case)]
        found = [each for each in found if each[1] is not None] or [(None, None, Fraction(0), "no award")]
        lines += [line_of(row, *each, case) for each in found]
    once_per(lines, case)
    return lines


def line_of(row, stage, award, value, why, case):
    order = case.rules.get("awards", []).index(award) if award else -1
    status = "live" if row["standing"] else "reversed"
    return {
        "row": row,
        "account": row["account"],
        "award": award["id"] if award else None,
        "rule": award,
        "stage": stage,
        "order": (row["fact"]["on"], row["fact"]["number"], order, row["facets"]["position"]),
        "value": value,
        "share": value,
        "amount": value if row["standing"] and not why else Fraction(0),
        "status": "uncredited" if status == "live" and why else status,
        "why": why,
        "credited": booked(row, case)[0],
    }


def once_per(lines, case):
    """Of the lines of a stage with the same values of the names listed, only the first worth something counts."""
    seen = set()
    for line in sorted(lines, key=lambda each: each["order"]):
        names = (line["rule"] or {}).get("once_per")
        if names and line["amount"] != 0:
            values = tuple(case.facet(line["row"], name) for name in names)
            scope = (line["account"], line["stage"], tuple(names), values)
            if scope in seen:
                line.update(amount=Fraction(0), status="superseded")
            seen.add(scope)
