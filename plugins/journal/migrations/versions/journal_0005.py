"""Steps of signature, forced publication, withdrawal and correction of whole issues."""

import json

import sqlalchemy as sa
from alembic import op

import core.db

revision = "journal_0005"
down_revision = "journal_0004"
MOMENT = core.db.UtcDateTime
# What every issue on its way has waited for so far.
ONE_STEP = {
    "steps": [{"id": "sign", "title": "签发", "roles": [], "posts": [], "optional_when": []}],
    "same_person": False, "approve_within": 1,
}  # fmt: skip


def upgrade():
    for column in (
        sa.Column("round", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sign_off", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("forced", sa.String(length=10), nullable=False, server_default=""),
        sa.Column("approve_by", sa.Date(), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False, server_default="valid"),
        sa.Column("standing_reason", sa.String(length=500), nullable=False, server_default=""),
        sa.Column("standing_at", MOMENT(), nullable=True),
        sa.Column("correction_reason", sa.String(length=500), nullable=False, server_default=""),
    ):
        op.add_column("journal_issue", column)
    op.add_column(
        "journal_item", sa.Column("went_along", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # A key to another table is added in place by plain SQL only; SQLite would write the table anew otherwise.
    for table, column, other in (
        ("journal_issue", "standing_by_id", "user_account"),
        ("journal_issue", "corrects_id", "journal_issue"),
        ("journal_item", "replaces_id", "journal_item"),
    ):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
            f" CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)"
        )
    op.create_index(op.f("ix_journal_issue_corrects_id"), "journal_issue", ["corrects_id"], unique=True)
    op.create_table(
        "journal_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_journal_decision_by_id")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["journal_issue.id"], name=op.f("fk_journal_decision_issue_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_decision")),
    )
    op.create_index(op.f("ix_journal_decision_issue_id_id"), "journal_decision", ["issue_id", "id"])
    _fill()


def _fill():
    """Issues on their way wait for the one step there was; what happened to all so far becomes decisions."""
    op.get_bind().execute(
        sa.text("UPDATE journal_issue SET round = 1, sign_off = :plan WHERE state = 'awaiting'"),
        {"plan": json.dumps(ONE_STEP, ensure_ascii=False)},
    )
    for kind, step, title, by, at in (
        ("sent", "", "", "sent_by_id", "sent_at"),
        ("signed", "sign", "签发", "published_by_id", "published_at"),
    ):
        op.execute(
            "INSERT INTO journal_decision (issue_id, round, kind, step, title, by_id, at, remark)"
            f" SELECT id, 1, '{kind}', '{step}', '{title}', {by}, {at}, '' FROM journal_issue"
            f" WHERE {by} IS NOT NULL AND {at} IS NOT NULL AND state IN ('awaiting', 'published') ORDER BY id"
        )
