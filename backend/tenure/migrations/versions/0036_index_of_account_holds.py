"""The index of accounts with holds, by their causes."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None
backward_compatible = True

HOLDS = "ix_account_holds"
HAS_HOLDS = sa.text("(inactive_holds | closed_holds) <> 0")


def upgrade() -> None:
    op.create_index(
        HOLDS,
        "account",
        [sa.text("(inactive_holds | closed_holds)")],
        postgresql_where=HAS_HOLDS,
        sqlite_where=HAS_HOLDS,
    )


def downgrade() -> None:
    op.drop_index(HOLDS, "account")
