"""Issued documents keep their Word file and check code, and whether they still stand; reprints and checks are noted."""

import sqlalchemy as sa
from alembic import op

import core.db
from core.append_only import protect

revision = "core_0011"
down_revision = "core_0010"


def upgrade():
    # Column by column: SQLite would have to write the table anew for anything else, and other tables point to it.
    for name, kind in (("docx_sha256", sa.String(length=64)), ("content_sha256", sa.String(length=64))):
        op.add_column("issued_document", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("issued_document", sa.Column("check_code", sa.String(length=12), nullable=True))
    op.create_index(op.f("ix_issued_document_check_code"), "issued_document", ["check_code"], unique=True)
    op.create_index(op.f("ix_issued_document_pdf_sha256"), "issued_document", ["pdf_sha256"])
    op.create_index(op.f("ix_issued_document_docx_sha256"), "issued_document", ["docx_sha256"])
    op.create_table(
        "document_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "standing IN ('valid', 'corrected', 'withdrawn')", name=op.f("ck_document_standing_standing")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_document_standing_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["issued_document.id"], name=op.f("fk_document_standing_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_standing")),
    )
    op.create_index(op.f("ix_document_standing_document_id_id"), "document_standing", ["document_id", "id"])
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
    protect(op, "document_standing", "document_reprint")
