"""Confirmations of the papers behind rule packs."""

import sqlalchemy as sa
from alembic import op

import core.db
from core.append_only import protect

revision = "core_0005"
down_revision = "core_0004"


def upgrade():
    op.create_table(
        "pack_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=420), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_confirmation")),
    )
    with op.batch_alter_table("pack_confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_confirmation_document"), ["document"], unique=False)
    protect(op, "pack_confirmation")
