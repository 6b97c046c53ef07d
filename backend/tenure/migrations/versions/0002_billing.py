"""Billing: bills, items, payments, disputes, rated usage, and until when offers are charged.

Existing offers began at their purchase. Their current cycle counts as charged, so that the past is
not billed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG_AGO = "1970-01-01 00:00:00+00:00"
LEFT = "current_charges + subordinate_charges + adjusted + paid"
STATUS_OF_BILL = (
    f"CASE WHEN billed_on IS NULL THEN 'PENDING' WHEN {LEFT} > 0 THEN 'OPEN' ELSE 'PAID' END"
)
OPEN_AMOUNT = f"CASE WHEN billed_on IS NULL OR {LEFT} <= held THEN 0 ELSE {LEFT} - held END"
TOTAL_DUE = (
    "current_charges + subordinate_charges + previous_balance + payments + adjustments - disputed"
)


def upgrade() -> None:
    op.create_table(
        "rated_usage",
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_rated_usage"),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_set_aside_account_id"),
        sa.ForeignKeyConstraint(["job_run_id"], ["job_run.id"], name="fk_set_aside_job_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_set_aside"),
    )
    op.create_index(
        "uq_set_aside_job_run_id_account_id", "set_aside", ["job_run_id", "account_id"], unique=True
    )
    op.create_table(
        "bill",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("bill_unit_id", IDENTIFIER, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("billed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("collect_on", sa.Date(), nullable=True),
        sa.Column("current_charges", sa.BigInteger(), nullable=False),
        sa.Column("subordinate_charges", sa.BigInteger(), nullable=False),
        sa.Column("adjusted", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("previous_balance", sa.BigInteger(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("adjustments", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.BigInteger(), nullable=False),
        sa.Column(
            "status", sa.String(24), sa.Computed(STATUS_OF_BILL, persisted=True), nullable=False
        ),
        sa.Column(
            "open_amount", sa.BigInteger(), sa.Computed(OPEN_AMOUNT, persisted=True), nullable=False
        ),
        sa.Column(
            "total_due", sa.BigInteger(), sa.Computed(TOTAL_DUE, persisted=True), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_bill_account_id"),
        sa.ForeignKeyConstraint(["bill_unit_id"], ["bill_unit.id"], name="fk_bill_bill_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bill"),
        sa.UniqueConstraint("number", name="uq_bill_number"),
    )
    op.create_index(
        "ix_bill_account_id_period_end_id", "bill", ["account_id", "period_end", "id"], unique=False
    )
    op.create_index(
        "ix_bill_collect_on",
        "bill",
        ["collect_on"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
        sqlite_where=sa.text("status = 'OPEN'"),
    )
    op.create_index(
        "ix_bill_open",
        "bill",
        ["account_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
        sqlite_where=sa.text("status = 'OPEN'"),
    )
    op.create_index(
        "uq_bill_bill_unit_id_period_end", "bill", ["bill_unit_id", "period_end"], unique=True
    )
    op.create_index(
        "ix_bill_held",
        "bill",
        ["bill_unit_id"],
        unique=False,
        postgresql_where=sa.text("held <> 0"),
        sqlite_where=sa.text("held <> 0"),
    )
    op.create_table(
        "allocation",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("bill_id", IDENTIFIER, nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=True),
        sa.Column("from_bill_id", IDENTIFIER, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_allocation_bill_id"),
        sa.ForeignKeyConstraint(["from_bill_id"], ["bill.id"], name="fk_allocation_from_bill_id"),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
    )
    op.create_index("ix_allocation_bill_id", "allocation", ["bill_id"], unique=False)
    op.create_index("ix_allocation_event_id", "allocation", ["event_id"], unique=False)
    op.create_index("ix_allocation_from_bill_id", "allocation", ["from_bill_id"], unique=False)
    op.create_table(
        "bill_item",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("bill_id", IDENTIFIER, nullable=False),
        sa.Column("bill_unit_id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("adjusted", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.BigInteger(), nullable=False),
        sa.Column(
            "due",
            sa.BigInteger(),
            sa.Computed("total + adjusted - held", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_bill_item_account_id"),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_item_bill_id"),
        sa.ForeignKeyConstraint(
            ["bill_unit_id"], ["bill_unit.id"], name="fk_bill_item_bill_unit_id"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_bill_item_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bill_item"),
    )
    op.create_index("ix_bill_item_bill_unit_id", "bill_item", ["bill_unit_id"], unique=False)
    op.create_index("uq_bill_item_id_bill_id", "bill_item", ["id", "bill_id"], unique=True)
    op.create_index(
        "uq_bill_item_bill_id",
        "bill_item",
        ["bill_id", "bill_unit_id", "kind", sa.literal_column("coalesce(service_id, 0)")],
        unique=True,
    )
    op.create_table(
        "payment",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("bill_unit_id", IDENTIFIER, nullable=False),
        sa.Column("bill_id", IDENTIFIER, nullable=True),
        sa.Column("payment_method_id", IDENTIFIER, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=255), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_payment_account_id"),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_payment_bill_id"),
        sa.ForeignKeyConstraint(["bill_unit_id"], ["bill_unit.id"], name="fk_payment_bill_unit_id"),
        sa.ForeignKeyConstraint(
            ["payment_method_id"], ["payment_method.id"], name="fk_payment_payment_method_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("key", name="uq_payment_key"),
    )
    op.create_index("ix_payment_account_id", "payment", ["account_id"], unique=False)
    op.create_index("ix_payment_bill_id", "payment", ["bill_id"], unique=False)
    op.create_index(
        "ix_payment_pending",
        "payment",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status = 'PENDING'"),
        sqlite_where=sa.text("status = 'PENDING'"),
    )
    op.create_index(
        "uq_payment_account_id_reference", "payment", ["account_id", "reference"], unique=True
    )
    op.create_table(
        "dispute",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("bill_id", IDENTIFIER, nullable=False),
        sa.Column("item_id", IDENTIFIER, nullable=True),
        sa.Column("event_id", IDENTIFIER, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=255), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=255), nullable=True),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_dispute_account_id"),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_dispute_bill_id"),
        sa.ForeignKeyConstraint(
            ["item_id", "bill_id"],
            ["bill_item.id", "bill_item.bill_id"],
            name="fk_dispute_item_id_bill_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dispute"),
    )
    op.create_index("ix_dispute_account_id", "dispute", ["account_id"], unique=False)
    op.create_index("ix_dispute_bill_id", "dispute", ["bill_id"], unique=False)
    op.add_column(
        "bill_unit", sa.Column("balance", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("bill_unit", sa.Column("charged_until", sa.Date(), nullable=True))
    op.create_index(
        "ix_bill_unit_next_bill_on_id", "bill_unit", ["next_bill_on", "id"], unique=False
    )
    op.create_index(
        "ix_service_former_login",
        "service",
        ["kind", "former_login_key"],
        unique=False,
        postgresql_where=sa.text("former_login_key IS NOT NULL"),
        sqlite_where=sa.text("former_login_key IS NOT NULL"),
    )
    op.add_column("event", sa.Column("item_id", IDENTIFIER, nullable=True))
    op.add_column("event", sa.Column("period_start", sa.Date(), nullable=True))
    op.add_column("event", sa.Column("period_end", sa.Date(), nullable=True))
    op.create_index(
        "ix_event_item",
        "event",
        ["item_id", "occurred_at", "id"],
        unique=False,
        postgresql_where=sa.text("item_id IS NOT NULL"),
        sqlite_where=sa.text("item_id IS NOT NULL"),
    )
    op.create_index(
        "ix_event_status",
        "event",
        ["offer_id", "occurred_at"],
        unique=False,
        postgresql_where=sa.text("offer_id IS NOT NULL AND from_status IS NOT NULL"),
        sqlite_where=sa.text("offer_id IS NOT NULL AND from_status IS NOT NULL"),
    )
    op.create_index(
        "ix_event_period",
        "event",
        ["offer_id", "period_end"],
        unique=False,
        postgresql_where=sa.text("period_end IS NOT NULL"),
        sqlite_where=sa.text("period_end IS NOT NULL"),
    )
    op.add_column(
        "purchased_offer",
        sa.Column(
            "first_start", sa.DateTime(timezone=True), nullable=False, server_default=LONG_AGO
        ),
    )
    op.add_column("purchased_offer", sa.Column("charged_until", sa.Date(), nullable=True))
    op.create_index(
        "ix_purchased_offer_uncharged",
        "purchased_offer",
        ["first_start"],
        unique=False,
        postgresql_where=sa.text("charged_until IS NULL"),
        sqlite_where=sa.text("charged_until IS NULL"),
    )
    op.execute(
        "UPDATE purchased_offer SET first_start = purchase_start, "
        "charged_until = (SELECT next_bill_on FROM bill_unit "
        "WHERE bill_unit.id = purchased_offer.bill_unit_id)"
    )


def downgrade() -> None:
    op.drop_index("ix_purchased_offer_uncharged", "purchased_offer")
    op.drop_column("purchased_offer", "charged_until")
    op.drop_column("purchased_offer", "first_start")
    for index in ("ix_event_period", "ix_event_status", "ix_event_item"):
        op.drop_index(index, "event")
    for column in ("period_end", "period_start", "item_id"):
        op.drop_column("event", column)
    op.drop_index("ix_service_former_login", "service")
    op.drop_index("ix_bill_unit_next_bill_on_id", "bill_unit")
    op.drop_column("bill_unit", "charged_until")
    op.drop_column("bill_unit", "balance")
    for table in (
        "dispute",
        "payment",
        "bill_item",
        "allocation",
        "bill",
        "set_aside",
        "rated_usage",
    ):
        op.drop_table(table)
