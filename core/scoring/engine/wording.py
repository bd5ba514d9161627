"""The Chinese sentences of the ledger: why a line counts, counts less, or does not count."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

from core import clock
from core.scoring.rules.rule_book import Award, Booking, Cap, Credit, Quota, Resolution, Rules, Share, Worth
from core.scoring.values.fact import Entry, Grains, UnitInfo, Value
from core.scoring.values.points import GRAINS, Printing, mixed, show

SPANS = {"month": "当月", "quarter": "本季度", "half": "本半年", "year": "本年"}
# What measures may ask about a line besides its fact.
TASK_FACETS = frozenset({"met", "done", "need", "missing", "extra", "rate"})
LINE_FACETS = TASK_FACETS | {"award", "stage", "status"}
FIRST_ONLY = "联合报送只计第一家"


class Told(Protocol):
    """What a sentence about a task needs to know."""

    @property
    def done(self) -> Fraction: ...
    @property
    def need(self) -> Fraction: ...
    @property
    def missing(self) -> Fraction: ...
    @property
    def extra(self) -> Fraction: ...


def sentence(entry: Entry, award: Award | None, why: Sequence[str], rules: Rules) -> str:
    """One line of the ledger in words: the award, what happened, the points, the article."""
    head = award.title if award else what_happened(entry.kind, entry.attrs, rules)
    end = counted(entry.amount, rules.printing)
    basis = f"（依据：{award.basis}）" if award else ""
    return "，".join([head, *why, end]) + basis + "。"


def counted(amount: Grains, printing: Printing) -> str:
    """The end of a sentence: what a line comes to."""
    if not amount:
        return "不计分" if printing.unit == "分" else "不计"
    return f"计{points(amount, printing)}{printing.unit}"


@lru_cache(maxsize=1024)
def points(grains: Grains, printing: Printing) -> str:
    """Points in a sentence; where printing would round, the exact fraction."""
    text = show(grains, printing)
    return text if show(grains, Printing("fraction")) == text else mixed(grains)


def number(value: Fraction) -> str:
    """A plain number in a sentence."""
    return points(
        value * GRAINS if (value * GRAINS).denominator > 1 else int(value * GRAINS), Printing(places=3)
    )


def what_happened(kind_name: str, attrs: Mapping[str, Value], rules: Rules) -> str:
    """A fact nobody rewards, in words: its kind, and the first thing its kind says about it."""
    kind = rules.words.kinds.get(kind_name)
    named = [each.name for each in kind.attributes if each.required and each.name in attrs] if kind else []
    title = kind.title if kind else kind_name
    return f"{title}（{_told(named[0], attrs[named[0]], rules)}）" if named else title


def _told(name: str, value: Value, rules: Rules) -> str:
    if isinstance(value, Decimal | Fraction):
        return number(Fraction(value))
    return rules.words.shown(name, value)


def withdrawn(on: date) -> str:
    return f"已于{clock.written(on)}撤销"


def offset(on: date) -> str:
    return f"结账后于{clock.written(on)}撤销，在本期冲正"


def no_award(kind: str, attrs: Any, rules: Rules) -> str:
    """Why no rule rewards a fact: what the nearest rule asks for, else that there is none."""
    candidates = [award for award in rules.awards if kind in award.condition.kinds]
    if not candidates:
        return "规则未规定这种事项的分值"
    unmet = {award.id: award.condition.unmet(attrs) for award in candidates}
    nearest = min(candidates, key=lambda award: (len(unmet[award.id]), award.order))
    wanted = "、".join(test.words for test in unmet[nearest.id])
    if not wanted:
        wanted = f"符合“{nearest.where.text}”" if nearest.where else "其他条件"
    return f"规则未规定此情形的分值（“{nearest.title}”要求{wanted}）"


def not_in_force(award: Award) -> str:
    start = f"自{clock.written(award.values[0][0])}起施行"
    return f"当日不在该项施行期内（{start}{f'，至{clock.written(award.until)}止' if award.until else ''}）"


def out_of_range(value: Fraction, worth: Worth, printing: Printing) -> str:
    low, high = (number(limit) if limit is not None else "不限" for limit in (worth.lowest, worth.highest))
    return f"所填{number(value)}{printing.unit}超出规定范围（{low}至{high}）"


def once(per: Sequence[str], earlier: date, rules: Rules) -> str:
    known = rules.words.properties
    names = [
        "信息" if name == "item" else known[name].title for name in per if name == "item" or name in known
    ]
    return f"同一{'、同一'.join(names)}只计一次，已由{clock.written(earlier)}的一次计入"


def beaten(resolution: Resolution, by: Award) -> str:
    return f"{resolution.title}，已按“{by.title}”计入"


def shared(
    policy: Share, ways: int, whole: Grains, share: Grains, row: int, facets: Any, printing: Printing
) -> list[str]:
    """How a joint value was divided."""
    if ways == 1:
        return []
    persons = facets.rules.accounts == "persons"
    joint, own = (f"{ways}人共同署名", "本人") if persons else (f"{ways}家联合报送", "本家")
    who = f"{ways}人" if persons else f"{ways}家"
    if policy.policy == "each":
        return [f"{joint}各计全分" if printing.unit == "分" else f"{joint}各计全额"]
    if policy.policy == "first":
        return ["共同署名只计第一人" if persons else FIRST_ONLY]
    value = f"{points(whole, printing)}{printing.unit}"
    if policy.policy == "equal":
        return [f"{value}由{who}平均分摊"]
    if policy.policy == "formula":
        return [f"{joint}，{value}按规定的办法计算"]
    by = {"weights": "名次", "main": "主次", "roles": "角色", "recorded": "约定比例"}[policy.policy]
    part = Fraction(share) / Fraction(whole) if whole else Fraction(0)
    return [f"{value}由{who}按{by}分摊，{own}占{part.numerator}/{part.denominator}"]


def nobody(rule: Credit) -> str:
    return f"按规定不计入任何单位（{rule.basis}）"


def moved_to(host: UnitInfo | None) -> str:
    return f"按规定计入所属单位{host.name if host else ''}"


def moved_from(unit: UnitInfo | None) -> str:
    return f"由所属的{unit.name if unit else ''}转计"


def capped(cap: Cap, limit: Grains, lost: Grains, printing: Printing) -> str:
    span, unit = SPANS[cap.period], printing.unit
    if cap.what == "items":
        return f"{cap.title}{span}最多计{int(limit)}条，本条不计"
    if cap.what == "min":
        return f"{cap.title}{span}最多扣{points(-limit, printing)}{unit}，超出的{points(-lost, printing)}{unit}不扣"
    return f"{cap.title}{span}最多{points(limit, printing)}{unit}，超出的{points(lost, printing)}{unit}不计"


def too_late(rule: Booking) -> str:
    return f"超过规定的登记期限，不计分（{rule.title}）"


def task(quota: Quota, done: Told, amount: Grains, printing: Printing) -> str:
    """A task's line in words."""
    if done.missing:
        state = f"任务数{number(done.need)}，完成{number(done.done)}，差{number(done.missing)}"
    else:
        more = f"，超{number(done.extra)}" if done.extra else ""
        state = f"任务数{number(done.need)}，完成{number(done.done)}{more}"
    end = counted(amount, printing)
    return f"{quota.title}，{state}，{end}（依据：{quota.basis}）。"
