"""Numbers of units: measures, components and totals over a span of days."""

from datetime import timedelta
from fractions import Fraction

from core.scoring.values.periods import plain_month, previous, year_of
from tests.core.scoring.oracle import formulas
from tests.core.scoring.oracle.reading import plain
from tests.core.scoring.oracle.rows import (
    RowScope,
    look_up,
    satisfies,
    spelling,
    unit_facets,
)  # fmt: skip

BUILT_IN = {
    "台账得分": "entries", "月数": "months", "得分": "score", "本期得分": "score", "此前累计": "before",
    "累计得分": "cumulative",
}  # fmt: skip
OF_LINES = ("award", "stage", "status")
OF_TASKS = ("done", "need", "missing", "extra", "met", "rate")


class Board:
    """The lines of a rule set, and what they come to for every unit. A window is a period with its neighbour before."""

    def __init__(self, case, lines, window):
        self.case, self.lines, self.window = case, lines, window
        self.measures = {each["id"]: each for each in case.rules.get("measures", [])}
        self.components = {each["id"]: each for each in case.rules.get("components", [])}
        own = {name: name for name in (*BUILT_IN.values(), *OF_TASKS, *OF_LINES)}
        self.spelled = spelling(case.pack, case.rules, "measures", "components") | BUILT_IN | own
        self.line_spelled = case.spelled | {name: name for name in (*OF_TASKS, *OF_LINES)}
        self.names = frozenset(self.spelled)
        self.known = {}

    def formula(self, text, unit, span, window, **more):
        """A unit-level formula for a unit, over a span; `window` is the period it is about."""
        return formulas.work_out(formulas.read(text, self.names), UnitScope(self, unit, span, window, more))

    def own(self, text, unit):
        """A unit-level formula over the scored period itself."""
        return self.formula(text, unit, (self.window["start"], self.window["end"]), self.window)

    def accounts(self):
        """Everybody who has a line, and every registered unit."""
        own = list(self.case.register["units"]) if self.case.accounts == "units" else []
        return list(dict.fromkeys([*own, *(line["account"] for line in self.lines)]))

    def facets(self, account):
        """What is known of the unit of an account; None when it is no unit."""
        unit = self.case.register["units"].get(account)
        if self.case.accounts == "persons":
            unit = next(row["unit"] for row in self.case.rows if row["account"] == account)
        return unit_facets(unit) if unit else None

    def once(self, key, work):
        """A number is worked out once; one that needs itself is a mistake of the pack."""
        if key not in self.known:
            self.known[key] = "in work"
            self.known[key] = work()
        if isinstance(self.known[key], str):
            raise ValueError(f"{key} needs itself")
        return self.known[key]

    # ---- measures

    def measure(self, name, account, span, window):
        rule = self.measures[name]
        days = span_over(rule.get("over", "period"), span, window, self.case.calendar)
        found = [line for line in self.lines if self.counts(rule, line, account, days)]
        # A counter-line is no further fact, but it takes points back.
        lines = [line for line in found if line["status"] != "offset"]
        if "max" in rule:
            return max((line["amount"] for line in lines), default=Fraction(0))
        if rule.get("sum") == "points":
            return sum((line["amount"] for line in found), Fraction(0))
        if "sum" in rule:
            return sum(self.once_per_fact(lines, rule["sum"]), Fraction(0))
        return Fraction(len(self.different(lines, rule["count"])))

    def counts(self, rule, line, account, days):
        """Whether a measure looks at a line."""
        if line["account"] != account or days is None or not days[0] <= line["credited"] <= days[1]:
            return False
        if line["status"] in {"reversed", "moved"}:
            return False
        scope = LineScope(line, self)
        if not satisfies(rule.get("where", {}), scope.value, self.case.pack, self.line_spelled):
            return False
        return "when" not in rule or formulas.truth(formulas.read(rule["when"], self.names), scope)

    def once_per_fact(self, lines, attribute):
        """The values of a number over different facts."""
        found = {}
        for line in lines:
            value = LineScope(line, self).value(attribute)
            found.setdefault(line["row"]["fact"]["id"], value or Fraction(0))
        return found.values()

    def different(self, lines, what):
        """The different facts, items, or values of an attribute; every task is a fact and an item of its own."""
        if what == "facts":
            return {line["row"]["fact"]["id"] for line in lines}
        if what == "items":
            return {line["row"]["facets"]["item"] for line in lines}
        return {LineScope(line, self).value(what) for line in lines} - {None}

    # ---- components and totals

    def component(self, name, unit, span, window):
        key = name, unit, span, window["start"], window["end"]
        return self.once(key, lambda: self.worked(name, unit, span, window))

    def worked(self, name, unit, span, window):
        rule = self.components[name]
        value = self.formula(rule["formula"], unit, span, window)
        if value is None:
            return None
        if "places" in rule:
            value = formulas.rounded(value, int(rule["places"]))
        for bound, cut in (("min", max), ("max", min)):
            if bound in rule:
                limit = rule[bound]
                limit = self.formula(limit, unit, span, window) if isinstance(limit, str) else plain(limit)
                value = value if limit is None else cut(value, limit)
        return value

    def entries(self, account, span):
        """The plain sum of an account's lines over a span."""
        mine = [line for line in self.lines if line["account"] == account]
        return sum((line["amount"] for line in mine if span[0] <= line["credited"] <= span[1]), Fraction(0))

    def total(self, what, unit, window):
        """`score`, `before` or `cumulative` of a unit."""
        return self.once(
            (what, unit, window["start"], window["end"]), lambda: self.summed(what, unit, window)
        )

    def summed(self, what, unit, window):
        span = spans(window, self.case.calendar)[what]
        text = self.case.rules.get("total")
        if text is None or self.facets(unit) is None:
            return self.entries(unit, span)
        value = self.formula(text, unit, span, window)
        return Fraction(0) if value is None else value

    # ---- who competes with whom

    def ranked_units(self, window):
        """Units of competing groups that take part on some day of a period and satisfy `among`."""
        key = ("ranked", window["start"], window["end"])
        if key not in self.known:
            self.known[key] = [unit for unit in self.case.register["units"] if self.competes(unit, window)]
            among = self.case.rules.get("ranking", {}).get("among")
            if among:
                span = window["start"], window["end"]
                holding = [
                    unit for unit in self.known[key] if self.formula(among, unit, span, window) is True
                ]
                self.known[key] = holding
        return self.known[key]

    def competes(self, name, window):
        unit = self.case.register["units"][name]
        group = next(
            (each for each in self.case.pack["units"]["groups"] if each["id"] == unit["group"]), None
        )
        competing = group is not None and group.get("competes", True)
        return competing and unit["from"] <= window["end"] and unit["to"] >= window["start"]

    def border(self, name, within=None):
        """What a unit is ranked within, as the ranking says or as asked."""
        unit = self.case.register["units"][name]
        within = within or self.case.rules.get("ranking", {}).get("within", "group")
        return {"group": unit["group"], "class": (unit["group"], unit["class"]), "all": "all"}[within]

    def peers(self, name, window):
        return [
            other
            for other in self.ranked_units(window)
            if self.competes(name, window) and self.border(other) == self.border(name)
        ]


