"""A volume knows the job that bound it: one job binds one volume, whoever works on it."""

import sqlalchemy as sa
from alembic import op

revision = "journal_0007"
down_revision = "journal_0006"


def upgrade():
    op.add_column("journal_volume", sa.Column("job_id", sa.Integer()))
    op.create_index(op.f("ix_journal_volume_job_id"), "journal_volume", ["job_id"], unique=True)
