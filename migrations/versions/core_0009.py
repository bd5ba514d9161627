"""Items composed by the office: states of merged and split items, agreed shares, authors by unit."""

import re

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"

CHECK = "ck_submission_state"
STATES = (
    "draft", "awaiting", "returned", "withdrawn", "received", "editing", "selected", "adopted", "unused", "merged",
    "split", "void",
)  # fmt: skip


def upgrade():
    op.add_column(
        "submission", sa.Column("composed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(op.f("ix_submission_composed_state_id"), "submission", ["composed", "state", "id"])
    op.add_column("contributor", sa.Column("weight", sa.String(length=20), nullable=True))
    op.add_column("contributor", sa.Column("authors", sa.JSON(), nullable=True))
    condition = f"state IN ({', '.join(map(repr, STATES))})"
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_check(op.get_bind(), condition)
    else:
        op.drop_constraint(op.f(CHECK), "submission", type_="check")
        op.create_check_constraint(op.f(CHECK), "submission", condition)


def _rewrite_check(connection, condition):
    """Change a check in place, as sqlite.org/lang_altertable.html describes it.

    Writing the table anew is no way here: other tables point to it, and that cannot be switched off in a transaction.
    """
    query = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'submission'"
    before = connection.exec_driver_sql(query).scalar_one()
    after, changed = re.subn(
        rf"CONSTRAINT {CHECK} CHECK \(state IN \([^()]*\)\)",
        f"CONSTRAINT {CHECK} CHECK ({condition})",
        before,
    )
    if changed != 1:
        raise RuntimeError(f"the check {CHECK} is not where it should be: {before}")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = 'submission'", (after,)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