def spans(window, calendar):
    """The days over which `score`, `before` and `cumulative` are taken."""
    year = year_of(calendar, window["start"])
    return {
        "score": (window["start"], window["end"]),
        "before": (year.start, window["start"] - timedelta(days=1)),
        "cumulative": (year.start, window["end"]),
    }


def span_over(over, span, window, calendar):
    """The days a measure looks at when it is asked over a span; `previous` is the period before the window."""
    start, end = span
    year, month = year_of(calendar, window["start"]), plain_month(calendar, end)
    nothing = (start, start - timedelta(days=1))
    return {
        "period": span,
        "year": (year.start, end),
        "before": (year.start, start - timedelta(days=1)),
        "previous": window["previous"],
        "month": (month.start, month.end) if start <= end else nothing,
    }[over]


def window_of(period, calendar):
    """A period and the days of the one before it; the first of a scoring year has none."""
    earlier = previous(calendar, period)
    if earlier and earlier.start < year_of(calendar, period.start).start:
        earlier = None
    return {
        "start": period.start,
        "end": period.end,
        "previous": (earlier.start, earlier.end) if earlier else None,
    }


def months_of(span):
    """How many calendar months a span touches."""
    start, end = span
    return Fraction((end.year - start.year) * 12 + end.month - start.month + 1 if end >= start else 0)


class LineScope(RowScope):
    """The names of a measure's conditions: the facets of the row, and the line's award, stage and status."""

    def __init__(self, line, board):
        super().__init__(line["row"], board.case)
        self.line, self.board = line, board

    def value(self, name):
        name = self.board.line_spelled[name]
        if name in OF_LINES:
            return self.line[name]
        if name in OF_TASKS:
            return self.row["facets"].get(name)
        return self.case.facet(self.row, name)

    def words(self, name):
        return self.case.pack["words"].get(self.board.line_spelled[name], {})

    def around(self, name):
        return super().around(name) if name in self.case.spelled else None


class UnitScope(formulas.Scope):
    """The names of a unit-level formula."""

    def __init__(self, board, unit, span, window, more):
        self.board, self.unit, self.span, self.window, self.more = board, unit, span, window, more

    def value(self, name):
        board, name = self.board, self.board.spelled[name]
        if name in self.more:
            return self.more[name]
        if name in board.measures:
            return board.measure(name, self.unit, self.span, self.window)
        if name in board.components:
            return board.component(name, self.unit, self.span, self.window)
        if name in {"score", "before", "cumulative"}:
            return board.total(name, self.unit, self.window)
        if name == "entries":
            return board.entries(self.unit, self.span)
        if name == "months":
            return months_of(self.span)
        return board.facets(self.unit).get(name)

    def words(self, name):
        return self.board.case.pack["words"].get(self.board.spelled[name], {})

    def table(self, name, keys):
        table = self.board.case.table(name)
        names = [self.board.spelled[key] for key in table["keys"]]
        if keys is None:
            keys = [self.value(key) for key in names]
        return look_up(table, keys, self.span[1], self.board.case.pack, names)

    def across(self):
        return [
            UnitScope(self.board, other, self.span, self.window, {})
            for other in self.board.peers(self.unit, self.window)
        ]
