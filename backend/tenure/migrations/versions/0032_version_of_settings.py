"""The version of the business settings, for changes that name the version they are based on."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None
backward_compatible = True

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    column = sa.Column("version", COUNTER, server_default=sa.text("1"), nullable=False)
    op.add_column("business", column)


def downgrade() -> None:
    op.drop_column("business", "version")
