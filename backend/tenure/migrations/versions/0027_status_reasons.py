"""The list of reasons for status changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
backward_compatible = True

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "status_reason",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column(
            "applies_to",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_status_reason"),
        sa.UniqueConstraint("code", name="uq_status_reason_code"),
    )


def downgrade() -> None:
    op.drop_table("status_reason")
