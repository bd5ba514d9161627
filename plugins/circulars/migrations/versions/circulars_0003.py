"""Letters and messages: one circular of a kind may be many papers, each for one unit."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "circulars_0003"
down_revision = "circulars_0002"


NEW = {
    "issued": "(state = 'issued' AND form <> 'letters') = (document_id IS NOT NULL)",
    "form": "form IN ('document', 'letters', 'messages')",
    "state": "state IN ('draft', 'submitted', 'issued')",
}


def upgrade():
    columns = (
        sa.Column("form", sa.String(length=12), nullable=False, server_default="document"),
        sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for column in columns:
        op.add_column("circulars_draft", column)
    _checks_anew()
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


def _checks_anew():
    """The checks with the forms in them, and no defaults left behind."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_circulars_draft_issued"), "circulars_draft", type_="check")
        for name in ("issued", "form"):
            op.create_check_constraint(op.f(f"ck_circulars_draft_{name}"), "circulars_draft", NEW[name])
        for name in ("form", "restricted"):
            op.alter_column("circulars_draft", name, server_default=None)
        return
    # SQLite writes the table anew. Which of the old checks it reports depends on how they were written, so none is
    # taken over: these stand for all of them.
    table = sa.Table("circulars_draft", sa.MetaData(), autoload_with=op.get_bind())
    for old in [each for each in table.constraints if isinstance(each, sa.CheckConstraint)]:
        table.constraints.discard(old)
    for name, text in NEW.items():
        table.append_constraint(sa.CheckConstraint(text, name=op.f(f"ck_circulars_draft_{name}")))
    with op.batch_alter_table("circulars_draft", copy_from=table, recreate="always") as batch:
        for name in ("form", "restricted"):
            batch.alter_column(name, server_default=None)
