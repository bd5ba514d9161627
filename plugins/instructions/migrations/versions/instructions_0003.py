"""Tasks of units, their feedback and files, chasings, history."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "instructions_0003"
down_revision = "instructions_0002"


def _id():
    return sa.Column("id", sa.Integer(), nullable=False)


def _ref(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _table(name, keys, *columns, checks=(), unique=()):
    op.create_table(
        name,
        _id(),
        *columns,
        *(sa.CheckConstraint(text, name=op.f(f"ck_{name}_{key}")) for key, text in checks),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}"))
            for column, target in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *((sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),) if unique else ()),
    )


def _index(table, *columns):
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=False)


def upgrade():
    _table(
        "instructions_task",
        {
            "office_id": "office",
            "instruction_id": "instructions_instruction",
            "unit_id": "unit",
            "fact_id": "fact",
        },
        _ref("office_id"),
        _ref("instruction_id"),
        _ref("unit_id"),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.String(length=60), nullable=False),
        sa.Column("urgency_title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("more_on", sa.Date(), nullable=True),
        sa.Column("missed_on", sa.Date(), nullable=True),
        sa.Column("excused", sa.String(length=500), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        _ref("fact_id", nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        checks=(
            ("state", "state IN ('sent', 'signed', 'reported', 'more', 'done', 'cancelled')"),
            ("outcome", "outcome IN ('', 'on_time', 'late', 'missed')"),
        ),
        unique=("instruction_id", "unit_id"),
    )
    _index("instructions_task", "office_id", "state", "due_on")
    _index("instructions_task", "unit_id", "state")
    people = dict.fromkeys(("written_by_id", "signed_by_id", "decided_by_id"), "user_account")
    _table(
        "instructions_feedback",
        {"task_id": "instructions_task", **people},
        _ref("task_id"),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        _ref("written_by_id"),
        sa.Column("written_at", core.db.UtcDateTime(), nullable=False),
        _ref("signed_by_id", nullable=True),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=True),
        _ref("decided_by_id", nullable=True),
        sa.Column("decided_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        checks=(
            ("state", "state IN ('awaiting', 'sent_back', 'sent', 'accepted', 'returned', 'retracted')"),
        ),
    )
    _index("instructions_feedback", "task_id")
    _table(
        "instructions_feedback_file",
        {"feedback_id": "instructions_feedback", "by_id": "user_account"},
        _ref("feedback_id"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _ref("by_id"),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
    )
    _index("instructions_feedback_file", "feedback_id")
    _table(
        "instructions_chase",
        {"task_id": "instructions_task", "by_id": "user_account"},
        _ref("task_id"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        _ref("by_id", nullable=True),
        unique=("task_id", "on"),
    )
    _table(
        "instructions_event",
        {"task_id": "instructions_task", "by_id": "user_account"},
        _ref("task_id"),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        _ref("by_id", nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
    )
    _index("instructions_event", "task_id")
