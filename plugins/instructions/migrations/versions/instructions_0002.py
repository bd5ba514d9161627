"""Dated posts, instructions on whole documents, the items that count, scans and phrases."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "instructions_0002"
down_revision = "instructions_0001"

TABLE = "instructions_instruction"
NEW = (
    sa.Column("document_id", sa.Integer(), nullable=True),
    sa.Column("year", sa.Integer(), nullable=True),
    sa.Column("number", sa.Integer(), nullable=True),
    sa.Column("post_id", sa.Integer(), nullable=True),
    sa.Column("counts", sa.Boolean(), nullable=False, server_default=sa.true()),
    sa.Column("asked_unit_ids", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("follows_id", sa.Integer(), nullable=True),
)
KEYS = {"document_id": "issued_document", "post_id": "instructions_post", "follows_id": TABLE}


def upgrade():
    _posts()
    old = sa.table(TABLE, *(sa.column(name) for name in ("id", "submission_id", "fact_id", "withdrawn_at")))
    # The fact of one that was withdrawn stands no more; restored, it counts anew.
    standing = sa.case((old.c.withdrawn_at.is_(None), old.c.fact_id), else_=None)
    taken = sa.select(
        old.c.id.label("instruction_id"), old.c.submission_id, standing.label("fact_id"),
        sa.literal(1).label("times"),
    )  # fmt: skip
    # Read now and written last: SQLite rebuilds the table, which nothing may refer to while it does.
    kept = [dict(row) for row in op.get_bind().execute(taken).mappings()]
    with op.batch_alter_table(TABLE) as batch:
        for column in NEW:
            batch.add_column(column)
        batch.alter_column("submission_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint("fk_instructions_instruction_fact_id", type_="foreignkey")
        for name, target in KEYS.items():
            batch.create_foreign_key(op.f(f"fk_instructions_instruction_{name}"), target, [name], ["id"])
        batch.create_check_constraint("thing", "(submission_id IS NULL) <> (document_id IS NULL)")
    op.execute(sa.text(f"UPDATE {TABLE} SET counts = (fact_id IS NOT NULL)"))
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_column("fact_id")
        for name in ("counts", "asked_unit_ids"):
            batch.alter_column(name, server_default=None)
    for name in ("document_id", "follows_id"):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name], unique=False)
    _parts()
    names = ("instruction_id", "submission_id", "fact_id", "times")
    items = sa.table("instructions_item", *(sa.column(name) for name in names))
    if kept:
        op.bulk_insert(items, kept)


def _posts():
    op.create_table(
        "instructions_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("leader_class", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("sort_no", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_instructions_post_dates")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_instructions_post_office_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_instructions_post_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions_post")),
    )
    op.create_index(
        op.f("ix_instructions_post_office_id_sort_no"),
        "instructions_post",
        ["office_id", "sort_no"],
        unique=False,
    )
    op.create_index(op.f("ix_instructions_post_user_id"), "instructions_post", ["user_id"], unique=False)


def _parts():
    op.create_table(
        "instructions_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instruction_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_instructions_item_fact_id")),
        sa.ForeignKeyConstraint(
            ["instruction_id"], [f"{TABLE}.id"], name=op.f("fk_instructions_item_instruction_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_instructions_item_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions_item")),
        sa.UniqueConstraint(
            "instruction_id", "submission_id", name=op.f("uq_instructions_item_instruction_id_submission_id")
        ),
    )
    op.create_index(
        op.f("ix_instructions_item_submission_id"), "instructions_item", ["submission_id"], unique=False
    )
    op.create_table(
        "instructions_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instruction_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_instructions_file_by_id")),
        sa.ForeignKeyConstraint(
            ["instruction_id"], [f"{TABLE}.id"], name=op.f("fk_instructions_file_instruction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions_file")),
    )
    op.create_index(
        op.f("ix_instructions_file_instruction_id"), "instructions_file", ["instruction_id"], unique=False
    )
    op.create_table(
        "instructions_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_instructions_phrase_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions_phrase")),
        sa.UniqueConstraint("user_id", "text", name=op.f("uq_instructions_phrase_user_id_text")),
    )
