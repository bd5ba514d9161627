"""Remarks and phrases not to be told of again."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "proofreading_0001"
down_revision = None


def upgrade():
    op.create_table(
        "proofreading_dismissal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_proofreading_dismissal_submission_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_proofreading_dismissal_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofreading_dismissal")),
        sa.UniqueConstraint(
            "submission_id",
            "by_office",
            "mark",
            name=op.f("uq_proofreading_dismissal_submission_id_by_office_mark"),
        ),
    )
    op.create_table(
        "proofreading_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("phrase", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_proofreading_phrase_office_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_proofreading_phrase_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofreading_phrase")),
        sa.UniqueConstraint(
            "office_id", "rule", "phrase", name=op.f("uq_proofreading_phrase_office_id_rule_phrase")
        ),
    )
    op.create_index(op.f("ix_proofreading_phrase_office_id_at"), "proofreading_phrase", ["office_id", "at"])
