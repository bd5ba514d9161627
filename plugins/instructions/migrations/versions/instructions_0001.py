"""Table of instructions."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "instructions_0001"
down_revision = None


def upgrade():
    op.create_table(
        "instructions_instruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("leader_name", sa.String(length=40), nullable=False),
        sa.Column("leader_post", sa.String(length=60), nullable=False),
        sa.Column("leader_class", sa.String(length=60), nullable=False),
        sa.Column("class_title", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("level_title", sa.String(length=200), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("carrier_title", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("kind_title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_instructions_instruction_fact_id")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["user_account.id"], name=op.f("fk_instructions_instruction_leader_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_instructions_instruction_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_instructions_instruction_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_instructions_instruction_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user_account.id"], name=op.f("fk_instructions_instruction_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions_instruction")),
    )
    op.create_index(
        op.f("ix_instructions_instruction_leader_id"), "instructions_instruction", ["leader_id"], unique=False
    )
    op.create_index(
        op.f("ix_instructions_instruction_office_id_on"),
        "instructions_instruction",
        ["office_id", "on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_instructions_instruction_submission_id"),
        "instructions_instruction",
        ["submission_id"],
        unique=False,
    )
