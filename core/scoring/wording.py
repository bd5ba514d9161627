"""The Chinese sentences of the ledger: why a line counts, counts less, or does not count."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

from core.scoring.fact import Fact, UnitInfo, Value
from core.scoring.points import Printing, mixed, show
from core.scoring.rules import Award, Cap, Credit, Resolution, Rules, Worth

SPANS = {"month": "当月", "quarter": "本季度", "half": "本半年", "year": "本年"}
FIRST_ONLY = "联合报送只计第一家"


class Told(Protocol):
    """What a sentence needs to know of a line."""

    @property
    def fact(self) -> Fact: ...
    @property
    def attrs(self) -> Mapping[str, Value]: ...
    @property
    def award(self) -> Award | None: ...
    @property
    def amount(self) -> int: ...
    @property
    def why(self) -> tuple[str, ...]: ...


def sentence(line: Told, rules: Rules) -> str:
    """One line of the ledger in words: the award, what happened, the points, the article."""
    head = line.award.title if line.award else what_happened(line.fact, line.attrs, rules)
    end = f"计{points(line.amount, rules.printing)}分" if line.amount else "不计分"
    basis = f"（依据：{line.award.basis}）" if line.award else ""
    return "，".join([head, *line.why, end]) + basis + "。"


@lru_cache(maxsize=1024)
def points(grains: int, printing: Printing) -> str:
    """Points in a sentence; where printing would round, the exact fraction."""
    text = show(grains, printing)
    return text if show(grains, Printing("fraction")) == text else mixed(grains)


def what_happened(fact: Fact, attrs: Mapping[str, Value], rules: Rules) -> str:
    """A fact nobody rewards, in words: its kind, and the first thing its kind says about it."""
    kind = rules.words.kinds.get(fact.kind)
    named = [each.name for each in kind.attributes if each.required and each.name in attrs] if kind else []
    title = kind.title if kind else fact.kind
    return f"{title}（{rules.words.shown(named[0], attrs[named[0]])}）" if named else title


def chinese_day(day: date) -> str:
    """2013年4月1日"""
    return f"{day.year}年{day.month}月{day.day}日"


def withdrawn(by: Fact) -> str:
    return f"已于{chinese_day(by.on)}撤销"


def no_award(fact: Fact, attrs: Mapping[str, Value], rules: Rules) -> str:
    """Why no rule rewards a fact: what the nearest rule asks for, else that there is none."""
    candidates = [award for award in rules.awards if fact.kind in award.condition.kinds]
    if not candidates:
        return "规则未规定这种事项的分值"
    unmet = {award.id: award.condition.unmet(attrs) for award in candidates}
    nearest = min(candidates, key=lambda award: (len(unmet[award.id]), award.order))
    wanted = "、".join(test.words for test in unmet[nearest.id])
    return f"规则未规定此情形的分值（“{nearest.title}”要求{wanted}）"


def not_in_force(award: Award) -> str:
    start = f"自{chinese_day(award.values[0][0])}起施行"
    return f"当日不在该项施行期内（{start}{f'，至{chinese_day(award.until)}止' if award.until else ''}）"


def out_of_range(amount: int, worth: Worth, printing: Printing) -> str:
    low, high = (
        show(limit, printing) if limit is not None else "不限" for limit in (worth.lowest, worth.highest)
    )
    return f"所填{show(amount, printing)}分超出规定范围（{low}至{high}）"


def once(award: Award, earlier: Fact, rules: Rules) -> str:
    known = rules.words.properties
    names = [
        "信息" if name == "item" else known[name].title
        for name in award.once_per
        if name == "item" or name in known
    ]
    return f"同一{'、同一'.join(names)}只计一次，已由{chinese_day(earlier.on)}的一次计入"


def beaten(resolution: Resolution, by: Award | None, rules: Rules) -> str:
    return f"{resolution.title}，已按“{by.title if by else ''}”计入"


def each(ways: int) -> Sequence[str]:
    return [f"{ways}家联合报送各计全分"] if ways > 1 else []


def equal(whole: int, ways: int, printing: Printing) -> str:
    return f"{points(whole, printing)}分由{ways}家平均分摊"


def nobody(rule: Credit) -> str:
    return f"按规定不计入任何单位（{rule.basis}）"


def moved_to(host: UnitInfo) -> str:
    return f"按规定计入所属单位{host.name}"


def moved_from(unit: UnitInfo) -> str:
    return f"由所属的{unit.name}转计"


def capped(cap: Cap, limit: int, lost: int, printing: Printing) -> str:
    return (
        f"{cap.title}{SPANS[cap.period]}最多{points(limit, printing)}分，超出的{points(lost, printing)}分不计"
    )
