"""A volume has a Word file too; those bound before have none until they are bound anew."""

import sqlalchemy as sa
from alembic import op

revision = "journal_0009"
down_revision = "journal_0008"


def upgrade():
    op.add_column("journal_volume", sa.Column("docx_sha256", sa.String(64), nullable=True))
