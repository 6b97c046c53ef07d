"""Fill factors of tables whose sums are updated often (PostgreSQL)."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GROWING = ("bill", "bill_item", "bill_unit")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in GROWING:
            op.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in GROWING:
            op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
