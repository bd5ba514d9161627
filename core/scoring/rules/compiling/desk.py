"""What every part of a rule set needs to be read: the words it may use, and where to say what does not fit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from core.errors import InvalidInput, PackError, near
from core.packs.content.format import Pack
from core.packs.content.outlets import tree_of
from core.packs.content.sections import Outlets, Place, Units
from core.scoring.rules.conditions import Condition, read_condition
from core.scoring.rules.formula import FormulaError
from core.scoring.rules.rule_book import Limits, Rules
from core.scoring.rules.schema import PersonRules, RuleSet, Scoring
from core.scoring.rules.typed import Formula, Scope, TableValues
from core.scoring.rules.vocabulary import Property, vocabulary
from core.scoring.values.fact import FactKind

FILE = "scoring.yaml"
TOTALS = ("score", "before", "cumulative")
UNIT_WORDS = (
    Property("score", "本期得分", "amount"), Property("before", "此前累计", "amount"),
    Property("cumulative", "累计得分", "amount"), Property("entries", "台账得分", "amount"),
    Property("months", "月数", "integer"),
)  # fmt: skip
TASK_WORDS = (
    Property("done", "完成数", "amount"), Property("need", "任务数", "amount"), Property("missing", "差数", "amount"),
    Property("extra", "超数", "amount"), Property("met", "完成任务", "flag"), Property("rate", "完成率", "amount"),
)  # fmt: skip
POINTS = Property("points", "分值", "amount")
FACT_POINTS = Property("fact_points", "得分", "amount")


class Desk:
    """One rule set of a pack on the table: its declared words, readers of formulas and conditions, errors found.

    `base` is where the rule set stands in `file`; `main` are the rules of scoring.yaml when this is a further rule
    set; `priced` lets formulas read `fact_points`.
    """

    def __init__(
        self, pack: Pack, rule_set: RuleSet, kinds: Iterable[FactKind], *, base: Place = (), file: str = FILE,
        main: Rules | None = None, accounts: Literal["units", "persons"] | None = None, priced: bool = False,
    ):  # fmt: skip
        self.pack, self.rule_set, self.units = pack, rule_set, pack.get(Units)
        self.base, self.file, self.main = base, file, main
        self.accounts: Literal["units", "persons"] = accounts or (
            "persons" if isinstance(rule_set, PersonRules) else "units"
        )
        self.errors: list[PackError] = []
        self.scoring = pack.get(Scoring)
        self.words = vocabulary(kinds, self.scoring.attributes, tree_of(pack.get(Outlets)), self.units)
        self.tables: dict[str, TableValues] = {}
        extra = {FACT_POINTS.name: FACT_POINTS} if priced else {}
        self.counter_words = {rule.id: Property(rule.id, rule.title, "amount") for rule in rule_set.counters}
        fact_terms = {**self.words.properties, **self.counter_words, **extra}
        self.fact_scope = Scope(self.words, fact_terms, self.tables)
        numbers = {
            **{m.id: Property(m.id, m.title, "amount") for m in rule_set.measures},
            **{c.id: Property(c.id, c.title, "amount") for c in rule_set.components},
        }
        of_units = {p.name: p for p in self.unit_properties()}
        self.unit_scope = Scope(
            self.words,
            {**{w.name: w for w in UNIT_WORDS}, **of_units, **numbers},
            self.tables,
            group_wide=True,
        )

    def unit_properties(self) -> Iterable[Property]:
        """The facets of a unit by itself."""
        for name in ("unit", "group", "class", "optional", *(each.id for each in self.units.attributes)):
            yield self.words.properties[name]

    def report(self, path: Place, error: InvalidInput) -> None:
        """Keep an error together with where in the file it is."""
        where = self.pack.where(self.file, (*self.base, *path))
        if isinstance(error, FormulaError):
            where = f"{where}，公式第 {error.at} 个字符"
        self.errors.append(PackError(error.message, where=where, reason=error.reason, advice=error.advice))

    def refuse(self, path: Place, message: str, reason: str = "", advice: str = "") -> None:
        """Report a slip in plain words."""
        self.report(path, InvalidInput(message, reason=reason, advice=advice))

    def known(self, path: Place, what: str, word: str, known: Iterable[str]) -> bool:
        """Whether a word is declared; reports it with the nearest one if not."""
        names = list(known)
        if word not in names:
            listing = "、".join(names[:12]) or "无"
            self.refuse(path, f"{what}“{word}”未定义", "", near(word, names) or f"可选：{listing}")
        return word in names

    def formula(self, text: str | None, path: Place, scope: Scope, *types: str) -> Formula | None:
        """A checked formula of one of the wanted types, or None with the error reported."""
        if text is None:
            return None
        try:
            found = scope.read(text)
        except FormulaError as error:
            self.report(path, error)
            return None
        if types and found.type not in types:
            wanted = "条件（是或否）" if "flag" in types else "数值"
            self.refuse(path, f"公式的结果应为{wanted}", "", "请核对公式")
            return None
        return found

    def condition_formula(self, text: str | None, path: Place) -> Formula | None:
        """A formula over facts that is true or false."""
        return self.formula(text, path, self.fact_scope, "flag")

    def unit_formula(self, text: str | None, path: Place, *types: str) -> Formula | None:
        """A formula over numbers of a unit."""
        return self.formula(text, path, self.unit_scope, *types)

    def condition(
        self, written: Mapping[str, Any], path: Place, extra: Mapping[str, Property] | None = None
    ) -> Condition:
        """Conditions as written under `when`, `of` or `where`."""
        return read_condition(written, self.words, self.report, path, {**self.counter_words, **(extra or {})})

    def facet(self, path: Place, name: str) -> str:
        """A facet of a scope by id or title."""
        found = self.fact_scope.by_name.get(name)
        if found is None:
            self.known(path, "属性", name, self.fact_scope.by_name)
        return found.name if found else ""

    def facets(self, names: Sequence[str], *path: Any) -> tuple[str, ...]:
        """Facets by id or title, without those reported."""
        return tuple(filter(None, (self.facet((*path, n), name) for n, name in enumerate(names))))

    def number(self, value: Decimal | None) -> Fraction | None:
        """A written number as an exact one."""
        return None if value is None else Fraction(value)

    def limits(self, written: Mapping[date, Decimal | str], path: Place, scope: Scope) -> Limits:
        """Values by date, each a number or a formula."""
        found: list[tuple[date, Fraction | Formula]] = []
        for day, value in sorted(written.items()):
            if isinstance(value, str):
                formula = self.formula(value, (*path, str(day)), scope, "number")
                if formula is not None:
                    found.append((day, formula))
            else:
                found.append((day, Fraction(value)))
        return tuple(found)
