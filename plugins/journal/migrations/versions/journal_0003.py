"""Who gets a published issue, and who has read it."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "journal_0003"
down_revision = "journal_0002"


def upgrade():
    op.add_column(
        "journal_issue", sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "journal_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=8), nullable=False),
        sa.Column("delivered_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("delivered_by_id", sa.Integer(), nullable=False),
        sa.Column("read_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("chased_at", core.db.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_journal_delivery_one_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["journal_issue.id"], name=op.f("fk_journal_delivery_issue_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_journal_delivery_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_journal_delivery_user_id")),
        sa.ForeignKeyConstraint(
            ["delivered_by_id"], ["user_account.id"], name=op.f("fk_journal_delivery_delivered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["user_account.id"], name=op.f("fk_journal_delivery_read_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_delivery")),
        sa.UniqueConstraint("issue_id", "unit_id", name=op.f("uq_journal_delivery_issue_id_unit_id")),
        sa.UniqueConstraint("issue_id", "user_id", name=op.f("uq_journal_delivery_issue_id_user_id")),
    )
    op.create_index(op.f("ix_journal_delivery_unit_id_issue_id"), "journal_delivery", ["unit_id", "issue_id"])
    op.create_index(op.f("ix_journal_delivery_user_id_issue_id"), "journal_delivery", ["user_id", "issue_id"])
    op.create_table(
        "journal_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("last_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["journal_issue.id"], name=op.f("fk_journal_reading_issue_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_journal_reading_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_reading")),
        sa.UniqueConstraint("issue_id", "user_id", name=op.f("uq_journal_reading_issue_id_user_id")),
    )
    op.create_index(op.f("ix_journal_reading_user_id_issue_id"), "journal_reading", ["user_id", "issue_id"])
