"""A scoring result as text and back: canonical JSON, exact, so that equal results have equal digests. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from core.scoring.fact import Entry, Fact, Factors, Row, UnitInfo
from core.scoring.periods import Period

_DATES = {"on", "day", "start", "end", "valid_from", "valid_to"}
_TUPLES = {"units", "persons"}


@dataclass(frozen=True)
class Result:
    """A period scored: what went in, what came out. `closed` tells whether it is frozen."""

    period: Period
    pack_ref: str
    facts: Sequence[Fact]
    units: Sequence[UnitInfo]
    entries: Sequence[Entry]
    rows: Sequence[Row]
    closed: bool = False

    def entries_of(self, unit: str) -> list[Entry]:
        """A unit's entries of the period."""
        return [e for e in self.entries if e.unit == unit and e.day in self.period]


def freeze(result: Result) -> tuple[str, str]:
    """Canonical JSON of a result, and its SHA-256."""
    content = {
        "period": asdict(result.period),
        "pack": result.pack_ref,
        "facts": [asdict(f) for f in sorted(result.facts, key=lambda f: f.id)],
        "units": [asdict(u) for u in sorted(result.units, key=lambda u: u.key)],
        "entries": [asdict(e) for e in result.entries],
        "rows": [asdict(r) for r in result.rows],
    }
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
        entries=[_made(Entry, {**e, "factors": _made(Factors, e["factors"])}) for e in content["entries"]],
        rows=[_made(Row, r) for r in content["rows"]],
        closed=True,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _exact(found: dict[str, Any]) -> Any:
    return Decimal(found["decimal"]) if found.keys() == {"decimal"} else found


def _made(kind: type[Any], values: Mapping[str, Any]) -> Any:
    known = {}
    for field in fields(kind):
        value = values[field.name]
        if field.name in _DATES and isinstance(value, str):
            value = date.fromisoformat(value)
        elif field.name in _TUPLES:
            value = tuple(value)
        known[field.name] = value
    return kind(**known)
