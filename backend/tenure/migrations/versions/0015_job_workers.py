"""The workers of a job run, and the times of their heartbeats."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
backward_compatible = True

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "job_worker",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silence_logged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_run_id"], ["job_run.id"], name=op.f("fk_job_worker_job_run_id_job_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_worker")),
    )
    op.create_index("ix_job_worker_job_run_id", "job_worker", ["job_run_id"])


def downgrade() -> None:
    op.drop_index("ix_job_worker_job_run_id", "job_worker")
    op.drop_table("job_worker")
