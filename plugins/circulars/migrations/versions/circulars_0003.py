"""Letters and messages: one circular of a kind may be many papers, each for one unit."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "circulars_0003"
down_revision = "circulars_0002"


def upgrade():
    # SQLite writes the table anew to drop a constraint, and does not report the check that is to be kept.
    checks = (
        sa.CheckConstraint(
            "(state = 'issued') = (document_id IS NOT NULL)", name=op.f("ck_circulars_draft_issued")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'issued')", name=op.f("ck_circulars_draft_state")
        ),
    )
    with op.batch_alter_table("circulars_draft", table_args=checks) as batch:
        batch.add_column(sa.Column("form", sa.String(length=12), nullable=False, server_default="document"))
        batch.add_column(sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_constraint(op.f("ck_circulars_draft_issued"), type_="check")
        batch.create_check_constraint(
            op.f("ck_circulars_draft_issued"),
            "(state = 'issued' AND form <> 'letters') = (document_id IS NOT NULL)",
        )
        batch.create_check_constraint(
            op.f("ck_circulars_draft_form"), "form IN ('document', 'letters', 'messages')"
        )
    with op.batch_alter_table("circulars_draft") as batch:
        batch.alter_column("form", server_default=None)
        batch.alter_column("restricted", server_default=None)
    op.create_table(
        "circulars_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_circulars_letter_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["circulars_draft.id"], name=op.f("fk_circulars_letter_draft_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circulars_letter_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars_letter")),
        sa.UniqueConstraint("draft_id", "unit_id", name=op.f("uq_circulars_letter_draft_id_unit_id")),
    )
    op.create_index(op.f("ix_circulars_letter_unit_id"), "circulars_letter", ["unit_id"], unique=False)
