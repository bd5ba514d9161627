"""How long an item's text is that its unit sent, where the editors have changed it: the unit's lists go by that."""

import sqlalchemy as sa
from alembic import op

from core.submissions.text import count

revision = "core_0015"
down_revision = "core_0014"

item = sa.table("submission", sa.column("id", sa.Integer), sa.column("own_characters", sa.Integer))
kept = sa.table(
    "revision",
    sa.column("submission_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("body", sa.JSON),
    sa.column("by_office", sa.Boolean),
)


def upgrade():
    op.add_column("submission", sa.Column("own_characters", sa.Integer(), nullable=True))
    later, edited = kept.alias("later"), kept.alias("edited")
    newer = sa.exists().where(later.c.submission_id == kept.c.submission_id, later.c.number > kept.c.number)
    changed = sa.exists().where(
        edited.c.submission_id == kept.c.submission_id, edited.c.number > kept.c.number, edited.c.by_office
    )
    last = sa.select(kept.c.submission_id, kept.c.body).where(
        ~kept.c.by_office, changed, ~newer.where(~later.c.by_office)
    )
    db = op.get_bind()
    for submission_id, body in db.execute(last).all():
        db.execute(sa.update(item).where(item.c.id == submission_id).values(own_characters=count(body)))
