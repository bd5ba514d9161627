"""Which files the editors added to an item: its unit sees them only after publication."""

import sqlalchemy as sa
from alembic import op

revision = "core_0014"
down_revision = "core_0013"


def upgrade():
    op.add_column(
        "attachment", sa.Column("by_office", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # Nobody wrote it down before: files of the item's editor, or of somebody who changed its text as an editor.
    op.execute(
        "UPDATE attachment SET by_office = true WHERE EXISTS ("
        "SELECT 1 FROM submission WHERE submission.id = attachment.submission_id"
        " AND submission.editor_id = attachment.by_id"
        ") OR EXISTS ("
        "SELECT 1 FROM revision WHERE revision.submission_id = attachment.submission_id"
        " AND revision.by_id = attachment.by_id AND revision.by_office)"
    )
