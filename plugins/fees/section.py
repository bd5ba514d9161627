"""The section fees.yaml: its checks, and what the pack's examples promise under `paid`."""

from collections.abc import Iterable, Iterator
from typing import Any

from core.errors import PackError, near
from core.packs.content.format import ExampleResult, Pack, Section
from core.scoring.rules.compile import compiled, compiled_rule_set
from core.scoring.trying.example_reading import Case, cases
from core.scoring.trying.trial import Trial
from core.scoring.trying.trial import plain as exactly
from core.scoring.values.fact import FactKind
from core.scoring.values.periods import Period, periods_of
from core.scoring.values.points import number
from plugins.fees.pricing import (
    FILE,
    SEPARATOR,
    Tariff,
    fen_of,
    paid,
    payee_of,
    priced_lines,
    tariff_of,
    within,
    yuan,
)
from plugins.fees.schema import SAMPLE, Fees

WORDS = {
    "fees.yaml": "稿酬", "Fees.accounts": "付给谁", "Fees.period": "付酬周期", "Fees.rounding": "取整",
    "Fees.basis": "依据", "accounts=persons": "作者", "accounts=units": "单位",
    "rounding=total": "每人合计后取整", "rounding=line": "逐条取整",
}  # fmt: skip


def fees_section(kinds: Iterable[FactKind] = ()) -> Section:
    """The section for an installation with these kinds of facts."""
    known = tuple(kinds)

    def check(pack: Pack) -> list[PackError]:
        main, wrong = compiled(pack, known)
        if wrong:  # scoring.yaml reports it
            return []
        fees = pack.get(Fees)
        errors = compiled_rule_set(pack, fees, known, FILE, fees.accounts, main)[1]
        errors += _not_for_money(pack, fees)
        return errors or [error for case in cases(pack, main)[0] for error in _strangers(case, fees)]

    def run_examples(pack: Pack) -> list[ExampleResult]:
        tariff = tariff_of(pack, known)
        assert tariff  # only called where the section is there
        return [_run(case, tariff) for case in cases(pack, tariff.main)[0] if case.example.paid]

    def tried(trial: Trial) -> list[dict[str, Any]]:
        tariff = tariff_of(trial.pack, known)
        assert tariff  # only asked where the section is there
        return [_told(period, trial, tariff) for period in paying(tariff, trial.period)]

    return Section(
        "fees", Fees, SAMPLE, owner="fees", check=check, run_examples=run_examples, words=WORDS, tried=tried
    )


def paying(tariff: Tariff, period: Period) -> list[Period]:
    """The payment periods that lie within a scored one; a shorter one is looked at by itself."""
    found = periods_of(tariff.rules.calendar, period.year_key, tariff.fees.period)
    return [each for each in found if period.start <= each.start and each.end <= period.end] or [period]


def _told(period: Period, trial: Trial, tariff: Tariff) -> dict[str, Any]:
    """What a file of facts pays in a period: sums as printed, lines exactly."""
    lines = within(priced_lines(trial.facts, tariff, trial.units, period), period)
    units = {unit.key: unit for unit in trial.units}
    named = {line.payee: payee_of(line.payee, units) for line in lines}
    return {
        "period": {"key": period.key, "title": period.title},
        "paid": [
            {"name": named[key].name, "unit": named[key].unit, "yuan": yuan(fen)}
            for key, fen in paid(lines, tariff).items()
        ],
        "lines": [
            {"name": named[line.payee].name, "unit": named[line.payee].unit, "item": line.item, "fact": line.fact,
             "award": line.rule, "day": line.day.isoformat(), "amount": exactly(line.amount), "status": line.status,
             "sentence": line.sentence}
            for line in lines
        ],
    }  # fmt: skip


def _not_for_money(pack: Pack, fees: Fees) -> Iterator[PackError]:
    """What a rule set may say and a list of payments cannot follow."""
    if fees.printing.places > 2 or fees.printing.style != "decimal":
        yield PackError(
            "稿酬最小到分",
            where=pack.where(FILE, ("printing",)),
            reason="付款金额不能有三位小数或分数",
            advice="请写 style: decimal，places 写 0、1 或 2",
        )
    for name in ("quotas", "prizes", "lists", "rankings"):
        if getattr(fees, name):
            yield PackError(
                f"稿酬不能写 {name}",
                where=pack.where(FILE, (name,)),
                reason="稿酬只由计分事项算出，没有任务、奖项和名单",
                advice="请写在 scoring.yaml 中，或删去",
            )


def _strangers(case: Case, fees: Fees) -> Iterator[PackError]:
    """Promises about somebody who does not occur in the example."""
    names = [each.key for each in (case.units if fees.accounts == "units" else case.people)]
    for name in case.example.paid:
        if name not in names:
            who = "单位" if fees.accounts == "units" else "作者"
            advice = near(name, names) or f"可选：{'、'.join(names[:12]) or '无'}"
            yield PackError(f"{who}“{name}”不在用例“{case.example.name}”中", where=case.where, advice=advice)


def _run(case: Case, tariff: Tariff) -> ExampleResult:
    """Price one example and compare what it promises; a name is paid for all its units together."""
    lines = within(priced_lines(case.facts, tariff, case.units, case.period), case.period)
    got: dict[str, int] = {}
    for payee, fen in paid(lines, tariff).items():
        name = payee.rpartition(SEPARATOR)[2]
        got[name] = got.get(name, 0) + fen
    wanted = {name: number(written) for name, written in case.example.paid.items()}
    exact = {name: value * 100 == fen_of(value) for name, value in wanted.items()}
    expected = {
        f"{name} 稿酬": yuan(fen_of(value)) if exact[name] else str(value) for name, value in wanted.items()
    }
    found = {f"{name} 稿酬": yuan(got.get(name, 0)) for name in wanted}
    details = tuple(f"{line.payee.rpartition(SEPARATOR)[2]}：{line.sentence}" for line in lines)
    return ExampleResult(
        f"{case.example.name}（稿酬）", case.where, expected == found, expected, found, details
    )
