"""Days an office has declared worked or free."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "core_0007"
down_revision = "core_0006"


def upgrade():
    op.create_table(
        "workday_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_workday_change_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_workday_change_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workday_change")),
        sa.UniqueConstraint("office_id", "day", name=op.f("uq_workday_change_office_id_day")),
    )
