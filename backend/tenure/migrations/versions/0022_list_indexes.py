"""Indexes of the lists of bills, disputes, payments, services and events of all accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
backward_compatible = True

OF_SERVICE = sa.text("service_id IS NOT NULL")
INDEXES = {
    "ix_bill_period_end_id": ("bill", ["period_end", "id"]),
    "ix_bill_status_period_end_id": ("bill", ["status", "period_end", "id"]),
    "ix_bill_billed_on": ("bill", ["billed_on"]),
    "ix_dispute_status_id": ("dispute", ["status", "id"]),
    "ix_dispute_opened_at": ("dispute", ["opened_at"]),
    "ix_payment_status_id": ("payment", ["status", "id"]),
    "ix_payment_business_date": ("payment", ["business_date"]),
    "ix_service_login_key": ("service", ["login_key"]),
    "ix_event_occurred_at_id": ("event", ["occurred_at", "id"]),
}
EVENTS_OF_SERVICE = "ix_event_service_id_occurred_at_id"


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    columns = ["service_id", "occurred_at", "id"]
    op.create_index(
        EVENTS_OF_SERVICE, "event", columns, postgresql_where=OF_SERVICE, sqlite_where=OF_SERVICE
    )


def downgrade() -> None:
    op.drop_index(EVENTS_OF_SERVICE, "event")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
