"""Numbers without gap or repeat: the next one is looked at first, and taken in the transaction that uses it."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db import db
from core.documents.models import NumberSeries
from core.errors import Conflict


def upcoming(office_id: int, series: str, start: int = 1) -> int:
    """The number the series would give next; nothing is taken."""
    found = _series(office_id, series)
    return found.last + 1 if found else start


def take(office_id: int, series: str, number: int, start: int = 1) -> None:
    """Take this very number inside the running transaction.

    Raises Conflict when somebody else has taken it meanwhile: the document is then rendered again.
    """
    found = _series(office_id, series, lock=True)
    taken = Conflict(f"编号 {number} 刚刚被别人使用", advice="请重试，系统会自动顺延")
    if number != (found.last + 1 if found else start):
        raise taken
    if found:
        found.last = number
    else:
        db.session.add(NumberSeries(office_id=office_id, series=series, last=number))
    try:
        db.session.flush()
    except IntegrityError:  # two began the series together: there was no row yet to lock
        raise taken from None


def _series(office_id: int, series: str, *, lock: bool = False) -> NumberSeries | None:
    query = select(NumberSeries).where(NumberSeries.office_id == office_id, NumberSeries.series == series)
    return db.session.scalar(query.with_for_update() if lock else query)
