"""Corrected circulars: what a circular replaces; one in force and one in hand for a kind and period."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "circulars_0002"
down_revision = "circulars_0001"
OF_PERIOD = ["office_id", "kind", "period_key"]
UNISSUED = sa.text("state <> 'issued'")
IN_FORCE = sa.text("state = 'issued' AND replaced_at IS NULL")


def upgrade():
    # SQLite writes the table anew to drop a constraint, and does not report the checks that are to be kept.
    checks = (
        sa.CheckConstraint(
            "(state = 'issued') = (document_id IS NOT NULL)", name=op.f("ck_circulars_draft_issued")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'issued')", name=op.f("ck_circulars_draft_state")
        ),
    )
    with op.batch_alter_table("circulars_draft", table_args=checks) as batch:
        batch.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("replaced_at", core.db.UtcDateTime(), nullable=True))
        batch.drop_constraint("uq_circulars_draft_office_id_kind_period_key", type_="unique")
        batch.create_unique_constraint(op.f("uq_circulars_draft_replaces_id"), ["replaces_id"])
        batch.create_foreign_key(
            op.f("fk_circulars_draft_replaces_id"), "circulars_draft", ["replaces_id"], ["id"]
        )
    for name, where in (("in_force", IN_FORCE), ("unissued", UNISSUED)):
        op.create_index(
            f"uq_circulars_draft_{name}",
            "circulars_draft",
            OF_PERIOD,
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
