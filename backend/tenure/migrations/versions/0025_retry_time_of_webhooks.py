"""The time before which the endpoint of a webhook wants no message."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None
backward_compatible = True


def upgrade() -> None:
    op.add_column("webhook", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("webhook", "retry_at")
