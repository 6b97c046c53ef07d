"""Webhooks and their deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
backward_compatible = True

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
# (name, columns, unique, condition)
INDEXES = (
    ("uq_webhook_delivery_webhook_id_event_id", ["webhook_id", "event_id"], True, None),
    ("ix_webhook_delivery_webhook_id_id", ["webhook_id", "id"], False, None),
    ("ix_webhook_delivery_webhook_id_status_id", ["webhook_id", "status", "id"], False, None),
    ("ix_webhook_delivery_created_at", ["created_at"], False, None),
    (
        "ix_webhook_delivery_pending",
        ["webhook_id", "account_id", "id"],
        False,
        "status = 'PENDING'",
    ),
    (
        "ix_webhook_delivery_scheduled",
        ["webhook_id", "next_attempt_at"],
        False,
        "next_attempt_at IS NOT NULL",
    ),
    ("ix_webhook_delivery_claimed", ["webhook_id"], False, "claimed_until IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column(
            "event_kinds",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("description", sa.String(255), nullable=True),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("secret", sa.String(512), nullable=False),
        sa.Column("previous_secret", sa.String(512), nullable=True),
        sa.Column("previous_secret_ends_at", INSTANT, nullable=True),
        sa.Column("position", IDENTIFIER, nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("succeeded_attempts", IDENTIFIER, nullable=False),
        sa.Column("failed_attempts", IDENTIFIER, nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("webhook_id", IDENTIFIER, nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("attempts", IDENTIFIER, nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_attempt_at", INSTANT, nullable=True),
        sa.Column("next_attempt_at", INSTANT, nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("response_status", sa.SmallInteger(), nullable=True),
        sa.Column("error", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        postgresql_with={"fillfactor": 70},
    )
    for name, columns, is_unique, condition in INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(
            name,
            "webhook_delivery",
            columns,
            unique=is_unique,
            postgresql_where=where,
            sqlite_where=where,
        )


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
