"""The values of the summary of an audit entry, for the page in other languages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None
backward_compatible = True


def upgrade() -> None:
    values = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("audit_entry", sa.Column("summary_values", values, nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entry", "summary_values")
