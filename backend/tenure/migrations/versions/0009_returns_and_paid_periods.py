"""References of returns to their inactivations and of holds to their changes, and `paid_since`.

Pending returns of deferred inactivations are paired with them: both were written in one
transaction, with the same target, reason and note. The return of an immediate inactivation cannot
be distinguished from other reactivations and remains one. Existing holds have no recorded change
(0 in `hold_change_id`).

The time since when a bill unit is paid is that of the last event that can have changed it, because
an earlier time could let a backdated hold begin before it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
HELD = ("account", "service", "purchased_offer")
PAIR = """
UPDATE deferred_action SET paired_with_id = (
  SELECT max(other.id) FROM deferred_action AS other
  WHERE other.id < deferred_action.id AND other.to_status = 'INACTIVE'
    AND other.status IN ('PENDING', 'FAILED', 'DONE')
    AND other.kind = deferred_action.kind AND other.account_id = deferred_action.account_id
    AND coalesce(other.service_id, 0) = coalesce(deferred_action.service_id, 0)
    AND coalesce(other.offer_id, 0) = coalesce(deferred_action.offer_id, 0)
    AND other.created_at = deferred_action.created_at
    AND other.created_by = deferred_action.created_by
    AND coalesce(other.reason, '') = coalesce(deferred_action.reason, '')
    AND coalesce(other.note, '') = coalesce(deferred_action.note, '')
    AND other.scheduled_for < deferred_action.scheduled_for)
WHERE status IN ('PENDING', 'FAILED') AND to_status = 'ACTIVE'
"""
BACK = """
UPDATE deferred_action SET paired_with_id = (
  SELECT min(other.id) FROM deferred_action AS other
  WHERE other.paired_with_id = deferred_action.id)
WHERE to_status = 'INACTIVE'
  AND id IN (SELECT paired_with_id FROM deferred_action WHERE paired_with_id IS NOT NULL)
"""
DONE = """
UPDATE deferred_action SET hold_change_id = 0
WHERE to_status = 'ACTIVE' AND paired_with_id IN (
  SELECT id FROM deferred_action WHERE status = 'DONE' AND to_status = 'INACTIVE')
"""
PERIODS = """
INSERT INTO paid_period (bill_unit_id, payer_unit_id, starts_at)
SELECT paid.id, payer.id, coalesce(
  (SELECT max(event.recorded_at) FROM event
   WHERE event.account_id = paid.account_id AND event.kind IN ('HIERARCHY_CHANGE', 'ACCOUNT_CHANGE')
     AND event.recorded_at >= paid.created_at AND event.recorded_at >= payer.created_at),
  CASE WHEN payer.created_at > paid.created_at THEN payer.created_at ELSE paid.created_at END)
FROM bill_unit AS paid JOIN bill_unit AS payer ON payer.id = paid.paying_parent_id
"""


def upgrade() -> None:
    for table in HELD:
        op.add_column(table, sa.Column("manual_hold_change_id", IDENTIFIER, nullable=True))
    for name in ("paired_with_id", "hold_change_id"):
        op.add_column("deferred_action", sa.Column(name, IDENTIFIER, nullable=True))
    op.create_table(
        "paid_period",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("bill_unit_id", IDENTIFIER, nullable=False),
        sa.Column("payer_unit_id", IDENTIFIER, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bill_unit_id"], ["bill_unit.id"], name="fk_paid_period_bill_unit_id"
        ),
        sa.ForeignKeyConstraint(
            ["payer_unit_id"], ["bill_unit.id"], name="fk_paid_period_payer_unit_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_paid_period"),
    )
    for name in ("bill_unit_id", "payer_unit_id"):
        op.create_index(f"ix_paid_period_{name}", "paid_period", [name], unique=False)
    op.create_table(
        "corrected_activity",
        sa.Column("offer_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("change_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("inactive", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["purchased_offer.id"], name="fk_corrected_activity_offer_id"
        ),
        sa.PrimaryKeyConstraint("offer_id", "change_id", name="pk_corrected_activity"),
    )
    for statement in (PAIR, BACK, DONE, PERIODS):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("corrected_activity")
    op.drop_table("paid_period")
    for name in ("hold_change_id", "paired_with_id"):
        op.drop_column("deferred_action", name)
    for table in HELD:
        op.drop_column(table, "manual_hold_change_id")
