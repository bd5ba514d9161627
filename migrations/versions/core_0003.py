"""Indexes for every order of the lists."""

from alembic import op

revision = "core_0003"
down_revision = "core_0002"


def upgrade():
    op.create_index(
        "ix_submission_own",
        "submission",
        ["unit_id", "sort_at", "id", "state", "genre", "urgency", "editor_id", "title", "characters"],
        unique=False,
    )
    op.create_index(
        "ix_submission_title",
        "submission",
        [
            "office_id",
            "title",
            "id",
            "state",
            "genre",
            "urgency",
            "editor_id",
            "characters",
            "sort_at",
            "unit_id",
        ],
        unique=False,
    )
    op.create_index(
        "ix_submission_characters",
        "submission",
        [
            "office_id",
            "characters",
            "id",
            "state",
            "genre",
            "urgency",
            "editor_id",
            "title",
            "sort_at",
            "unit_id",
        ],
        unique=False,
    )
    op.create_index(op.f("ix_unit_pinyin_id"), "unit", ["pinyin", "id"], unique=False)
    op.create_index(op.f("ix_unit_sort_no_id"), "unit", ["sort_no", "id"], unique=False)
