"""An instruction may be meant for a whole document, said by somebody; those before have not been asked."""

import sqlalchemy as sa
from alembic import op

revision = "instructions_0004"
down_revision = "instructions_0003"


def upgrade():
    op.add_column(
        "instructions_instruction",
        sa.Column("for_whole", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
