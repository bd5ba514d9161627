"""Full-text search: entries, their folded texts, and the index proper."""

import sqlalchemy as sa
from alembic import op

revision = "core_0012"
down_revision = "core_0011"


def upgrade():
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_entry",
        sa.Column("id", key, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("units", sa.String(length=400), nullable=False),
        sa.Column("genre", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "thing_id", name=op.f("uq_search_entry_kind_thing_id")),
    )
    op.create_index(op.f("ix_search_entry_day"), "search_entry", ["day"])
    op.create_table(
        "search_text",
        sa.Column("entry_id", key, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["search_entry.id"], name=op.f("fk_search_text_entry_id_search_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_text")),
    )
    op.create_table(
        "search_state",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_search_state")),
    )
    # Neither kind of index is anything SQLAlchemy's models can say.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', detail=none, tokenize='ascii')"
        )
        # How many entries have a token: to look for texts alike by the rarest.
        op.execute("CREATE VIRTUAL TABLE search_index_terms USING fts5vocab(search_index, row)")
    else:
        op.execute(
            "CREATE TABLE search_index (id bigint PRIMARY KEY, day date NOT NULL, tokens tsvector NOT NULL)"
        )
        # A reader must not have to go through what others have written lately.
        op.execute(
            "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens) WITH (fastupdate = off)"
        )
        # How common a token is, the planner's statistics tell.
        op.execute("ALTER TABLE search_index ALTER COLUMN tokens SET STATISTICS 1000")
