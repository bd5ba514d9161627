"""First table of composites."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "composites_0001"
down_revision = None


def upgrade():
    op.create_table(
        "composites_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("share", sa.String(length=20), nullable=False),
        sa.Column("was", sa.String(length=12), nullable=False),
        sa.Column("was_editor_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=False),
        sa.Column("ended_as", sa.String(length=4), nullable=False),
        sa.CheckConstraint("kind IN ('merge', 'split')", name=op.f("ck_composites_link_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_composites_link_by_id")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_composites_link_ended_by_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["submission.id"], name=op.f("fk_composites_link_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["submission.id"], name=op.f("fk_composites_link_target_id")),
        sa.ForeignKeyConstraint(
            ["was_editor_id"], ["user_account.id"], name=op.f("fk_composites_link_was_editor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composites_link")),
    )
    op.create_index(
        op.f("ix_composites_link_source_id_ended_at"),
        "composites_link",
        ["source_id", "ended_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_composites_link_target_id_ended_at_position"),
        "composites_link",
        ["target_id", "ended_at", "position"],
        unique=False,
    )
