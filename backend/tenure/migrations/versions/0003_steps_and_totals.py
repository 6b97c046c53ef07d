"""Steps and totals of job runs. Earlier runs have none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "job_step",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("place", IDENTIFIER, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", IDENTIFIER, nullable=False),
        sa.Column("done", IDENTIFIER, nullable=False),
        sa.Column("failed", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["job_run_id"], ["job_run.id"], name="fk_job_step_job_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job_step"),
    )
    op.create_index("uq_job_step_job_run_id_name", "job_step", ["job_run_id", "name"], unique=True)
    op.create_table(
        "job_total",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("count", IDENTIFIER, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["job_run_id"], ["job_run.id"], name="fk_job_total_job_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job_total"),
    )
    op.create_index(
        "uq_job_total_job_run_id_kind_currency",
        "job_total",
        ["job_run_id", "kind", "currency"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("job_total")
    op.drop_table("job_step")
