"""Offers end by a deferred action: the column `ends_at`, which was never set, is dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
# The program before it reads the column.
backward_compatible = False


def upgrade() -> None:
    op.drop_column("purchased_offer", "ends_at")


def downgrade() -> None:
    op.add_column("purchased_offer", sa.Column("ends_at", sa.DateTime(timezone=True)))
