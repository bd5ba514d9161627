"""Tables of fees: lists being drawn up, and approved lists, which nothing can change."""

import sqlalchemy as sa
from alembic import op

import core.db
from core.append_only import protect

revision = "fees_0001"
down_revision = None


def upgrade():
    op.create_table(
        "fees_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("period_key", sa.String(length=40), nullable=False),
        sa.Column("period_title", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("prepared_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('prepared', 'returned')", name=op.f("ck_fees_draft_state")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_fees_draft_office_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["user_account.id"], name=op.f("fk_fees_draft_prepared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fees_draft")),
        sa.UniqueConstraint("office_id", "period_key", name=op.f("uq_fees_draft_office_id_period_key")),
    )
    op.create_table(
        "fees_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("period_key", sa.String(length=40), nullable=False),
        sa.Column("period_title", sa.String(length=60), nullable=False),
        sa.Column("pack_ref", sa.String(length=90), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("payees", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("prepared_by", sa.String(length=100), nullable=False),
        sa.Column("approved_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_fees_list_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fees_list")),
        sa.UniqueConstraint("office_id", "period_key", name=op.f("uq_fees_list_office_id_period_key")),
    )
    protect(op, "fees_list")
