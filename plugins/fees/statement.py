"""The fees of a payment period as one list: what each payee gets now, and what corrects lists paid before. Pure.

A paid list never moves. When a fact of its period is withdrawn, entered late, or outdone by a later adoption, the next
list shows the difference between what that period comes to now and what has been paid for it so far.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from core.scoring.values.fact import WITHDRAWN, Fact, UnitInfo
from core.scoring.values.periods import Period, year_of_period
from plugins.fees.pricing import Line, Payee, Tariff, paid, payee_of, priced_lines, within


@dataclass(frozen=True)
class Change:
    """A line of a period paid before: what was paid for it, what it comes to now, and why."""

    fact: str
    rule: str
    title: str
    rule_title: str
    day: date
    was: Fraction
    now: Fraction
    sentence: str


@dataclass(frozen=True)
class Adjustment:
    """What a list corrects about one earlier period, in fen, with the lines that changed."""

    period_key: str
    period_title: str
    fen: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Payment:
    """What a list pays somebody."""

    payee: Payee
    own: int
    lines: tuple[Line, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def adjusted(self) -> int:
        """The corrections of earlier periods together, in fen."""
        return sum(each.fen for each in self.adjustments)

    @property
    def total(self) -> int:
        """What is paid, in fen; below nought it is to be taken back."""
        return self.own + self.adjusted


@dataclass(frozen=True)
class Statement:
    """A list of fees. `after` are the digests of the earlier lists it looked at."""

    period: Period
    pack: str
    payments: tuple[Payment, ...]
    after: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Everything paid, in fen."""
        return sum(payment.total for payment in self.payments)


@dataclass(frozen=True)
class Earlier:
    """A list approved before, with the tariff it was drawn up by."""

    statement: Statement
    digest: str
    tariff: Tariff


@dataclass
class _Settled:
    """What has been paid so far for a period, list by list."""

    fen: dict[str, int] = field(default_factory=dict)
    lines: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)


def drawn_up(
    facts: Sequence[Fact],
    tariff: Tariff,
    units: Sequence[UnitInfo],
    period: Period,
    earlier: Sequence[Earlier] = (),
) -> Statement:
    """The list of a payment period; `earlier` lists in the order in which they were approved."""
    known = {unit.key: unit for unit in units}
    lines = within(priced_lines(_until(facts, period), tariff, units, period), period)
    own = paid(lines, tariff)
    corrected: dict[str, list[Adjustment]] = {}
    settled = _settled(earlier)
    before = sorted(earlier, key=lambda each: each.statement.period.start)
    for each in (e for e in before if e.statement.period.end < period.start):
        for payee, found in _corrections(each, facts, units, period, settled[each.statement.period.key]):
            corrected.setdefault(payee, []).append(found)
    keys = sorted({*own, *corrected}, key=lambda key: _order(payee_of(key, known), known))
    payments = tuple(
        Payment(
            payee_of(key, known), own.get(key, 0), tuple(line for line in lines if line.payee == key),
            tuple(corrected.get(key, ())),
        )
        for key in keys
    )  # fmt: skip
    return Statement(period, tariff.ref, payments, tuple(each.digest for each in earlier))


def _until(facts: Sequence[Fact], period: Period) -> list[Fact]:
    """What had happened by the end of a period; a withdrawal counts whenever it came."""
    return [fact for fact in facts if fact.on <= period.end or fact.kind == WITHDRAWN]


def _order(payee: Payee, units: Mapping[str, UnitInfo]) -> tuple[int, str, str]:
    unit = units.get(payee.unit)
    return (unit.order if unit else 1 << 30, payee.unit, payee.name)


def _settled(earlier: Iterable[Earlier]) -> dict[str, _Settled]:
    """By period: what earlier lists have paid for it, first in its own list and then as corrections."""
    found: dict[str, _Settled] = {}
    for each in earlier:
        statement = each.statement
        own = found.setdefault(statement.period.key, _Settled())
        for payment in statement.payments:
            payee = payment.payee.key
            own.fen[payee] = own.fen.get(payee, 0) + payment.own
            own.lines.update({line.mark: line.amount for line in payment.lines})
            for adjustment in payment.adjustments:
                told = found.setdefault(adjustment.period_key, _Settled())
                told.fen[payee] = told.fen.get(payee, 0) + adjustment.fen
                told.lines.update({(payee, c.fact, c.rule): c.now for c in adjustment.changes})
    return found


def _corrections(
    each: Earlier, facts: Sequence[Fact], units: Sequence[UnitInfo], period: Period, settled: _Settled
) -> Iterable[tuple[str, Adjustment]]:
    """What an earlier period comes to now, payee by payee, as far as it differs from what was paid for it."""
    paid_for, tariff = each.statement.period, each.tariff
    horizon = (
        period if paid_for.year_key == period.year_key else year_of_period(tariff.rules.calendar, paid_for)
    )
    lines = within(priced_lines(_until(facts, horizon), tariff, units, horizon), paid_for)
    now = paid(lines, tariff)
    was = {line.mark: line for payment in each.statement.payments for line in payment.lines}
    for payee in sorted({*now, *settled.fen}):
        changes = tuple(_changes(payee, lines, was, settled.lines))
        fen = now.get(payee, 0) - settled.fen.get(payee, 0)
        if fen:
            yield payee, Adjustment(paid_for.key, paid_for.title, fen, changes)


def _changes(
    payee: str, lines: Sequence[Line], was: Mapping[tuple[str, str, str], Line],
    settled: Mapping[tuple[str, str, str], Fraction],
) -> Iterable[Change]:  # fmt: skip
    now = {line.mark: line for line in lines if line.payee == payee}
    for mark, line in now.items():
        before = settled.get(mark, Fraction(0))
        if before != line.amount:
            yield Change(
                line.fact,
                line.rule,
                line.title,
                line.rule_title,
                line.day,
                before,
                line.amount,
                line.sentence,
            )
    for mark, before in settled.items():
        if mark[0] == payee and mark not in now and before and mark in was:
            line = was[mark]
            yield Change(
                line.fact,
                line.rule,
                line.title,
                line.rule_title,
                line.day,
                before,
                Fraction(0),
                "本期已不计酬。",
            )


# ---- as text, and back ----------------------------------------------------------------------------------------------


def written(statement: Statement) -> tuple[str, str]:
    """Canonical JSON of a list, and its SHA-256."""
    text = json.dumps(
        asdict(statement), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return text, hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Statement:
    """The reverse of `written`."""
    found = json.loads(text)
    return Statement(
        _period(found["period"]),
        found["pack"],
        tuple(map(_payment, found["payments"])),
        tuple(found["after"]),
    )


def _period(found: Mapping[str, Any]) -> Period:
    days = {name: date.fromisoformat(found[name]) for name in ("start", "end")}
    return Period(**{**found, **days})


def _payment(found: Mapping[str, Any]) -> Payment:
    lines = tuple(Line(**{**each, **_exact(each, "amount")}) for each in found["lines"])
    adjustments = tuple(
        Adjustment(
            **{**each, "changes": tuple(Change(**{**c, **_exact(c, "was", "now")}) for c in each["changes"])}
        )
        for each in found["adjustments"]
    )
    return Payment(Payee(**found["payee"]), found["own"], lines, adjustments)


def _exact(found: Mapping[str, Any], *amounts: str) -> dict[str, Any]:
    return {"day": date.fromisoformat(found["day"]), **{name: Fraction(found[name]) for name in amounts}}
