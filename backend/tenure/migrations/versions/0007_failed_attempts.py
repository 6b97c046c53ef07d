"""Failed attempts of job runs. A run that fails repeatedly ends as FAILED."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "job_run", sa.Column("failed_attempts", IDENTIFIER, server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("job_run", "failed_attempts")
