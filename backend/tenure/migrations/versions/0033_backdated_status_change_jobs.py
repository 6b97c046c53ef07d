"""Status change jobs that are backdated, and that cancel conflicting deferred actions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None
# Until the first run of this kind, which the program of the previous revision would make undated.
backward_compatible = True

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLE = "status_change_job"
COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("backdate_to", sa.Date(), nullable=True),
    sa.Column("cancels_conflicts", sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column("cancelled_actions", COUNTER, server_default=sa.text("0"), nullable=False),
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column(TABLE, column)


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column(TABLE, column.name)
