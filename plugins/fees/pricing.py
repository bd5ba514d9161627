"""Price the facts of a payment period: lines in exact money, sums in fen. Pure: no database, no web.

    due = priced_lines(facts, tariff, units, period)     # every line of the year up to the period's end
    fen = paid(lines, tariff)                            # what a payee gets, rounded as the pack says

An author is paid by name and unit: two people of one name in two units are two payees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from core.packs.content.format import Pack
from core.scoring.results.outcome import priced
from core.scoring.rules.compile import compile_pack, compiled_rule_set
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import STATUS_TITLES, Contributor, Entry, Fact, FactKind, UnitInfo
from core.scoring.values.periods import Period
from core.scoring.values.points import GRAINS
from plugins.fees.schema import Fees

FILE = "fees.yaml"
FEN = 100
SEPARATOR = "\n"


@dataclass(frozen=True)
class Tariff:
    """What a pack says about fees, ready to be used: its own rules, those of scoring.yaml, and the pack's reference."""

    fees: Fees
    rules: Rules
    main: Rules
    ref: str


@dataclass(frozen=True)
class Payee:
    """Somebody paid: an author with the unit, or a unit."""

    key: str
    name: str
    unit: str


@dataclass(frozen=True)
class Line:
    """What one rule gives a payee for one fact. `amount` is exact, in yuan; lines worth nothing say why."""

    payee: str
    fact: str
    item: str | None
    title: str
    rule: str
    rule_title: str
    basis: str
    day: date
    amount: Fraction
    status: str
    sentence: str

    @property
    def mark(self) -> tuple[str, str, str]:
        """What the same line is known by when it is worked out again."""
        return self.payee, self.fact, self.rule


def tariff_of(pack: Pack, kinds: Iterable[FactKind]) -> Tariff | None:
    """The fees of a pack; None when it does not speak of fees. Raises Findings when its rules do not fit together."""
    fees = pack.sections.get("fees")
    if not isinstance(fees, Fees):
        return None
    known = list(kinds)
    main = compile_pack(pack, known)
    rules, _ = compiled_rule_set(pack, fees, known, FILE, fees.accounts, main)
    return Tariff(fees, rules, main, f"{pack.manifest.id}@{pack.manifest.version}")


def priced_lines(
    facts: Iterable[Fact], tariff: Tariff, units: Sequence[UnitInfo], period: Period
) -> list[Line]:
    """Every line of the scoring year up to the end of a period, those worth nothing included."""
    known = {unit.key: unit for unit in units}
    listed = [_by_person_and_unit(fact) for fact in facts]
    payees = list(units) if tariff.fees.accounts == "units" else _authors(listed, known)
    ledger = priced(listed, tariff.rules, tariff.main, payees, known, period)
    return [_line(entry, tariff) for entry in ledger.entries()]


def within(lines: Iterable[Line], period: Period) -> list[Line]:
    """The lines of a period."""
    return [line for line in lines if line.day in period]


def paid(lines: Iterable[Line], tariff: Tariff) -> dict[str, int]:
    """What each payee gets for some lines, in fen; rounded half away from zero, as the pack says."""
    exact: dict[str, Fraction] = {}
    for line in lines:
        exact[line.payee] = exact.get(line.payee, Fraction(0)) + line.amount
    return {payee: fen_of(amount, tariff.rules.printing.places) for payee, amount in exact.items()}


def payee_of(key: str, units: Mapping[str, UnitInfo]) -> Payee:
    """The payee behind an account."""
    unit, _, name = key.rpartition(SEPARATOR)
    if name and SEPARATOR in key:
        return Payee(key, name, unit)
    return Payee(key, units[key].name if key in units else key, key)


def fen_of(amount: Fraction, places: int = 2) -> int:
    """Yuan as fen, rounded to so many places of a yuan."""
    step = 10 ** (2 - places)
    whole = abs(amount) * FEN / step
    counted = int(whole + Fraction(1, 2))
    return (counted if amount >= 0 else -counted) * step


def yuan(fen: int) -> str:
    """An amount as lists of money write it: 1234.50."""
    whole, part = divmod(abs(fen), FEN)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"


def _by_person_and_unit(fact: Fact) -> Fact:
    """The fact with authors known by unit and name."""
    home = fact.units[0] if fact.units else ""
    return replace(fact, persons=tuple(_keyed(person, person.unit or home) for person in fact.persons))


def _keyed(person: Contributor, unit: str) -> Contributor:
    return replace(person, key=f"{unit}{SEPARATOR}{person.name}", unit=unit)


def _authors(facts: Sequence[Fact], units: Mapping[str, UnitInfo]) -> list[UnitInfo]:
    """The authors as accounts, in the order in which they first appear, with group and class of their unit."""
    found: dict[str, UnitInfo] = {}
    for person in (person for fact in facts for person in fact.persons):
        home = units.get(person.unit or "")
        if person.key not in found:
            name = person.key.rpartition(SEPARATOR)[2]
            found[person.key] = UnitInfo(
                person.key, name, home.group if home else "", home.klass if home else None,
                host=home.key if home else None, order=len(found), attributes=home.attributes if home else {},
            )  # fmt: skip
    return list(found.values())


def _line(entry: Entry, tariff: Tariff) -> Line:
    amount = Fraction(entry.amount) / GRAINS
    if tariff.fees.rounding == "line":
        amount = Fraction(fen_of(amount, tariff.rules.printing.places), FEN)
    return Line(
        entry.unit, entry.fact, entry.item, entry.title, entry.rule, entry.rule_title, entry.basis, entry.day, amount,
        entry.status, entry.sentence,
    )  # fmt: skip


def status_title(status: str) -> str:
    """What a line's state is called on a list of money."""
    titles = {"live": "计酬", "superseded": "同条不重复付", "uncredited": "不计酬"}
    return titles.get(status, STATUS_TITLES.get(status, status))  # type: ignore[call-overload]
