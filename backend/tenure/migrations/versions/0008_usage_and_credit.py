"""Usage is rounded once per item, references are unique per service, bills can be due again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "usage_remainder",
        sa.Column("item_id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("offer_id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("off_id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("remainder", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["bill_item.id"], name="fk_usage_remainder_item_id"),
        sa.PrimaryKeyConstraint("item_id", "offer_id", "off_id", name="pk_usage_remainder"),
    )
    op.create_index("ix_usage_remainder_offer_id", "usage_remainder", ["offer_id"])
    op.add_column("bill", sa.Column("due_again_on", sa.Date(), nullable=True))
    op.rename_table("rated_usage", "rated_usage_before")
    _drop_key("rated_usage_before")
    op.create_table(
        "rated_usage",
        sa.Column("service_id", IDENTIFIER, nullable=False, autoincrement=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_rated_usage_service_id"),
        sa.PrimaryKeyConstraint("service_id", "reference", name="pk_rated_usage"),
    )
    op.execute(
        "INSERT INTO rated_usage (service_id, reference, event_id) "
        "SELECT event.service_id, reference, event_id FROM rated_usage_before "
        "JOIN event ON event.id = event_id WHERE event.service_id IS NOT NULL"
    )
    op.drop_table("rated_usage_before")


def downgrade() -> None:
    """If several services have the same reference, only its first usage is kept."""
    op.rename_table("rated_usage", "rated_usage_before")
    _drop_key("rated_usage_before")
    op.create_table(
        "rated_usage",
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_rated_usage"),
    )
    op.execute(
        "INSERT INTO rated_usage (reference, event_id)"
        " SELECT reference, min(event_id) FROM rated_usage_before GROUP BY reference"
    )
    op.drop_table("rated_usage_before")
    op.drop_column("bill", "due_again_on")
    op.drop_table("usage_remainder")


def _drop_key(table: str) -> None:
    """Drop the key, whose name PostgreSQL keeps for the renamed table."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_rated_usage", table, type_="primary")
