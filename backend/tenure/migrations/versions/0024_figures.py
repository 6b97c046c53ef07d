"""Figures by day and month, and the indexes that they and the home page are read from."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
backward_compatible = True

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PAYMENTS = "ix_payment_business_date"
OF_ACCOUNT_STATUS = sa.text("from_status IS NOT NULL AND service_id IS NULL AND offer_id IS NULL")
IS_OPEN = sa.text("status = 'OPEN'")


def upgrade() -> None:
    sums = [
        sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)
        for name in ("billed_millions", "billed", "collected_millions", "collected")
    ]
    op.create_table(
        "daily_revenue",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *sums,
        sa.PrimaryKeyConstraint("day", "currency", name="pk_daily_revenue"),
    )
    op.create_table(
        "monthly_accounts",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("count", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("month", "status", name="pk_monthly_accounts"),
    )
    op.create_index(
        "ix_bill_due_on",
        "bill",
        ["due_on", "currency", "open_amount", "account_id"],
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )
    op.create_index(
        "ix_event_account_status",
        "event",
        ["occurred_at"],
        postgresql_where=OF_ACCOUNT_STATUS,
        sqlite_where=OF_ACCOUNT_STATUS,
    )
    op.drop_index(PAYMENTS, "payment")
    op.create_index(PAYMENTS, "payment", ["business_date", "status", "currency", "amount"])


def downgrade() -> None:
    op.drop_index(PAYMENTS, "payment")
    op.create_index(PAYMENTS, "payment", ["business_date"])
    op.drop_index("ix_event_account_status", "event")
    op.drop_index("ix_bill_due_on", "bill")
    op.drop_table("monthly_accounts")
    op.drop_table("daily_revenue")
