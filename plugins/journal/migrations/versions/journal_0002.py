"""Everybody who composed an issue, not only the last one."""

import json

import sqlalchemy as sa
from alembic import op

import core.db

revision = "journal_0002"
down_revision = "journal_0001"
CHANGES = ("放入刊物", "调整刊物条目", "移出刊物")


def upgrade():
    composer = op.create_table(
        "journal_composer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["journal_issue.id"], name=op.f("fk_journal_composer_issue_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_journal_composer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_composer")),
        sa.UniqueConstraint("issue_id", "user_id", name=op.f("uq_journal_composer_issue_id_user_id")),
    )
    rows = [
        {"issue_id": issue, "user_id": user, "since": since}
        for (issue, user), since in sorted(_known(op.get_bind()).items())
    ]
    if rows:
        op.bulk_insert(composer, rows)


def _known(connection):
    """Who is known to have composed the issues there are, and since when: by their own columns and by the trail."""
    found = {}

    def add(issue, user, at):
        if user and at:
            found[issue, user] = min(at, found.get((issue, user), at))

    moment = core.db.UtcDateTime()
    issue = sa.table(
        "journal_issue",
        sa.column("id"),
        *(sa.column(f"{name}_by_id") for name in ("created", "changed", "sent")),
        *(sa.column(f"{name}_at", moment) for name in ("created", "changed", "sent")),
    )
    for row in connection.execute(sa.select(issue)).mappings():
        for name in ("created", "changed", "sent"):
            add(row["id"], row[f"{name}_by_id"], row[f"{name}_at"])
    there = {issue for issue, _ in found}
    trail = sa.table(
        "audit_record",
        sa.column("action"),
        sa.column("actor_id"),
        sa.column("at", moment),
        sa.column("detail"),
    )
    query = sa.select(trail.c.actor_id, trail.c.at, trail.c.detail).where(trail.c.action.in_(CHANGES))
    for user, at, detail in connection.execute(query):
        number = json.loads(detail).get("issue")
        if number in there:
            add(number, user, at)
    return found
