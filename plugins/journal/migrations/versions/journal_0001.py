"""First tables of the journal."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "journal_0001"
down_revision = None


def upgrade():
    op.create_table(
        "journal_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("journal", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("number_text", sa.String(length=60), nullable=False),
        sa.Column("total_text", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("pack_ref", sa.String(length=90), nullable=False),
        sa.Column("sent_back_reason", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting', 'published')", name=op.f("ck_journal_issue_state")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=op.f("fk_journal_issue_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_journal_issue_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_journal_issue_document_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_journal_issue_office_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_journal_issue_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user_account.id"], name=op.f("fk_journal_issue_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_issue")),
        sa.UniqueConstraint(
            "office_id", "journal", "total", name=op.f("uq_journal_issue_office_id_journal_total")
        ),
        sa.UniqueConstraint(
            "office_id",
            "journal",
            "year",
            "number",
            name=op.f("uq_journal_issue_office_id_journal_year_number"),
        ),
    )
    op.create_index(
        op.f("ix_journal_issue_office_id_state_id"),
        "journal_issue",
        ["office_id", "state", "id"],
        unique=False,
    )
    op.create_table(
        "journal_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("column_id", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=64), nullable=False),
        sa.Column("column_title", sa.String(length=60), nullable=False),
        sa.Column("outlet", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_journal_item_fact_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["journal_issue.id"], name=op.f("fk_journal_item_issue_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_journal_item_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user_account.id"], name=op.f("fk_journal_item_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_item")),
        sa.UniqueConstraint("issue_id", "submission_id", name=op.f("uq_journal_item_issue_id_submission_id")),
    )
    op.create_index(op.f("ix_journal_item_submission_id"), "journal_item", ["submission_id"], unique=False)
