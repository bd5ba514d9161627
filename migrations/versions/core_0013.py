"""Who is editing an item right now."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "core_0013"
down_revision = "core_0012"


def upgrade():
    op.create_table(
        "submission_lease",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("since", core.db.UtcDateTime(), nullable=False),
        sa.Column("until", core.db.UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_lease_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["user_account.id"], name=op.f("fk_submission_lease_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_submission_lease_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_lease")),
    )
    op.create_index(op.f("ix_submission_lease_holder_id"), "submission_lease", ["holder_id"])
