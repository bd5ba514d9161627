"""Bound volumes of journals."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "journal_0006"
down_revision = "journal_0005"


def upgrade():
    op.create_table(
        "journal_volume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("journal", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("classification", sa.String(length=20), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_journal_volume_office_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_journal_volume_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_volume")),
    )
    op.create_index(op.f("ix_journal_volume_office_id_id"), "journal_volume", ["office_id", "id"])
