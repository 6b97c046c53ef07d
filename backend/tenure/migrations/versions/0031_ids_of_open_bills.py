"""The index of due dates with the ids of the bills, so that overdue bills are found by it alone."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
backward_compatible = True

DUE_ON = "ix_bill_due_on"
COLUMNS = ["due_on", "currency", "open_amount", "account_id"]
IS_OPEN = sa.text("status = 'OPEN'")


def upgrade() -> None:
    op.drop_index(DUE_ON, "bill")
    op.create_index(
        DUE_ON, "bill", [*COLUMNS, "id"], postgresql_where=IS_OPEN, sqlite_where=IS_OPEN
    )


def downgrade() -> None:
    op.drop_index(DUE_ON, "bill")
    op.create_index(DUE_ON, "bill", COLUMNS, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)
