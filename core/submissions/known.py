"""What people know an item by: until it is published its units know their own words, not the editors'.

An item that the office composed stands for reported ones. Plugins that compose say for which.
"""

from collections.abc import Collection

from sqlalchemy import select

from core.actors import Actor
from core.db import db
from core.permissions import allowed, reach
from core.plugins import collect
from core.submissions import revisions, workflow
from core.submissions.models import ITEM, Revision, Submission
from core.submissions.text import Block

UNNAMED = "编辑部门编成的信息"
STEP = 500


def reported(submission: Submission) -> list[Submission]:
    """The reported items an item stands for: itself, or those it was composed of."""
    if not submission.composed:
        return [submission]
    return list(dict.fromkeys(collect("reported_items", submission=submission)))


def counted(submission: Submission) -> list[Submission]:
    """The items that count in place of one that is absorbed; nothing when nobody says so."""
    if submission.state not in workflow.ABSORBED:
        return []
    return list(dict.fromkeys(collect("counted_items", submission=submission)))


def read_by(actor: Actor, submission: Submission) -> tuple[str, list[Block]]:
    """Title and text for somebody who may read the item, wherever they meet it."""
    own = reach(actor, "submission.view").units & submission.place().unit_ids
    if not own or allowed(actor, "submission.browse", submission):
        return submission.title, submission.body
    return to_units(own, submission)


def to_units(units: Collection[int], submission: Submission) -> tuple[str, list[Block]]:
    """Title and text as units that take part in an item know it."""
    if not submission.composed or submission.state not in workflow.WITHHELD:
        return revisions.units_text(submission)
    own = [each for each in reported(submission) if each.place().unit_ids & set(units)]
    texts = [revisions.units_text(each) for each in own]
    if not texts:
        return f"{UNNAMED}（{submission.id}）", []
    more = f"等 {len(texts)} 条" if len(texts) > 1 else ""
    return texts[0][0] + more, [block for _, body in texts for block in body]


def handed_over(submission: Submission) -> tuple[str, list[Block]]:
    """Title and text for a unit that takes no part in an item but is asked to act on it: what was reported."""
    units = {unit for each in reported(submission) for unit in each.place().unit_ids}
    return to_units(units, submission)


def withheld(office_id: int, units: Collection[int], items: Collection[str]) -> dict[str, str]:
    """By item key: what units know items by that are not published. Published items, and other things, are missing."""
    numbers = sorted(
        int(key.removeprefix(ITEM))
        for key in items
        if key.removeprefix(ITEM).isdecimal() and key.startswith(ITEM)
    )
    found: dict[str, str] = {}
    for start in range(0, len(numbers), STEP):
        found |= _not_shown(office_id, units, numbers[start : start + STEP])
    return found


def _not_shown(office_id: int, units: Collection[int], numbers: Collection[int]) -> dict[str, str]:
    """Of a few items: what units know those by that are not published. Only composed ones are loaded with their text."""
    within = Submission.office_id == office_id, Submission.state.not_in(workflow.SHOWN_TO_UNIT)
    columns = select(Submission.id, Submission.state, Submission.title, Submission.composed)
    rows = db.session.execute(columns.where(Submission.id.in_(numbers), *within)).all()
    own = _last_own_titles([row.id for row in rows if row.state in workflow.WITHHELD and not row.composed])
    found = {f"{ITEM}{row.id}": own.get(row.id, row.title) for row in rows if not row.composed}
    if composed := [row.id for row in rows if row.composed]:
        items = db.session.scalars(select(Submission).where(Submission.id.in_(composed), *within))
        found |= {each.item_key: to_units(units, each)[0] for each in items}
    return found


def _last_own_titles(numbers: Collection[int]) -> dict[int, str]:
    query = select(Revision.submission_id, Revision.title).where(
        Revision.submission_id.in_(numbers), Revision.by_office.is_(False)
    )
    return dict(db.session.execute(query.order_by(Revision.submission_id, Revision.number)).tuples().all())


def title(submission: Submission) -> str:
    """A title that everybody who takes part may read."""
    return to_units((), submission)[0]


def named(submission: Submission, source: Submission) -> str:
    """An item in a sentence for the people of a reported one that it stands for."""
    own = f"《{revisions.units_text(source)[0] or '无标题'}》"
    if source.id == submission.id:
        return own
    shown = submission.state not in workflow.WITHHELD
    return f"由{own}编成的" + (f"《{submission.title}》" if shown else "稿件")
