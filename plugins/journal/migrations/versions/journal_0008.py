"""A volume may hold some months of its year only; those bound before hold the whole of it."""

import sqlalchemy as sa
from alembic import op

revision = "journal_0008"
down_revision = "journal_0007"


def upgrade():
    op.add_column("journal_volume", sa.Column("since", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("journal_volume", sa.Column("until", sa.Integer(), nullable=False, server_default="12"))
