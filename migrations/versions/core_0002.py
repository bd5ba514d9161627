"""Signatures of rule packs, and the keys an installation trusts."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "core_0002"
down_revision = "core_0001"


def upgrade():
    op.create_table(
        "pack_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=False),
        sa.Column("added_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(length=100), nullable=False),
        sa.Column("revoked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("revoked_by", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_pack_key_key_id")),
    )
    op.create_table(
        "pack_signature",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["pack_version.id"], name=op.f("fk_pack_signature_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_pack_signature")),
    )
