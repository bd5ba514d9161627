"""The last fact of an office without looking at all of them."""

from alembic import op

revision = "core_0006"
down_revision = "core_0005"


def upgrade():
    op.create_index("ix_fact_office_id_id", "fact", ["office_id", "id"])
