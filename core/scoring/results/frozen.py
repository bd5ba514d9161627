"""A scoring result as text and back: canonical JSON, exact, so that equal results have equal digests. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.scoring.results.selections import Chosen
from core.scoring.values.fact import Contributor, Entry, Fact, Factors, Row, UnitInfo
from core.scoring.values.periods import Period

# How results are written: from form 2 on with the entries of persons, and names and figures of prizes.
FORM = 2
_TUPLES = {"units", "winners"}
_PARTS = {"persons", "parts"}


@dataclass(frozen=True)
class Result:
    """A period scored: what went in, what came out. `closed` tells whether it is frozen.

    `closings` are the closed periods it looked at (first day, last day, last register number); `form` is how it is
    written, an older one for what was closed then.
    """

    period: Period
    pack_ref: str
    facts: Sequence[Fact]
    units: Sequence[UnitInfo]
    entries: Sequence[Entry]
    rows: Sequence[Row]
    closed: bool = False
    persons: Sequence[Row] = ()
    prizes: Sequence[Chosen] = ()
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    closings: Sequence[tuple[int, int, int]] = ()
    person_entries: Sequence[Entry] = ()
    form: int = FORM

    def entries_of(self, unit: str) -> list[Entry]:
        """A unit's entries of the year."""
        return [e for e in self.entries if e.unit == unit]


def freeze(result: Result) -> tuple[str, str]:
    """Canonical JSON of a result, and its SHA-256."""
    content: dict[str, Any] = {
        "period": asdict(result.period),
        "pack": result.pack_ref,
        "facts": [asdict(f) for f in sorted(result.facts, key=lambda f: (f.number, f.id))],
        "units": [asdict(u) for u in sorted(result.units, key=lambda u: u.key)],
        "entries": [asdict(e) for e in result.entries],
        "rows": [asdict(r) for r in result.rows],
        "persons": [asdict(r) for r in result.persons],
        "prizes": [asdict(p) for p in result.prizes],
        "lists": {name: list(keys) for name, keys in result.lists.items()},
        "closings": [list(closing) for closing in result.closings],
        "person_entries": [asdict(e) for e in result.person_entries],
        "form": result.form,
    }
    if result.form == 1:
        del content["person_entries"], content["form"]
        content["prizes"] = [_without(prize, "names", "figures") for prize in content["prizes"]]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return text, digest(text)


def digest(text: str) -> str:
    """SHA-256 of a frozen result."""
    return hashlib.sha256(text.encode()).hexdigest()


def thaw(text: str) -> Result:
    """The reverse of `freeze`."""
    content = json.loads(text, object_hook=_exact)
    return Result(
        period=_made(Period, content["period"]),
        pack_ref=content["pack"],
        facts=[_made(Fact, f) for f in content["facts"]],
        units=[_made(UnitInfo, u) for u in content["units"]],
        entries=[_entry(e) for e in content["entries"]],
        rows=[_made(Row, r) for r in content["rows"]],
        closed=True,
        persons=[_made(Row, r) for r in content["persons"]],
        prizes=[_made(Chosen, p) for p in content["prizes"]],
        lists=content["lists"],
        closings=[(first, last, number) for first, last, number in content["closings"]],
        person_entries=[_entry(e) for e in content.get("person_entries", ())],
        form=content.get("form", 1),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Decimal | Fraction):
        return {"$number": str(Fraction(value))}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _exact(found: dict[str, Any]) -> Any:
    if found.keys() == {"$date"}:
        return date.fromisoformat(found["$date"])
    if found.keys() == {"$number"}:
        return Fraction(found["$number"])
    return found


def _without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _entry(values: Mapping[str, Any]) -> Entry:
    made: Entry = _made(Entry, {**values, "factors": _made(Factors, values["factors"])})
    return made


def _made(kind: type[Any], values: Mapping[str, Any]) -> Any:
    known = {}
    for each in fields(kind):
        if each.name not in values:
            continue  # not yet written in an older form
        value = values[each.name]
        if each.name in _TUPLES:
            value = tuple(value)
        elif each.name in _PARTS:
            value = tuple(_made(Contributor, part) for part in value)
        known[each.name] = value
    return kind(**known)
