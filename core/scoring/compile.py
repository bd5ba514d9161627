"""Compile a pack's sections into the rule book, reporting everything that does not fit together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.errors import Findings, InvalidInput, PackError, near
from core.packs.format import Pack
from core.packs.outlets import tree_of
from core.packs.sections import CalendarRules, Outlets, Place, Units, ids, repeated
from core.scoring.conditions import listed, read_condition
from core.scoring.fact import FactKind
from core.scoring.periods import Bounds, Calendar, Joined
from core.scoring.points import Printing, parse_value
from core.scoring.rules import Award, Cap, Credit, Group, Measure, Ranking, Resolution, Rules, Worth
from core.scoring.schema import AwardRule, CapRule, Chosen, MeasureRule, PointsRule, Scoring
from core.scoring.vocabulary import Property, vocabulary

FILE = "scoring.yaml"
RANKING_KEYS = ("score", "cumulative", "before")


def compile_pack(pack: Pack, kinds: Iterable[FactKind]) -> Rules:
    """The rule book of a pack, or all errors at once."""
    rules, errors = compiled(pack, kinds)
    if errors:
        raise Findings(f"规则包“{pack.manifest.title}”的计分规则有误", [*errors])
    return rules


def compiled(pack: Pack, kinds: Iterable[FactKind]) -> tuple[Rules, list[PackError]]:
    """The rule book as far as it can be built, and every error found."""
    compiler = _Compiler(pack, kinds)
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
    """Walks scoring.yaml once, part by part."""

    def __init__(self, pack: Pack, kinds: Iterable[FactKind]):
        self.pack, self.scoring, self.units = pack, pack.get(Scoring), pack.get(Units)
        self.errors: list[PackError] = []
        self.words = vocabulary(kinds, self.scoring.attributes, tree_of(pack.get(Outlets)))

    def rules(self) -> Rules:
        self.declarations()
        awards = tuple(self.award(rule, n) for n, rule in enumerate(self.scoring.awards))
        self.unreachable(awards)
        printing = self.scoring.printing
        return Rules(
            words=self.words,
            groups={g.id: Group(g.id, g.title, g.competes, g.optional) for g in self.units.groups},
            calendar=calendar_of(self.pack.get(CalendarRules)),
            awards=awards,
            share=self.scoring.sharing.policy,
            resolutions=tuple(self.resolutions(awards)),
            credits=tuple(self.credits(awards)),
            caps=tuple(self.cap(rule, n, awards) for n, rule in enumerate(self.scoring.caps)),
            measures={rule.id: self.measure(rule, n, awards) for n, rule in enumerate(self.scoring.measures)},
            ranking=self.ranking(),
            printing=Printing(printing.style, printing.places, printing.zeros),
            pack=f"{self.pack.manifest.id}@{self.pack.manifest.version}",
        )

    def report(self, path: Place, error: InvalidInput) -> None:
        where = self.pack.where(FILE, path)
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
        for name in ("awards", "attributes", "resolution", "caps", "measures"):
            self.errors += repeated(self.pack, FILE, ids(getattr(self.scoring, name), name), "标识")
        for n, rule in enumerate(self.scoring.attributes):
            base: Place = ("attributes", n)
            self.errors += repeated(self.pack, FILE, ids(rule.options, *base, "options"), "选项")
            for m, kind in enumerate(rule.of):
                self.known((*base, "of", m), "事项种类", kind, self.words.kinds)
            kind_of_value = self.words.properties[rule.id].type
            if rule.options and kind_of_value != "choice":
                self.refuse(
                    (*base, "options"), f"属性“{rule.id}”不能列选项", "它的值不是选项", "请删去 options"
                )
            if kind_of_value == "choice" and not rule.options:
                self.refuse(base, f"属性“{rule.id}”没有选项", "", "请用 options 列出可选的值，或写明 type")

    def award(self, rule: AwardRule, n: int) -> Award:
        base: Place = ("awards", n)
        if "fact" not in rule.when:
            advice = f"请写明 fact：{'、'.join(self.words.kinds)}"
            self.refuse((*base, "when"), "条件没有写明事项种类", "", advice)
        condition = read_condition(rule.when, self.words, self.report, (*base, "when"))
        for m, name in enumerate(rule.once_per):
            allowed = ["item", *self.words.properties]
            self.known((*base, "once_per", m), "属性", name, allowed)
        if rule.until and rule.until < min(rule.points):
            self.refuse((*base, "until"), "停用日期早于起用日期", "", "请核对 until 与 points 中的日期")
        values = [(day, self.worth(worth, (*base, "points", str(day)))) for day, worth in rule.points.items()]
        return Award(
            rule.id, rule.title, rule.basis, condition, tuple(sorted(values, key=lambda value: value[0])),
            rule.stage or self.stage_of(rule), rule.until, rule.share, rule.once_per,
            self.nearness(rule), n,
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
        if (rule.amount is None) == (rule.attribute is None):
            self.refuse(
                path,
                "分值没有写明",
                "应为一个数，或 {from: 属性}",
                "请写成 10 或 {from: points, min: -5, max: 5}",
            )
        if rule.attribute is None and (rule.min is not None or rule.max is not None):
            self.refuse(
                path, "min、max 只用于由事项给出的分值", "", "请删去，或改写为 {from: 属性, min: …, max: …}"
            )
        if rule.attribute is not None:
            try:
                known = self.words.attribute(rule.attribute)
                if known.type not in {"amount", "integer"}:
                    self.refuse((*path, "from"), f"属性“{known.title}”不是数值", "", "请改用数值属性")
            except InvalidInput as error:
                self.report((*path, "from"), error)
        if rule.min is not None and rule.max is not None and rule.min > rule.max:
            self.refuse(path, "下限大于上限", "", "请核对 min 与 max")
        lowest, highest = (self.grains(limit, path) for limit in (rule.min, rule.max))
        return Worth(self.grains(rule.amount, path) or 0, rule.attribute, lowest, highest)

    def grains(self, amount: Decimal | None, path: Place) -> int | None:
        try:
            return None if amount is None else parse_value(amount)
        except InvalidInput as error:
            self.report(path, error)
            return None

    def unreachable(self, awards: Sequence[Award]) -> None:
        """An award is never used when an earlier one with the same condition is in force all its time."""
        for award in awards:
            first = next((each for each in awards[: award.order] if shadows(each, award)), None)
            if first is not None:
                self.refuse(
                    ("awards", award.order, "when"),
                    f"计分项“{award.title}”永远用不到",
                    f"同一阶段的“{first.title}”条件完全相同，列在前面",
                    "请合并两项，或给后一项另写 stage",
                )

    def chosen(self, rule: Chosen, base: Place, awards: Sequence[Award]) -> frozenset[str]:
        """The awards a block speaks about."""
        for n, name in enumerate(rule.awards):
            self.known((*base, "awards", n), "计分项", name, [award.id for award in awards])
        for n, name in enumerate(rule.stages):
            self.known((*base, "stages", n), "阶段", name, dict.fromkeys(award.stage for award in awards))
        everything = not rule.awards and not rule.stages
        named = [a.id for a in awards if everything or a.id in rule.awards or a.stage in rule.stages]
        return frozenset(named)

    def resolutions(self, awards: Sequence[Award]) -> Iterable[Resolution]:
        for n, rule in enumerate(self.scoring.resolution):
            chosen = self.chosen(rule, ("resolution", n), awards)
            yield Resolution(rule.id, rule.title, rule.basis, rule.keep, chosen)

    def credits(self, awards: Sequence[Award]) -> Iterable[Credit]:
        groups = [group.id for group in self.units.groups]
        for n, rule in enumerate(self.scoring.credit):
            for m, group in enumerate(rule.groups):
                self.known(("credit", n, "groups", m), "参评分组", group, groups)
            chosen = self.chosen(rule, ("credit", n), awards)
            yield Credit(frozenset(rule.groups), chosen, rule.to, rule.basis)

    def cap(self, rule: CapRule, n: int, awards: Sequence[Award]) -> Cap:
        base: Place = ("caps", n)
        limits: list[tuple[date, int]] = []
        for day, limit in sorted(rule.max.items()):
            if limit < 0:
                self.refuse((*base, "max", str(day)), "封顶分值不能为负", "", "请写成正数或 0")
            limits.append((day, self.grains(limit, (*base, "max", str(day))) or 0))
        chosen = self.chosen(rule, base, awards)
        return Cap(rule.id, rule.title, rule.basis, chosen, rule.period, tuple(limits), rule.overflow)

    def measure(self, rule: MeasureRule, n: int, awards: Sequence[Award]) -> Measure:
        base: Place = ("measures", n)
        if (rule.count is None) == (rule.sum is None):
            self.refuse(
                base,
                "统计项没有写明统计什么",
                "count 与 sum 应且只应写一个",
                "请写 count: items 或 sum: points",
            )
        if rule.id in RANKING_KEYS:
            self.refuse((*base, "id"), f"统计项不能叫“{rule.id}”", "这是排名自带的数", "请换一个标识")
        extra = {
            "award": Property("award", "计分项", "choice", {award.id: award.title for award in awards}),
            "stage": Property("stage", "阶段", "choice", {award.stage: award.stage for award in awards}),
        }
        condition = read_condition(rule.where, self.words, self.report, (*base, "where"), extra)
        return Measure(rule.id, rule.title, rule.count or "points", condition, rule.over)

    def ranking(self) -> Ranking:
        rule = self.scoring.ranking
        keys = [*RANKING_KEYS, *(measure.id for measure in self.scoring.measures)]
        for name in ("by", "order"):
            for n, key in enumerate(getattr(rule, name)):
                self.known(("ranking", name, n), "排名依据", key, keys)
        return Ranking(rule.by, rule.order, rule.ties)


def shadows(first: Award, later: Award) -> bool:
    """Whether the first award takes every fact of the later one."""
    same = (first.stage, first.condition) == (later.stage, later.condition)
    lasts = first.until is None or (later.until is not None and later.until <= first.until)
    return same and lasts and first.values[0][0] <= later.values[0][0]
