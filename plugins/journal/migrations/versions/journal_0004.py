"""Composing: editions, marks, notes and frames of issues; print options of items; the board's steps and presence."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "journal_0004"
down_revision = "journal_0003"
MOMENT = core.db.UtcDateTime


def upgrade():
    _issues()
    _items()
    op.create_table(
        "journal_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        sa.Column("undone_at", MOMENT(), nullable=True),
        *_belongs("journal_step", by_id="user_account", issue_id="journal_issue", submission_id="submission"),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_journal_step_issue_id_number")),
    )
    op.create_index(op.f("ix_journal_step_submission_id"), "journal_step", ["submission_id"], unique=False)
    op.create_table(
        "journal_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT(), nullable=False),
        *_belongs("journal_presence", issue_id="journal_issue", user_id="user_account"),
        sa.UniqueConstraint("issue_id", "user_id", name=op.f("uq_journal_presence_issue_id_user_id")),
    )
    op.create_table(
        "journal_frame",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("journal", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        *_belongs("journal_frame", by_id="user_account", office_id="office"),
        sa.UniqueConstraint(
            "office_id", "journal", "name", name=op.f("uq_journal_frame_office_id_journal_name")
        ),
    )
    op.create_table(
        "journal_carried",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("journal", sa.String(length=60), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("column_id", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        *_belongs("journal_carried", by_id="user_account", office_id="office", submission_id="submission"),
        sa.UniqueConstraint(
            "journal", "submission_id", name=op.f("uq_journal_carried_journal_submission_id")
        ),
    )
    op.create_index(op.f("ix_journal_carried_office_id_journal"), "journal_carried", ["office_id", "journal"])
    op.create_index(
        op.f("ix_journal_carried_submission_id"), "journal_carried", ["submission_id"], unique=False
    )


def _issues():
    for column in (
        sa.Column("edition", sa.String(length=60), nullable=False, server_default=""),
        sa.Column("secrecy", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("secrecy_years", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("frame", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("edits", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("journal_issue", column)


def _items():
    for column in (
        sa.Column("print_title", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("print_source", sa.String(length=1000), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("reprint", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("placed", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("journal_item", column)


def _belongs(table, **others):
    keys = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in others.items()
    ]
    return [*keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
