"""Issued documents keep their Word file and check code, and whether they still stand; reprints and checks are noted."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "core_0011"
down_revision = "core_0010"


def upgrade():
    with op.batch_alter_table("issued_document") as table:
        for name, kind, default in (
            ("docx_sha256", sa.String(length=64), ""),
            ("content_sha256", sa.String(length=64), ""),
            ("standing", sa.String(length=12), "valid"),
            ("standing_note", sa.String(length=500), ""),
        ):
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.add_column(sa.Column("check_code", sa.String(length=12), nullable=True))
        table.add_column(sa.Column("standing_at", core.db.UtcDateTime(), nullable=True))
        table.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_issued_document_replaced_by_id"), "issued_document", ["replaced_by_id"], ["id"]
        )
        table.create_unique_constraint(op.f("uq_issued_document_check_code"), ["check_code"])
        table.create_check_constraint(
            op.f("ck_issued_document_standing"), "standing IN ('valid', 'corrected', 'withdrawn')"
        )
    op.create_index(op.f("ix_issued_document_pdf_sha256"), "issued_document", ["pdf_sha256"])
    op.create_index(op.f("ix_issued_document_docx_sha256"), "issued_document", ["docx_sha256"])
    op.create_table(
        "document_reprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_document_reprint_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_reprint")),
    )
    op.create_index(op.f("ix_document_reprint_document_id_id"), "document_reprint", ["document_id", "id"])
    op.create_table(
        "check_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_attempt")),
    )
    op.create_index(op.f("ix_check_attempt_who_at"), "check_attempt", ["who", "at"])
    op.create_index(op.f("ix_check_attempt_at"), "check_attempt", ["at"])
