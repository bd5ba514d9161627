"""Read an office's working days, enter a year's arrangement, take a day out again."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import delete, select

from core import audit, clock
from core.actors import Actor
from core.db import db, read_again, read_once, transaction
from core.errors import InvalidInput, NotFound
from core.permissions import Place, require
from core.tabular import cell_of, day_of
from core.workdays.calendar import Special, Workdays
from core.workdays.models import WorkdayChange

WORDS = {"休": False, "放假": False, "休息": False, "班": True, "上班": True, "调休上班": True}
LONGEST = 15  # days of one holiday
MOST_LINES = 120
MARKS = ("至", "～", "~", "—")


def workdays_of(office_id: int) -> Workdays:
    """The working days of an office, read once in a transaction."""
    return read_once(("workdays", office_id), lambda: Workdays(_changes(office_id)))


def _changes(office_id: int) -> dict[date, Special]:
    rows = db.session.scalars(select(WorkdayChange).where(WorkdayChange.office_id == office_id))
    return {row.day: Special(row.day, row.working, row.title, own=True) for row in rows}


def enter(actor: Actor, office_id: int, text: str, year: int) -> int:
    """Enter days from a list, one or a span in a line: “10月1日至10月7日 休 国庆节”. All lines or none.

    Returns how many days were entered. A day entered before is replaced. Raises InvalidInput naming the line.
    """
    found = {special.day: special for special in read(text, year)}
    if not found:
        raise InvalidInput(
            "没有可登记的日期", where="放假安排", advice="每行一天或一段，如“2027-01-01 休 元旦”"
        )
    with transaction():
        require(actor, "workday.edit", Place(office_id))
        db.session.execute(
            delete(WorkdayChange).where(
                WorkdayChange.office_id == office_id, WorkdayChange.day.in_(sorted(found))
            )
        )
        for special in found.values():
            db.session.add(
                WorkdayChange(
                    office_id=office_id, day=special.day, working=special.working, title=special.title,
                    by_id=actor.id, at=clock.now(),
                )
            )  # fmt: skip
        read_again(("workdays", office_id))
        days = [f"{day.isoformat()}{'班' if found[day].working else '休'}" for day in sorted(found)]
        audit.note(actor, "登记放假安排", "、".join(days[:20]), office_id=office_id, days=len(days))
    return len(found)


def remove(actor: Actor, office_id: int, day: date) -> None:
    """Take an entered day out: the published table holds again. Raises NotFound."""
    with transaction():
        require(actor, "workday.edit", Place(office_id))
        found = db.session.scalar(
            select(WorkdayChange).where(WorkdayChange.office_id == office_id, WorkdayChange.day == day)
        )
        if not found:
            raise NotFound("没有登记过这一天", advice="请刷新页面查看")
        db.session.delete(found)
        read_again(("workdays", office_id))
        audit.note(actor, "删除放假安排", day.isoformat(), office_id=office_id)


def read(text: str, year: int) -> list[Special]:
    """The days of a pasted list. Raises InvalidInput naming the first line that is not understood."""
    lines = [(n, cell_of(line)) for n, line in enumerate(text.splitlines(), 1)]
    lines = [(n, line) for n, line in lines if line]
    if len(lines) > MOST_LINES:
        raise InvalidInput(f"一次最多登记 {MOST_LINES} 行", where="放假安排", advice="请分几次登记")
    return [special for n, line in lines for special in _line(n, line, year)]


def _line(number: int, line: str, year: int) -> Iterator[Special]:
    when, _, rest = line.partition(" ")
    word, _, title = rest.strip().partition(" ")
    if word not in WORDS:
        raise _not_understood(number, line, "第二栏应写“休”或“班”")
    for day in _days(number, line, when, year):
        yield Special(day, WORDS[word], cell_of(title)[:40], own=True)


def _days(number: int, line: str, when: str, year: int) -> Iterable[date]:
    parts = [when]
    for mark in MARKS:
        if mark in when:
            parts = when.split(mark)
    ends = [day_of(part, year) for part in parts]
    if not 1 <= len(ends) <= 2 or any(day is None for day in ends):
        raise _not_understood(number, line, "日期应写成 2027-01-01、1月1日，或“1月1日至1月3日”")
    first, last = ends[0], ends[-1]
    assert first is not None and last is not None
    if not 0 <= (last - first).days < LONGEST:
        raise _not_understood(number, line, f"一段最多 {LONGEST} 天，且后一日不早于前一日")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _not_understood(number: int, line: str, advice: str) -> InvalidInput:
    return InvalidInput(f"第 {number} 行“{line[:30]}”看不懂", where="放假安排", advice=advice)
