"""What editors have seen, their filters and phrases."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "newsdesk_0001"
down_revision = None


def upgrade():
    op.create_table(
        "newsdesk_seen",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_newsdesk_seen_user_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_newsdesk_seen_submission_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "submission_id", name=op.f("pk_newsdesk_seen")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "newsdesk_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("changed_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_newsdesk_filter_office_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_newsdesk_filter_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsdesk_filter")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_newsdesk_filter_owner_id_name")),
    )
    op.create_index(op.f("ix_newsdesk_filter_office_id_shared"), "newsdesk_filter", ["office_id", "shared"])
    op.create_table(
        "newsdesk_default",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("filter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_newsdesk_default_user_id")),
        sa.ForeignKeyConstraint(
            ["filter_id"],
            ["newsdesk_filter.id"],
            name=op.f("fk_newsdesk_default_filter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_newsdesk_default")),
    )
    op.create_index(op.f("ix_newsdesk_default_filter_id"), "newsdesk_default", ["filter_id"])
    op.create_table(
        "newsdesk_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("use", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_newsdesk_phrase_office_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_newsdesk_phrase_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsdesk_phrase")),
    )
    op.create_index(
        op.f("ix_newsdesk_phrase_office_id_owner_id"), "newsdesk_phrase", ["office_id", "owner_id"]
    )
