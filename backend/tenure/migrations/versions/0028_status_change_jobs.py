"""Status changes of many accounts as a job, with a result for each account."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
# Until the first run of the new kind, which the program of the previous revision cannot read.
backward_compatible = True

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVE = "status IN ('QUEUED', 'RUNNING')"
LIVE_OF_A_DATE = f"{LIVE} AND kind IN ('DEFERRED_ACTIONS', 'BILL_DAY')"
PENDING = "status = 'PENDING'"


def upgrade() -> None:
    op.create_table(
        "status_change_job",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("to_status", sa.String(24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("defer_until", INSTANT, nullable=True),
        sa.Column("reactivate_on", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["job_run_id"], ["job_run.id"], name="fk_status_change_job_job_run_id_job_run"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_change_job"),
        sa.UniqueConstraint("job_run_id", name="uq_status_change_job_job_run_id"),
    )
    op.create_table(
        "status_change_result",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("level", IDENTIFIER, nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("error_code", sa.String(24), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_status_change_result_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"], ["job_run.id"], name="fk_status_change_result_job_run_id_job_run"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_change_result"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(
        "uq_status_change_result_job_run_id_account_id",
        "status_change_result",
        ["job_run_id", "account_id"],
        unique=True,
    )
    op.create_index(
        "ix_status_change_result_job_run_id_status_id",
        "status_change_result",
        ["job_run_id", "status", "id"],
    )
    op.create_index(
        "ix_status_change_result_pending",
        "status_change_result",
        ["job_run_id", "level", "id"],
        postgresql_where=sa.text(PENDING),
        sqlite_where=sa.text(PENDING),
    )
    _replace_index(LIVE_OF_A_DATE)


def downgrade() -> None:
    _replace_index(LIVE)
    op.drop_table("status_change_result")
    op.drop_table("status_change_job")


def _replace_index(condition: str) -> None:
    """At most one live run of a kind and date, for the runs that meet the condition."""
    op.drop_index("uq_job_run_live", table_name="job_run")
    op.create_index(
        "uq_job_run_live",
        "job_run",
        ["kind", "business_date"],
        unique=True,
        postgresql_where=sa.text(condition),
        sqlite_where=sa.text(condition),
    )
