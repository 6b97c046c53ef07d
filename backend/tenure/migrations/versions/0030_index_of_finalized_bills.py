"""The index of bill days, without pending bills."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
backward_compatible = True

BILLED_ON = "ix_bill_billed_on"
IS_MADE = sa.text("billed_on IS NOT NULL")


def upgrade() -> None:
    op.drop_index(BILLED_ON, "bill")
    op.create_index(
        BILLED_ON, "bill", ["billed_on"], postgresql_where=IS_MADE, sqlite_where=IS_MADE
    )


def downgrade() -> None:
    op.drop_index(BILLED_ON, "bill")
    op.create_index(BILLED_ON, "bill", ["billed_on"])
