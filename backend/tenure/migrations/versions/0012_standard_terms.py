"""Rename tables and columns to the terms of the glossary."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_set_aside_job_run_id_account_id", "set_aside")
    op.rename_table("set_aside", "quarantined_account")
    op.create_index(
        "uq_quarantined_account_job_run_id_account_id",
        "quarantined_account",
        ["job_run_id", "account_id"],
        unique=True,
    )
    op.execute("ALTER TABLE bill_item RENAME COLUMN passed TO transferred")


def downgrade() -> None:
    op.execute("ALTER TABLE bill_item RENAME COLUMN transferred TO passed")
    op.drop_index("uq_quarantined_account_job_run_id_account_id", "quarantined_account")
    op.rename_table("quarantined_account", "set_aside")
    op.create_index(
        "uq_set_aside_job_run_id_account_id", "set_aside", ["job_run_id", "account_id"], unique=True
    )
