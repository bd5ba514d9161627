"""One rule set over one register: what its names mean, and the values of its rows."""

from tests.core.scoring.oracle import formulas
from tests.core.scoring.oracle.counters import count
from tests.core.scoring.oracle.reading import ranked, titles
from tests.core.scoring.oracle.rows import RowScope, rows_of, satisfies, spelling


class Case:
    """Rows of a rule set; counters and decisions are worked out when asked for, and remembered."""

    def __init__(self, pack, rules, register, accounts="units"):
        self.rules, self.register, self.accounts = rules, register, accounts
        lines = [*rules.get("awards", []), *rules.get("quotas", [])]
        self.pack = {**pack, "words": {**pack["words"], "award": ranked(titles(lines))}}
        self.calendar = pack["period calendar"]
        self.spelled = spelling(pack, rules)
        self.names = frozenset(self.spelled)
        self.rows = rows_of(register, pack, accounts)
        self.counters = {each["id"]: each for each in rules.get("counters", [])}
        self.counted, self.decisions = {}, {}

    def facet(self, row, name):
        """A facet or a counter of a row."""
        name = self.spelled[name]
        if name not in self.counters:
            return row["facets"].get(name)
        known = (id(row), name)
        if known not in self.counted:
            self.counted[known] = "in work"
            self.counted[known] = count(self.counters[name], row, self)
        if self.counted[known] == "in work":
            raise ValueError(f"counter {name} needs itself")
        return self.counted[known]

    def formula(self, text, row, **more):
        """The value of a formula for a row."""
        return formulas.work_out(formulas.read(text, self.names), RowScope(row, self, **more))

    def fits(self, block, row):
        """Whether the `when`/`of` and `where` of a block hold for a row."""
        condition = block.get("when") or block.get("of") or {}
        if not satisfies(condition, lambda name: self.facet(row, name), self.pack, self.spelled):
            return False
        return "where" not in block or self.formula(block["where"], row) is True

    def table(self, name):
        return next(each for each in self.rules["tables"] if name in {each["id"], each["title"]})

    def title_of(self, name):
        return self.spelled[name]
