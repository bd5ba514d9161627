"""Messages in the order of time: the demo does some things of a month after others that are dated later."""

from sqlalchemy import bindparam, select, update

from core.db import db, transaction
from core.notices.models import Notice


def in_order() -> None:
    """Number the messages anew by when they were sent; lists of messages show the last number first."""
    with transaction():
        numbers = db.session.scalars(select(Notice.id).order_by(Notice.at, Notice.id)).all()
        rows = Notice.__table__
        places = [{"old": old, "new": -place} for place, old in enumerate(numbers, 1)]
        # First out of the way, so that no number is given twice.
        db.session.execute(
            update(rows).where(rows.c.id == bindparam("old")).values(id=bindparam("new")), places
        )
        db.session.execute(update(rows).where(rows.c.id < 0).values(id=-rows.c.id))
