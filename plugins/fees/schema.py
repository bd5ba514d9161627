"""fees.yaml as it is written: a rule set in money, whom it pays, and how often."""

from typing import Literal

from core.packs.content.fields import Title
from core.packs.content.sections import PeriodKind
from core.scoring.rules.schema import PrintingRule, RuleSet


class FeePrinting(PrintingRule):
    """How amounts are printed, and to how many places they are paid: 2 is the fen."""

    unit: Title = "元"


class Fees(RuleSet):
    """fees.yaml as a whole: a rule set like that of scoring.yaml whose values are money.

    `accounts`: whom it pays, the authors by name or the units. `period`: how often. `rounding`: each payee's sum of
    a period is rounded once (`total`), or every line by itself (`line`), to the places of `printing`.
    """

    accounts: Literal["units", "persons"] = "persons"
    period: PeriodKind = "half"
    basis: Title | None = None
    rounding: Literal["total", "line"] = "total"
    printing: FeePrinting = FeePrinting()


SAMPLE = """\
accounts: persons
period: half
awards:
  - id: adopted
    title: 稿酬（每分四元）
    when: {fact: adopted}
    points: {2024-01-01: fact_points * 4}
    basis: 办法第十条
"""
