"""Plain names: the step `purchase fees`, and summaries like `Close Hana Suzuki (A-1026)`.

Only PENDING status changes get a new summary; that of others is part of the record.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
backward_compatible = True

FORMER_STEP = "fees of what began"
STEP = "purchase fees"
STEP_COLUMNS = (("job_step", "name"), ("job_run", "step"), ("quarantined_account", "step"))

OFFER_NAME = (
    "(SELECT purchased_offer.name FROM purchased_offer"
    " WHERE purchased_offer.id = deferred_action.offer_id)"
)
SERVICE_NAME = "(SELECT service.name FROM service WHERE service.id = deferred_action.service_id)"
ASSET = f"COALESCE({OFFER_NAME}, {SERVICE_NAME})"
OF_ACCOUNT = "FROM account WHERE account.id = deferred_action.account_id"
ACCOUNT_NAME = f"(SELECT account.name {OF_ACCOUNT})"
ACCOUNT_NUMBER = f"(SELECT account.number {OF_ACCOUNT})"
VERB = (
    "CASE to_status WHEN 'ACTIVE' THEN 'Reactivate ' WHEN 'INACTIVE' THEN 'Inactivate '"
    " ELSE 'Close ' END"
)
SUMMARY = (
    f"{VERB} || COALESCE({ASSET} || ' of ', '')"
    f" || {ACCOUNT_NAME} || ' (' || {ACCOUNT_NUMBER} || ')'"
)
ASSET_KIND = "CASE WHEN offer_id IS NOT NULL THEN 'offer ' ELSE 'service ' END"
FORMER_SUMMARY = (
    f"'Set ' || COALESCE({ASSET_KIND} || {ASSET} || ' of ', '')"
    f" || 'account ' || {ACCOUNT_NUMBER} || ' to ' || to_status"
)


def upgrade() -> None:
    _rename_step(FORMER_STEP, STEP)
    _summarize_pending(SUMMARY)


def downgrade() -> None:
    _summarize_pending(FORMER_SUMMARY)
    _rename_step(STEP, FORMER_STEP)


def _rename_step(former: str, new: str) -> None:
    for table, column in STEP_COLUMNS:
        op.execute(f"UPDATE {table} SET {column} = '{new}' WHERE {column} = '{former}'")
    op.execute(
        f"UPDATE job_run SET failure = replace(failure, '“{former}”', '“{new}”')"
        f" WHERE failure LIKE '%“{former}”%'"
    )


def _summarize_pending(summary: str) -> None:
    op.execute(
        f"UPDATE deferred_action SET summary = {summary}"
        " WHERE status = 'PENDING' AND to_status IS NOT NULL"
    )
