"""The start state of the benchmark of deferred actions: accounts, each with a due action."""

from sqlalchemy import text

from tenure.kernel.db import Database

# For each account a bill unit that pays for itself, two services with an offer each, an offer of
# the account, some old events, and an inactivation, scheduled over the minutes of one day.
ROWS = """
INSERT INTO offer (code, name, kind, currency, created_at) VALUES ('basic', 'Basic', 'CHARGE',
    'USD', '2026-01-01');

INSERT INTO account (id, number, name, name_key, currency, inactive_holds, closed_holds,
    created_at, status_changed_at, version)
SELECT n, 'A-' || n, 'Customer ' || n, 'customer ' || n, 'USD', 0, 0, '2026-01-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n;

INSERT INTO bill_unit (id, account_id, name, is_default, currency, billing_day_of_month,
    next_bill_on, created_at, version)
SELECT n, n, 'Default', true, 'USD', 1, '2026-12-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n;

INSERT INTO service (id, account_id, bill_unit_id, kind, name, login, login_key, inactive_holds,
    closed_holds, created_at, status_changed_at, version)
SELECT 2 * n + place, n, n, 'internet', 'Internet', n || '-' || place, n || '-' || place, 0, 0,
    '2026-01-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n, generate_series(0, 1) place;

INSERT INTO purchased_offer (id, account_id, service_id, bill_unit_id, offer_id, name, kind,
    quantity, purchase_start, usage_start, cycle_start, inactive_holds, closed_holds, created_at,
    status_changed_at, version)
SELECT 3 * n + place, n, CASE WHEN place < 2 THEN 2 * n + place END, n, 1, 'Basic', 'CHARGE',
    1000000, '2026-01-01', '2026-01-01', '2026-01-01', 0, 0, '2026-01-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n, generate_series(0, 2) place;

INSERT INTO event (id, kind, account_id, occurred_at, recorded_at, description, actor)
SELECT nextval('event_id_seq'), 'ACCOUNT_CHANGE', n, day, day, 'Changed account A-' || n,
    'ana@example.com'
FROM generate_series(timestamptz '2026-01-01', '2026-08-01', '1 month') day, generate_series(1,
    {accounts}) n;

INSERT INTO deferred_action (kind, status, account_id, summary, to_status, parent_pays,
    children_stay, scheduled_for, reason, created_by, created_at, attempts, version)
SELECT 'CHANGE_ACCOUNT_STATUS', 'PENDING', n, 'Set account A-' || n || ' to INACTIVE', 'INACTIVE',
    false, false, timestamptz '2026-11-01' + n % 1440 * interval '1 minute', 'moving house',
    'ana@example.com', '2026-10-01', 0, 1
FROM generate_series(1, {accounts}) n;

SELECT setval('job_run_id_seq', 1, false)
"""

# All resulting rows, without generated ids and clock times.
RESULT_ROWS = {
    "accounts": """SELECT id AS account_id, status, inactive_holds, closed_holds, closed_at, version
        FROM account""",
    "services": """SELECT account_id, id, status, inactive_holds, closed_holds, closed_at, version,
        login, former_login FROM service""",
    "offers": """SELECT account_id, id, status, inactive_holds, closed_holds, closed_at, version,
        purchase_start, usage_start, cycle_start FROM purchased_offer""",
    "actions": """SELECT account_id, id, status, attempts, version, failure,
        executed_at IS NULL AS open, job_run_id FROM deferred_action""",
    "events": """SELECT event.account_id, event.service_id, event.offer_id, event.kind,
        event.description, event.from_status, event.to_status, event.inactive_holds,
        event.closed_holds, event.cause, event.reason, event.details, event.actor,
        event.change_id IS NULL AS alone, event.occurred_at = event.recorded_at AS at_once,
        above.kind AS above, above.account_id AS above_account, above.service_id AS above_service,
        above.offer_id AS above_offer
        FROM event LEFT JOIN event above ON above.id = event.followed_id""",
}
DIGEST = """
SELECT count(*), md5(string_agg(line, ';' ORDER BY line COLLATE "C")) FROM (
    SELECT left_behind::text AS line FROM ({rows}) left_behind
    WHERE account_id IN (SELECT account_id
    FROM deferred_action ORDER BY scheduled_for, id LIMIT {actions})
) lines
"""


async def create_due_actions(database: Database, *, accounts: int) -> None:
    """Create accounts, each with a due inactivation."""
    async with database.engine.begin() as connection:
        for statement in ROWS.format(accounts=accounts).split(";\n"):
            await connection.execute(text(statement))


async def result_digests(database: Database, *, actions: int) -> dict[str, tuple[int, str]]:
    """The number of rows and a digest of the results of the first actions, for each kind of row."""
    async with database.engine.connect() as connection:
        found = {}
        for what, rows in RESULT_ROWS.items():
            digest = await connection.execute(text(DIGEST.format(rows=rows, actions=actions)))
            count, of_lines = digest.one()
            found[what] = (count, of_lines)
        return found
