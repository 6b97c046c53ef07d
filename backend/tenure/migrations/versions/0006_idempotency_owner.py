"""The request that owns an Idempotency-Key; only this one may commit with it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("keyed_request") as table:
        table.add_column(sa.Column("owner", sa.String(32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("keyed_request") as table:
        table.drop_column("owner")
