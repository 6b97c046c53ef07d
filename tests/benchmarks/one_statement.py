"""Executes all due actions in one data-modifying statement that is written for this case.

It assumes what Tenure has to find out: no account pays for another, nothing has holds, every
action inactivates an account, and no other process changes the rows.
"""

from datetime import UTC, datetime

from tenure.batch.deferred_actions_job import JOB_ACTOR
from tenure.kernel.db import Database

STATEMENT = """
WITH due AS (
    UPDATE deferred_action
    SET status = 'DONE', executed_at = $1, attempts = attempts + 1, version = version + 1,
        job_run_id = $3
    WHERE status = 'PENDING' AND scheduled_for <= $1
    RETURNING id, account_id, summary, reason, to_status
), change AS MATERIALIZED (
    SELECT nextval('event_id_seq') AS id
), accounts AS (
    UPDATE account
    SET inactive_holds = inactive_holds | 1, status_changed_at = $1, version = version + 1
    FROM due
    WHERE account.id = due.account_id AND closed_holds = 0 AND inactive_holds = 0
    RETURNING account.id, number, nextval('event_id_seq') AS event_id, reason
), services AS (
    UPDATE service
    SET inactive_holds = inactive_holds | 8, status_changed_at = $1, version = service.version + 1
    FROM accounts
    WHERE service.account_id = accounts.id AND closed_holds = 0 AND inactive_holds = 0
    RETURNING service.id, account_id, name, nextval('event_id_seq') AS event_id,
        accounts.event_id AS followed_id, reason
), account_offers AS (
    UPDATE purchased_offer
    SET inactive_holds = inactive_holds | 8, status_changed_at = $1,
        version = purchased_offer.version + 1
    FROM accounts
    WHERE purchased_offer.account_id = accounts.id AND service_id IS NULL AND closed_holds = 0
        AND inactive_holds = 0
    RETURNING purchased_offer.id, account_id, service_id, name, inactive_holds, 8 AS cause,
        event_id, reason
), service_offers AS (
    UPDATE purchased_offer
    SET inactive_holds = inactive_holds | 24, status_changed_at = $1,
        version = purchased_offer.version + 1
    FROM services
    WHERE purchased_offer.service_id = services.id AND closed_holds = 0 AND inactive_holds = 0
    RETURNING purchased_offer.id, purchased_offer.account_id, service_id, purchased_offer.name,
        inactive_holds, 16 AS cause, event_id, reason
), changed AS (
    SELECT event_id, id AS account_id, NULL::bigint AS service_id, NULL::bigint AS offer_id,
        'Account ' || number AS label, NULL::bigint AS followed_id, 1 AS inactive_holds,
        1 AS cause, reason
    FROM accounts
    UNION ALL
    SELECT event_id, account_id, id, NULL, 'Service ' || name, followed_id, 8, 8, reason
    FROM services
    UNION ALL
    SELECT nextval('event_id_seq'), account_id, service_id, id, 'Offer ' || name, event_id,
        inactive_holds, cause, reason
    FROM account_offers
    UNION ALL
    SELECT nextval('event_id_seq'), account_id, service_id, id, 'Offer ' || name, event_id,
        inactive_holds, cause, reason
    FROM service_offers
), events AS (
    INSERT INTO event (id, change_id, kind, account_id, service_id, offer_id, occurred_at,
        recorded_at, description, followed_id, from_status, to_status, inactive_holds,
        closed_holds, cause, reason, actor)
    SELECT event_id, change.id, 'STATUS_CHANGE', account_id, service_id, offer_id, $1, $1,
        label || ' is now INACTIVE', followed_id, 'ACTIVE', 'INACTIVE', inactive_holds, 0, cause,
        reason, $2
    FROM changed, change
)
INSERT INTO event (id, kind, account_id, occurred_at, recorded_at, description, reason, actor,
    details)
SELECT nextval('event_id_seq'), 'DEFERRED_ACTION', account_id, $1, $1, 'Done: ' || summary, reason,
    $2, jsonb_build_object('deferredAction', id, 'operation', 'ACTION_DONE', 'failure', NULL,
        'toStatus', to_status)
FROM due
"""


async def execute_in_one_statement(database: Database, job_run_id: int) -> None:
    """Execute all due actions in one statement and one transaction."""
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(STATEMENT, (datetime.now(UTC), JOB_ACTOR.name, job_run_id))
