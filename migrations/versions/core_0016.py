"""What happened to items is found by what it was: a unit's record asks for what came back."""

from alembic import op

revision = "core_0016"
down_revision = "core_0015"


def upgrade():
    op.create_index("ix_submission_event_title_id", "submission_event", ["title", "id"])
