"""Compile a pack's sections into the rule book, reporting everything that does not fit together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from core.errors import Findings, InvalidInput, PackError, near
from core.packs.format import Pack
from core.packs.outlets import tree_of
from core.packs.sections import CalendarRules, Outlets, Place, Units, ids, repeated
from core.scoring.conditions import Condition, listed, read_condition
from core.scoring.fact import FactKind
from core.scoring.formula import FormulaError
from core.scoring.periods import LENGTHS, Bounds, Calendar, Joined
from core.scoring.points import Printing, parse_value
from core.scoring.rules import (
    Award,
    Bar,
    Booking,
    Cap,
    Component,
    Counter,
    Credit,
    Group,
    Limits,
    Listing,
    Measure,
    Policy,
    Prize,
    Quota,
    Ranking,
    Resolution,
    Rules,
    Share,
    Worth,
)  # fmt: skip
from core.scoring.schema import (
    AwardRule,
    BookingRule,
    CapRule,
    Chosen,
    ComponentRule,
    CounterRule,
    CreditRule,
    ListRule,
    MeasureRule,
    NamedRanking,
    PersonRules,
    PointsRule,
    PrizeRule,
    QuotaRule,
    RankingRule,
    ResolutionRule,
    RuleSet,
    Scoring,
    ShareRule,
    Table,
)  # fmt: skip
from core.scoring.turns import in_turns
from core.scoring.typed import OTHERS, Formula, Scope, TableValues
from core.scoring.vocabulary import Property, vocabulary

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


def compile_pack(pack: Pack, kinds: Iterable[FactKind]) -> Rules:
    """The rule book of a pack, or all errors at once."""
    rules, errors = compiled(pack, kinds)
    if errors:
        raise Findings(f"规则包“{pack.manifest.title}”的计分规则有误", [*errors])
    return rules


def compiled(pack: Pack, kinds: Iterable[FactKind]) -> tuple[Rules, list[PackError]]:
    """The rule book as far as it can be built, and every error found."""
    scoring = pack.get(Scoring)
    own = tuple(FactKind(each.id, each.title) for each in scoring.kinds)
    compiler = _Compiler(pack, scoring, (*kinds, *own))
    rules = compiler.rules()
    if scoring.persons is not None:
        persons = _Compiler(pack, scoring.persons, (*kinds, *own), base=("persons",), main=rules)
        rules = replace(rules, persons=persons.rules())
        compiler.errors += persons.errors
    return rules, compiler.errors


def compiled_rule_set(
    pack: Pack,
    rule_set: RuleSet,
    kinds: Iterable[FactKind],
    file: str,
    accounts: Literal["units", "persons"],
    main: Rules,
) -> tuple[Rules, list[PackError]]:
    """A further rule set over the same facts (payments): it may read `fact_points`, what scoring.yaml gives a fact."""
    own = tuple(FactKind(each.id, each.title) for each in pack.get(Scoring).kinds)
    compiler = _Compiler(pack, rule_set, (*kinds, *own), file=file, main=main, accounts=accounts, priced=True)
    return compiler.rules(), compiler.errors


def calendar_of(section: CalendarRules) -> Calendar:
    """The calendar a pack declares."""
    return Calendar(
        section.year_starts,
        section.year_named,
        section.publish,
        section.kinds,
        tuple(Joined(each.months, each.years) for each in section.joined),
        tuple(Bounds(each.id, each.title, each.start, each.end) for each in section.explicit),
    )


class _Compiler:
    """Walks one rule set once, part by part."""

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
        of_units = {p.name: p for p in self._unit_properties()}
        self.unit_scope = Scope(
            self.words,
            {**{w.name: w for w in UNIT_WORDS}, **of_units, **numbers},
            self.tables,
            group_wide=True,
        )

    def _unit_properties(self) -> Iterable[Property]:
        for name in ("unit", "group", "class", "optional", *(each.id for each in self.units.attributes)):
            yield self.words.properties[name]

    # ---- the whole ----

    def rules(self) -> Rules:
        rule_set = self.rule_set
        self.declarations()
        self.tables.update({rule.id: self.table(rule, n) for n, rule in enumerate(rule_set.tables)})
        if self.main is not None and not rule_set.awards and isinstance(rule_set, PersonRules):
            awards = self._of_main(rule_set)
            self.counter_words = {}
            counters = self.main.counters
        else:
            awards = [self.award(rule, n) for n, rule in enumerate(rule_set.awards)]
            counters = tuple(self.counter(rule, n, awards) for n, rule in enumerate(rule_set.counters))
            awards, counters = self.turns(awards, counters)
        self.unreachable(awards)
        quotas = tuple(self.quota(rule, n) for n, rule in enumerate(rule_set.quotas))
        printing = rule_set.printing
        rules = Rules(
            words=self.words,
            groups={g.id: Group(g.id, g.title, g.competes, g.optional) for g in self.units.groups},
            scope=self.fact_scope,
            unit_scope=self.unit_scope,
            calendar=calendar_of(self.pack.get(CalendarRules)),
            accounts=self.accounts,
            renames=self.renames(),
            tables=dict(self.tables),
            counters=counters,
            awards=tuple(awards),
            share=self.share(rule_set.sharing.policy, ("sharing", "policy")),
            resolutions=tuple(self.resolutions(awards)),
            credits=tuple(self.credits(awards)),
            caps=tuple(self.cap(rule, n, awards) for n, rule in enumerate(rule_set.caps)),
            bookings=tuple(self.booking(rule, n) for n, rule in enumerate(self.scoring.booking)),
            after_close=self.scoring.after_close,
            quotas=quotas,
            measures={
                rule.id: self.measure(rule, n, awards, quotas) for n, rule in enumerate(rule_set.measures)
            },
            components={rule.id: self.component(rule, n) for n, rule in enumerate(rule_set.components)},
            total=self.unit_formula(rule_set.total, ("total",), "number"),
            ranking=self.ranking(),
            rankings={
                rule.id: self.ranking_of(rule, ("rankings", n)) for n, rule in enumerate(rule_set.rankings)
            },
            prizes=tuple(self.prize(rule, n) for n, rule in enumerate(rule_set.prizes)),
            lists=tuple(self.listing(rule, n) for n, rule in enumerate(rule_set.lists)),
            printing=Printing(printing.style, printing.places, printing.zeros, printing.unit),
            pipeline=self.pipeline(),
            pack=f"{self.pack.manifest.id}@{self.pack.manifest.version}",
        )
        self.circles(rules)
        return rules

    def _of_main(self, rule_set: PersonRules) -> list[Award]:
        """The awards of scoring.yaml, all or those of some stages."""
        assert self.main is not None
        stages = {award.stage for award in self.main.awards}
        for n, name in enumerate(rule_set.stages):
            self.known(("stages", n), "阶段", name, stages)
        chosen = [a for a in self.main.awards if not rule_set.stages or a.stage in rule_set.stages]
        return [replace(award, order=n, share=None) for n, award in enumerate(chosen)]

    # ---- reporting ----

    def report(self, path: Place, error: InvalidInput) -> None:
        where = self.pack.where(self.file, (*self.base, *path))
        if isinstance(error, FormulaError):
            where = f"{where}，公式第 {error.at} 个字符"
        self.errors.append(PackError(error.message, where=where, reason=error.reason, advice=error.advice))

    def refuse(self, path: Place, message: str, reason: str = "", advice: str = "") -> None:
        self.report(path, InvalidInput(message, reason=reason, advice=advice))

    def known(self, path: Place, what: str, word: str, known: Iterable[str]) -> bool:
        """Whether a word is declared; reports it with the nearest one if not."""
        names = list(known)
        if word not in names:
            listing = "、".join(names[:12]) or "无"
            self.refuse(path, f"{what}“{word}”未定义", "", near(word, names) or f"可选：{listing}")
        return word in names

    def declarations(self) -> None:
        """Ids are unique, attributes speak about kinds that exist and agree with them."""
        rule_set = self.rule_set
        for name in (
            "tables",
            "counters",
            "awards",
            "resolution",
            "caps",
            "quotas",
            "prizes",
            "lists",
            "rankings",
        ):
            self.errors += repeated(
                self.pack, self.file, ids(getattr(rule_set, name), *self.base, name), "标识"
            )
        numbers = [
            *ids(rule_set.measures, *self.base, "measures"),
            *ids(rule_set.components, *self.base, "components"),
        ]
        self.errors += repeated(self.pack, self.file, numbers, "标识")
        taken = [word.name for word in (*UNIT_WORDS, *self._unit_properties())]
        for path, name in numbers:
            if name in taken:
                where = self.pack.where(self.file, path)
                self.errors.append(
                    PackError(
                        f"统计项不能叫“{name}”", where=where, reason="这是自带的名称", advice="请换一个标识"
                    )
                )
        for n, rule in enumerate(rule_set.counters):
            if rule.id in self.words.properties:
                self.refuse(("counters", n, "id"), f"计数不能叫“{rule.id}”", "已有同名的属性", "请换一个标识")
        if isinstance(rule_set, Scoring):
            self.attributes(rule_set)

    def attributes(self, scoring: Scoring) -> None:
        for name in ("attributes", "kinds"):
            self.errors += repeated(self.pack, self.file, ids(getattr(scoring, name), name), "标识")
        for n, rule in enumerate(scoring.attributes):
            base: Place = ("attributes", n)
            self.errors += repeated(self.pack, self.file, ids(rule.options, *base, "options"), "选项")
            for m, kind in enumerate(rule.of):
                self.known((*base, "of", m), "事项种类", kind, self.words.kinds)
            kind_of_value = self.words.properties[rule.id].type
            if rule.options and kind_of_value != "choice":
                self.refuse(
                    (*base, "options"), f"属性“{rule.id}”不能列选项", "它的值不是选项", "请删去 options"
                )
            if kind_of_value == "choice" and not rule.options:
                self.refuse(base, f"属性“{rule.id}”没有选项", "", "请用 options 列出可选的值，或写明 type")

    def renames(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for n, rule in enumerate(self.scoring.renames):
            try:
                known = self.words.attribute(rule.attribute)
            except InvalidInput as error:
                self.report(("renames", n, "attribute"), error)
                continue
            for old, new in rule.values.items():
                try:
                    found.setdefault(known.name, {})[old] = str(self.words.value(known, new))
                except InvalidInput as error:
                    self.report(("renames", n, "values", old), error)
        return found

    # ---- formulas and conditions ----

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
        return self.formula(text, path, self.fact_scope, "flag")

    def unit_formula(self, text: str | None, path: Place, *types: str) -> Formula | None:
        return self.formula(text, path, self.unit_scope, *types)

    def condition(
        self, written: Mapping[str, Any], path: Place, extra: Mapping[str, Property] | None = None
    ) -> Condition:
        return read_condition(written, self.words, self.report, path, {**self.counter_words, **(extra or {})})

    def facet(self, path: Place, name: str) -> str:
        """A facet of a scope by id or title."""
        found = self.fact_scope.by_name.get(name)
        if found is None:
            self.known(path, "属性", name, self.fact_scope.by_name)
        return found.name if found else ""

    def facets(self, names: Sequence[str], *path: Any) -> tuple[str, ...]:
        return tuple(filter(None, (self.facet((*path, n), name) for n, name in enumerate(names))))

    def number(self, value: Decimal | None) -> Fraction | None:
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

    # ---- tables ----

    def table(self, rule: Table, n: int) -> TableValues:
        base: Place = ("tables", n)
        keys = [
            self.facet((*base, "keys", m), key) if key in self.fact_scope.by_name else key
            for m, key in enumerate(rule.keys)
        ]
        if (not rule.rows) == (rule.dated is None):
            self.refuse(
                base, "表格没有写明内容", "rows 与 from 应且只应写一个", "请写 rows，或 from: {日期: 行}"
            )
        versions = dict(rule.dated or {date(1949, 10, 1): rule.rows})
        read = []
        for day, rows in sorted(versions.items()):
            path: Place = (*base, "rows") if rule.dated is None else (*base, "from", str(day))
            read.append((day, self.rows(rule, keys, rows, path)))
        return TableValues(
            rule.id, rule.title, tuple(keys), tuple(read), rule.steps, self.number(rule.default)
        )

    def rows(
        self, rule: Table, keys: Sequence[str], rows: Sequence[Sequence[Any]], path: Place
    ) -> Mapping[tuple[Any, ...], Any]:
        found: dict[tuple[Any, ...], Any] = {}
        for n, row in enumerate(rows):
            if len(row) != len(keys) + 1 or isinstance(row[-1], str | bool):
                self.refuse((*path, n), f"这一行应有 {len(keys)} 个键和一个数值", "", "请核对逗号")
                continue
            cells = [
                self.cell(keys[m], cell, (*path, n), rule.steps and m == len(keys) - 1)
                for m, cell in enumerate(row[:-1])
            ]
            amount = Fraction(row[-1])
            if rule.steps:
                found.setdefault(tuple(cells[:-1]), []).append((cells[-1], amount))
            elif tuple(cells) in found:
                self.refuse((*path, n), "这一行的键与前面重复", "", "请删去其中一行")
            else:
                found[tuple(cells)] = amount
        return {key: tuple(sorted(bands)) for key, bands in found.items()} if rule.steps else found

    def cell(self, key: str, written: Any, path: Place, bound: bool) -> Any:
        if written in (OTHERS, "其他", "其余") and not bound:
            known = self.words.properties.get(key)
            if written == OTHERS or known is None or written not in known.options:
                return OTHERS
        if bound or key not in self.words.properties:
            if bound and (isinstance(written, str | bool)):
                self.refuse(path, f"分档的界限“{written}”应为数值", "", "请写成数字")
                return Fraction(0)
            return (
                Fraction(written)
                if isinstance(written, int | Decimal) and not isinstance(written, bool)
                else written
            )
        try:
            value = self.words.value(self.words.properties[key], written)
        except InvalidInput as error:
            self.report(path, error)
            return None
        return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value

    # ---- awards and counters ----

    def award(self, rule: AwardRule, n: int) -> Award:
        base: Place = ("awards", n)
        if "fact" not in rule.when:
            self.refuse(
                (*base, "when"), "条件没有写明事项种类", "", f"请写明 fact：{'、'.join(self.words.kinds)}"
            )
        if rule.until and rule.until < min(rule.points):
            self.refuse((*base, "until"), "停用日期早于起用日期", "", "请核对 until 与 points 中的日期")
        values = [
            (day, self.worth(worth, (*base, "points", str(day))))
            for day, worth in sorted(rule.points.items())
        ]
        return Award(
            rule.id, rule.title, rule.basis, self.condition(rule.when, (*base, "when")), tuple(values),
            rule.stage or self.stage_of(rule), self.condition_formula(rule.where, (*base, "where")), rule.until,
            self.share(rule.share, (*base, "share")) if rule.share else None,
            self.facets(rule.once_per, *base, "once_per"), self.nearness(rule), n, mark=rule.mark or "",
        )  # fmt: skip

    @staticmethod
    def stage_of(rule: AwardRule) -> str:
        """Without a stage of its own an award belongs to that of its (first) kind of fact."""
        kinds = listed(rule.when.get("fact", ""))
        return str(kinds[0]) if kinds else ""

    def nearness(self, rule: AwardRule) -> dict[str, int]:
        """For every outlet the award covers: how deep in the tree the name it uses lies."""
        found: dict[str, int] = {}
        written = rule.when.get("outlet", [])
        for outlet in listed([] if isinstance(written, Mapping) else written):
            try:
                named = str(self.words.value(self.words.attribute("outlet"), outlet))
            except InvalidInput:
                continue  # already reported with the condition
            depth = self.words.outlets.nodes[named].depth
            found.update(
                {inside: max(depth, found.get(inside, 0)) for inside in self.words.outlets.within(named)}
            )
        return found

    def worth(self, rule: PointsRule, path: Place) -> Worth:
        if sum(each is not None for each in (rule.amount, rule.attribute, rule.formula)) != 1:
            self.refuse(
                path, "分值没有写明", "应为一个数、一个公式，或 {from: 属性}",
                "请写成 10、\"2 * 字数\" 或 {from: points, min: -5, max: 5}",
            )  # fmt: skip
        if rule.amount is not None and (rule.min is not None or rule.max is not None):
            self.refuse(path, "min、max 只用于公式或由事项给出的分值", "", "请删去")
        attribute = None
        if rule.attribute is not None:
            attribute = self.facet((*path, "from"), rule.attribute)
            if attribute and self.fact_scope.terms[attribute].type not in {"amount", "integer"}:
                self.refuse(
                    (*path, "from"),
                    f"属性“{self.fact_scope.terms[attribute].title}”不是数值",
                    "",
                    "请改用数值属性",
                )
        if rule.min is not None and rule.max is not None and rule.min > rule.max:
            self.refuse(path, "下限大于上限", "", "请核对 min 与 max")
        for value in (rule.amount, rule.min, rule.max):
            try:
                parse_value(value or 0)
            except InvalidInput as error:
                self.report(path, error)
        formula = self.formula(rule.formula, path, self.fact_scope, "number")
        return Worth(
            Fraction(rule.amount or 0),
            formula,
            attribute or None,
            self.number(rule.min),
            self.number(rule.max),
        )

    def share(self, rule: ShareRule, path: Place) -> Share:
        scope = Scope(self.words, {**self.fact_scope.terms, POINTS.name: POINTS}, self.tables)
        formula = self.formula(rule.formula, (*path, "formula"), scope, "number")
        others: tuple[Policy, ...] = ("weights", "roles", "main", "formula")
        policy: Policy = rule.policy or [name for name in others if getattr(rule, name) is not None][0]
        weights, by_ways = rule.weights, {}
        if isinstance(weights, Mapping):
            for ways, listed_weights in weights.items():
                if not ways.isdigit() or len(listed_weights) > int(ways):
                    self.refuse(
                        (*path, "weights", ways), "权重的键应为家数", "", "请写成如 {2: [3, 2], 3: [5, 3, 2]}"
                    )
                else:
                    by_ways[int(ways)] = tuple(Fraction(each) for each in listed_weights)
            weights = None
        numbers: list[Decimal] = [
            *(weights or ()),
            *(rule.roles or {}).values(),
            *(Decimal(-1) for ws in by_ways.values() if any(w < 0 for w in ws)),
        ]
        if any(each < 0 for each in numbers) or (rule.main is not None and not 0 <= rule.main <= 1):
            self.refuse(path, "分摊的权重不能为负，main 应在 0 与 1 之间", "", "请核对")
        return Share(
            policy, tuple(Fraction(w) for w in weights or ()), by_ways,
            {role: Fraction(weight) for role, weight in (rule.roles or {}).items()},
            Fraction(rule.main if rule.main is not None else 1), formula, rule.places,
        )  # fmt: skip

    def counter(self, rule: CounterRule, n: int, awards: Sequence[Award]) -> Counter:
        base: Place = ("counters", n)
        if sum(each is not None for each in (rule.count, rule.sum, rule.max)) != 1:
            self.refuse(
                base, "没有写明数什么", "count、sum、max 应且只应写一个", "请写 count: facts 或 sum: 数值属性"
            )
        chosen = self.chosen(rule, base, awards) if rule.awards or rule.stages else None
        if (rule.count == "points" or rule.max) and chosen is None:
            self.refuse(base, "合计分值须写明哪些计分项", "", "请写 awards 或 stages")
        attribute = self.facet((*base, "sum"), rule.sum) if rule.sum else None
        if attribute and self.fact_scope.terms[attribute].type not in {"amount", "integer"}:
            self.refuse((*base, "sum"), f"“{rule.sum}”不是数值", "", "请改用数值属性")
        return Counter(
            rule.id, rule.title, "max" if rule.max else rule.count or "sum", self.condition(rule.of, (*base, "of")),
            self.condition_formula(rule.where, (*base, "where")), attribute or None, chosen,
            self.facets(rule.per, *base, "per"), rule.period, rule.running,
        )  # fmt: skip

    def turns(
        self, awards: list[Award], counters: tuple[Counter, ...]
    ) -> tuple[list[Award], tuple[Counter, ...]]:
        """Awards and counters in the order in which they can be worked out."""
        found = in_turns(awards, counters)
        if found is None:
            self.refuse(
                ("counters",),
                "计数与计分项互相依赖",
                "甲要先算出乙，乙又要先算出甲",
                "请改写其中一项，去掉循环",
            )
            return awards, counters
        return found[0], tuple(found[1])

    def unreachable(self, awards: Sequence[Award]) -> None:
        """An award is never used when an earlier one with the same condition is in force all its time."""
        first_of: dict[Any, list[Award]] = {}
        for award in awards:
            key = (award.stage, award.condition, award.where.text if award.where else "")
            first = next((each for each in first_of.get(key, ()) if shadows(each, award)), None)
            if first is not None:
                self.refuse(
                    ("awards", award.order, "when"),
                    f"计分项“{award.title}”永远用不到",
                    f"同一阶段的“{first.title}”条件完全相同，列在前面",
                    "请合并两项，或给后一项另写 stage",
                )
            first_of.setdefault(key, []).append(award)

    def chosen(self, rule: Chosen | CounterRule, base: Place, awards: Sequence[Award]) -> frozenset[str]:
        """The awards a block speaks about."""
        quotas = [quota.id for quota in self.rule_set.quotas] if isinstance(rule, CapRule) else []
        names = [*(award.id for award in awards), *quotas]
        stages = dict.fromkeys(award.stage for award in awards)
        for n, name in enumerate(rule.awards):
            self.known((*base, "awards", n), "计分项", name, names)
        for n, name in enumerate(rule.stages):
            self.known((*base, "stages", n), "阶段", name, stages)
        everything = not rule.awards and not rule.stages
        named = [a.id for a in awards if everything or a.id in rule.awards or a.stage in rule.stages]
        return frozenset([*named, *(name for name in rule.awards if name in quotas)])

    # ---- blocks over lines ----

    def resolutions(self, awards: Sequence[Award]) -> Iterable[Resolution]:
        for n, rule in enumerate(self.rule_set.resolution):
            yield self.resolution(rule, ("resolution", n), awards)

    def resolution(self, rule: ResolutionRule, base: Place, awards: Sequence[Award]) -> Resolution:
        keep, count = rule.keep, 1
        if isinstance(keep, Mapping):
            if len(keep) != 1:
                self.refuse((*base, "keep"), "keep 只能写一种", "", "请写成如 {best: 3}")
            (name, count), *_ = keep.items()
            keep = "max" if name == "best" else name
        return Resolution(
            rule.id, rule.title, rule.basis, keep, self.chosen(rule, base, awards), count,
            self.facets(rule.per, *base, "per"), rule.period, self.condition_formula(rule.where, (*base, "where")),
        )  # fmt: skip

    def credits(self, awards: Sequence[Award]) -> Iterable[Credit]:
        groups = [group.id for group in self.units.groups]
        for n, rule in enumerate(self.rule_set.credit):
            for m, group in enumerate(rule.groups):
                self.known(("credit", n, "groups", m), "参评分组", group, groups)
            yield self.credit(rule, ("credit", n), awards)

    def credit(self, rule: CreditRule, base: Place, awards: Sequence[Award]) -> Credit:
        to = rule.to
        if isinstance(to, Mapping):
            targets = tuple((name, Fraction(factor)) for name, factor in to.items())
        else:
            targets = () if to == "nobody" else ((to, Fraction(1)),)
        return Credit(
            self.chosen(rule, base, awards), targets, rule.basis, frozenset(rule.groups),
            self.condition_formula(rule.where, (*base, "where")),
        )  # fmt: skip

    def cap(self, rule: CapRule, n: int, awards: Sequence[Award]) -> Cap:
        base: Place = ("caps", n)
        what: Literal["max", "min", "items"] = (
            "max" if rule.max is not None else "min" if rule.min is not None else "items"
        )
        written = getattr(rule, what) or {}
        for day, limit in written.items():
            if not isinstance(limit, str) and (limit > 0 if what == "min" else limit < 0):
                wanted = "扣分的下限应为负数或 0" if what == "min" else "封顶分值不能为负"
                self.refuse((*base, what, str(day)), wanted, "", "请核对正负号")
        tasks = [quota.id for quota in self.rule_set.quotas if quota.id in rule.awards]
        if tasks and (what == "items" or rule.per or rule.where):
            self.refuse(
                base,
                "涉及任务的封顶只能限分值",
                "任务没有信息条目和属性",
                "请用 max 或 min，删去 items、per、where",
            )
        of_unit = Scope(self.words, {p.name: p for p in self._unit_properties()}, self.tables)
        return Cap(
            rule.id, rule.title, rule.basis, self.chosen(rule, base, awards), rule.period,
            self.limits(written, (*base, what), of_unit), what, rule.overflow, rule.best,
            self.facets(rule.per, *base, "per"), self.condition_formula(rule.where, (*base, "where")),
        )  # fmt: skip

    def pipeline(self) -> tuple[Any, ...]:
        order = self.rule_set.order
        if sorted(order) != sorted(("resolution", "sharing", "credit", "caps")):
            self.refuse(
                ("order",), "计算次序应列齐四步", "", "请把 resolution、sharing、credit、caps 各写一次"
            )
            return ("resolution", "sharing", "credit", "caps")
        return tuple(order)

    def booking(self, rule: BookingRule, n: int) -> Booking:
        # Reported once, with scoring.yaml's own rules.
        base: Place = ("booking", n)
        day = rule.day
        if day not in ("on", "recorded"):
            day = self.facet((*base, "day"), rule.day)
            if day and self.fact_scope.terms[day].type != "date":
                self.refuse((*base, "day"), f"“{rule.day}”不是日期", "", "请改用 on、recorded 或日期属性")
        return Booking(
            rule.title, rule.basis, self.condition(rule.when, (*base, "when")),
            self.condition_formula(rule.where, (*base, "where")), day or "on", rule.period, rule.days, rule.late,
        )  # fmt: skip

    # ---- numbers about units ----

    def quota(self, rule: QuotaRule, n: int) -> Quota:
        base: Place = ("quotas", n)
        groups = [group.id for group in self.units.groups]
        for m, group in enumerate(rule.groups):
            self.known((*base, "groups", m), "参评分组", group, groups)
        with_task = Scope(
            self.words,
            {**self.unit_scope.terms, **{w.name: w for w in TASK_WORDS}},
            self.tables,
            group_wide=True,
        )
        done = self.unit_formula(rule.done, (*base, "done"), "number") or self.unit_scope.read("0")
        months = rule.period if isinstance(rule.period, int) else LENGTHS[rule.period]
        if 12 % months:
            self.refuse(
                (*base, "period"),
                "任务周期的月数应能整除十二个月",
                f"现为 {months}",
                "请改为 1、2、3、4、6 或 12",
            )
            months = 1
        return Quota(
            rule.id, rule.title, rule.basis, done, self.limits(rule.need, (*base, "need"), self.unit_scope), months,
            frozenset(rule.groups), self.unit_formula(rule.where, (*base, "where"), "flag"),
            self.formula(rule.points, (*base, "points"), with_task, "number"),
            self.number(rule.min), self.number(rule.max),
        )  # fmt: skip

    def measure(self, rule: MeasureRule, n: int, awards: Sequence[Award], quotas: Sequence[Quota]) -> Measure:
        base: Place = ("measures", n)
        if sum(each is not None for each in (rule.count, rule.sum, rule.max)) != 1:
            self.refuse(
                base,
                "统计项没有写明统计什么",
                "count、sum、max 应且只应写一个",
                "请写 count: items 或 sum: points",
            )
        extra = self.line_words(awards, quotas)
        written = rule.count or rule.sum or "points"
        attribute = None
        what: Any = "max" if rule.max else written if written in ("items", "facts", "points") else None
        if what is None:
            what = "different" if rule.count else "sum"
            attribute = (
                written
                if written in extra
                else self.facet((*base, "count" if rule.count else "sum"), written)
            )
            known = extra.get(attribute) or self.fact_scope.terms.get(attribute)
            if rule.sum and known and known.type not in {"amount", "integer"}:
                self.refuse((*base, "sum"), f"“{rule.sum}”不是数值", "", "请改用数值属性")
        scope = Scope(self.words, {**self.fact_scope.terms, **extra}, self.tables)
        return Measure(
            rule.id, rule.title, what, self.condition(rule.where, (*base, "where"), extra), rule.over,
            attribute or None, self.formula(rule.when, (*base, "when"), scope, "flag"),
        )  # fmt: skip

    def line_words(self, awards: Sequence[Award], quotas: Sequence[Quota]) -> dict[str, Property]:
        """What measures may ask about a line besides its fact."""
        named = {award.id: award.title for award in awards} | {quota.id: quota.title for quota in quotas}
        stages = {award.stage: award.stage for award in awards} | {quota.id: quota.title for quota in quotas}
        statuses = ("live", "superseded", "capped", "shared", "uncredited", "task")
        return {
            "award": Property("award", "计分项", "choice", named),
            "stage": Property("stage", "阶段", "choice", stages),
            "status": Property("status", "状态", "choice", {each: each for each in statuses}),
            **{word.name: word for word in TASK_WORDS},
        }

    def component(self, rule: ComponentRule, n: int) -> Component:
        base: Place = ("components", n)
        formula = self.unit_formula(
            rule.formula, (*base, "formula"), "number", "flag"
        ) or self.unit_scope.read("0")
        bounds = [
            self.unit_formula(limit, (*base, name), "number")
            if isinstance(limit, str)
            else self.number(limit)
            for name, limit in (("min", rule.min), ("max", rule.max))
        ]
        return Component(rule.id, rule.title, formula, rule.basis or "", bounds[0], bounds[1], rule.places)

    def circles(self, rules: Rules) -> None:
        """No component, and not the total, may depend on itself."""
        reads: dict[str, set[str]] = {}
        for each in rules.components.values():
            formulas = [f for f in (each.formula, each.lowest, each.highest) if isinstance(f, Formula)]
            reads[each.id] = {name for f in formulas for name in f.uses}
        if rules.total is not None:
            for name in (*TOTALS, "total"):
                reads[name] = set(rules.total.uses)
        for n, rule in enumerate(self.rule_set.components):
            if _reaches(rule.id, rule.id, reads):
                self.refuse(
                    ("components", n, "formula"), f"“{rule.title}”的公式绕回到自己", "", "请去掉循环的引用"
                )
        if _reaches("total", "total", reads) or any(
            _reaches(name, name, reads) for name in TOTALS if name in reads
        ):
            self.refuse(
                ("total",), "总分的公式绕回到自己", "公式用到了由总分算出的数", "请改用 entries 或统计项"
            )

    def sort_keys(self, names: Sequence[str], path: Place, extra: Sequence[str] = ()) -> tuple[str, ...]:
        keys = [
            *TOTALS,
            *(m.id for m in self.rule_set.measures),
            *(c.id for c in self.rule_set.components),
            *extra,
        ]
        for n, key in enumerate(names):
            self.known((*path, n), "排名依据", key.removeprefix("-") if key not in keys else key, keys)
        return tuple(names)

    def ranking(self) -> Ranking:
        return self.ranking_of(self.rule_set.ranking, ("ranking",))

    def ranking_of(self, rule: RankingRule, base: Place) -> Ranking:
        by, order = (self.sort_keys(getattr(rule, name), (*base, name)) for name in ("by", "order"))
        title = rule.title if isinstance(rule, NamedRanking) else "名次"
        among = self.unit_formula(rule.among, (*base, "among"), "flag")
        return Ranking(by, order, rule.ties, rule.within, among, title)

    def prize(self, rule: PrizeRule, n: int) -> Prize:
        base: Place = ("prizes", n)
        groups = [group.id for group in self.units.groups]
        for m, group in enumerate((*rule.groups, *(rule.take if isinstance(rule.take, Mapping) else ()))):
            self.known((*base, "groups", m), "参评分组", group, groups)
        for m, other in enumerate(rule.after):
            self.known((*base, "after", m), "奖项", other, [prize.id for prize in self.rule_set.prizes])
        of_items = Scope(self.words, {**self.fact_scope.terms, POINTS.name: POINTS}, self.tables)
        scope = of_items if rule.what == "items" else self.unit_scope
        bars = [
            Bar(bar.title, found)
            for m, bar in enumerate(rule.unless)
            if (found := self.formula(bar.where, (*base, "unless", m, "where"), scope, "flag"))
        ]
        by = rule.by if rule.what == "items" else self.sort_keys(rule.by, (*base, "by"))
        take = None if rule.take == "all" else rule.take
        return Prize(
            rule.id, rule.title, rule.basis, rule.what, rule.groups, rule.period, take, self.number(rule.share), by,
            rule.ties, self.formula(rule.where, (*base, "where"), scope, "flag"), tuple(bars), rule.after,
        )  # fmt: skip

    def listing(self, rule: ListRule, n: int) -> Listing:
        base: Place = ("lists", n)
        where = self.unit_formula(rule.where, (*base, "where"), "flag") or self.unit_scope.read("false")
        return Listing(
            rule.id, rule.title, where, rule.groups, self.sort_keys(rule.by, (*base, "by")), rule.take,
            rule.each, rule.ties,
        )  # fmt: skip


def shadows(first: Award, later: Award) -> bool:
    """Whether the first award takes every fact of the later one."""
    lasts = first.until is None or (later.until is not None and later.until <= first.until)
    return lasts and first.values[0][0] <= later.values[0][0]


def _reaches(start: str, goal: str, reads: Mapping[str, set[str]]) -> bool:
    """Whether following what formulas read leads from one name to another."""
    seen: set[str] = set()
    waiting = list(reads.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting += reads.get(name, ())
    return False
