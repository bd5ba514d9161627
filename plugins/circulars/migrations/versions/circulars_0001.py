"""Table of circulars."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "circulars_0001"
down_revision = None


def upgrade():
    op.create_table(
        "circulars_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("kind_title", sa.String(length=200), nullable=False),
        sa.Column("period_key", sa.String(length=40), nullable=False),
        sa.Column("period_title", sa.String(length=60), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "(state = 'issued') = (document_id IS NOT NULL)", name=op.f("ck_circulars_draft_issued")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'issued')", name=op.f("ck_circulars_draft_state")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_circulars_draft_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user_account.id"], name=op.f("fk_circulars_draft_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_circulars_draft_issued_by_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_circulars_draft_office_id")),
        sa.ForeignKeyConstraint(["run_id"], ["frozen_run.id"], name=op.f("fk_circulars_draft_run_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user_account.id"], name=op.f("fk_circulars_draft_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["user_account.id"], name=op.f("fk_circulars_draft_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars_draft")),
        sa.UniqueConstraint(
            "office_id", "kind", "period_key", name=op.f("uq_circulars_draft_office_id_kind_period_key")
        ),
    )
    op.create_index(
        op.f("ix_circulars_draft_office_id_state"), "circulars_draft", ["office_id", "state"], unique=False
    )
