"""Facts with parts, authors and records; closings know their facts."""

import sqlalchemy as sa
from alembic import op

from core.append_only import protect

revision = "core_0004"
down_revision = "core_0003"


def upgrade():
    op.create_table(
        "fact_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_role")),
        sa.UniqueConstraint("name", name=op.f("uq_fact_role_name")),
    )
    op.create_table(
        "fact_shape",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_shape")),
        sa.UniqueConstraint("digest", name=op.f("uq_fact_shape_digest")),
    )
    op.create_table(
        "fact_person",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_person_fact_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_fact_person_unit_id")),
        sa.PrimaryKeyConstraint("fact_id", "position", name=op.f("pk_fact_person")),
    )
    op.create_table(
        "fact_record",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_record_fact_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_fact_record_office_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_fact_record_unit_id")),
        sa.PrimaryKeyConstraint("office_id", "unit_id", "day", "fact_id", name=op.f("pk_fact_record")),
        sqlite_with_rowid=False,
    )
    op.add_column("fact_unit", sa.Column("role", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("fact_unit", sa.Column("weight", sa.String(length=20), nullable=True))
    op.add_column("frozen_run", sa.Column("last_fact", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("frozen_run", sa.Column("starts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("frozen_run", sa.Column("ends", sa.Integer(), nullable=False, server_default="0"))
    protect(op, "fact_person")
