"""Notices to people."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "core_0008"
down_revision = "core_0007"


def upgrade():
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("read_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("taken_back_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("taken_back_why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_user_id_id"), ["user_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_user_id_read_at"), ["user_id", "read_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_about"), ["about"], unique=False)
