"""The start state of the bill day benchmark, and set-based SQL that does the same work.

Each account has three offers, and its cycle ends.
"""

from sqlalchemy import text

from tenure.kernel.db import Database

# For each account a bill unit that pays for itself, a service, two offers of the service and one
# of the account. Accounts have no payment method, because only the making of bills is measured.
ROWS = """
INSERT INTO offer (id, code, name, kind, currency, monthly_fee, created_at)
SELECT n, 'offer-' || n, 'Offer ' || n, 'CHARGE', 'USD', (10 + n) * 1000000, '2026-01-01'
FROM generate_series(1, 3) n;

INSERT INTO account (id, number, name, name_key, currency, inactive_holds, closed_holds,
    created_at, status_changed_at, version)
SELECT n, 'A-' || n, 'Customer ' || n, 'customer ' || n, 'USD', 0, 0, '2026-01-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n;

INSERT INTO bill_unit (id, account_id, name, is_default, currency, billing_day_of_month,
    next_bill_on, created_at, version)
SELECT n, n, 'Default', true, 'USD', 1, '2026-12-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n;

INSERT INTO service (id, account_id, bill_unit_id, kind, name, inactive_holds, closed_holds,
    created_at, status_changed_at, version)
SELECT n, n, n, 'internet', 'Internet', 0, 0, '2026-01-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n;

INSERT INTO purchased_offer (id, account_id, service_id, bill_unit_id, offer_id, name, kind,
    quantity, purchase_start, usage_start, cycle_start, first_start, charged_until, inactive_holds,
    closed_holds, created_at, status_changed_at, version)
SELECT 3 * n + place, n, CASE WHEN place < 3 THEN n END, n, place, 'Offer ' || place, 'CHARGE',
    1000000, '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01', '2026-12-01', 0, 0,
    '2026-01-01', '2026-01-01', 1
FROM generate_series(1, {accounts}) n, generate_series(1, 3) place;

UPDATE business SET clock_set_to = '2026-12-01 01:00+00'
"""

# One transaction: bills with their sums, items, events, then the dates until which the offers are
# charged and the bill units are billed.
BILL_DAY_SQL = """
INSERT INTO bill (number, account_id, bill_unit_id, currency, period_start, period_end, billed_on,
    due_on, collect_on, current_charges, subordinate_charges, adjusted, paid, held,
    previous_balance, payments, adjustments, disputed, created_at)
SELECT 'B-' || unit.id || '-20261201', unit.account_id, unit.id, unit.currency, '2026-11-01',
    '2026-12-01', '2026-12-01', '2026-12-31', '2026-12-01',
    sum(coalesce(bought.monthly_fee, offer.monthly_fee)), 0, 0, 0, 0, unit.balance, 0, 0, 0,
    '2026-12-01 01:00+00'
FROM bill_unit unit
    JOIN purchased_offer bought ON bought.bill_unit_id = unit.id
    JOIN offer ON offer.id = bought.offer_id
WHERE unit.next_bill_on = '2026-12-01' AND bought.status = 'ACTIVE'
    AND bought.charged_until = '2026-12-01'
GROUP BY unit.id;

INSERT INTO bill_item (bill_id, bill_unit_id, account_id, service_id, kind, name, currency, total,
    adjusted, held, transferred)
SELECT bill.id, bill.bill_unit_id, bill.account_id, bought.service_id, 'CYCLE',
    'Monthly fees' || coalesce(' · ' || service.name, ''), bill.currency,
    sum(coalesce(bought.monthly_fee, offer.monthly_fee)), 0, 0, 0
FROM bill
    JOIN purchased_offer bought ON bought.bill_unit_id = bill.bill_unit_id
    JOIN offer ON offer.id = bought.offer_id
    LEFT JOIN service ON service.id = bought.service_id
WHERE bill.period_end = '2026-12-01' AND bought.status = 'ACTIVE'
    AND bought.charged_until = '2026-12-01'
GROUP BY bill.id, bought.service_id, service.name;

INSERT INTO event (id, kind, account_id, service_id, offer_id, occurred_at, recorded_at,
    description, quantity, unit, rate, amount, currency, item_id, period_start, period_end, actor,
    details)
SELECT nextval('event_id_seq'), 'CYCLE_FEE', bought.account_id, bought.service_id, bought.id,
    '2026-12-01 00:00+00', '2026-12-01 01:00+00', bought.name || ', by hand', bought.quantity,
    'month', coalesce(bought.monthly_fee, offer.monthly_fee),
    coalesce(bought.monthly_fee, offer.monthly_fee), bill.currency, item.id, '2026-12-01',
    '2027-01-01', 'by hand', '{{"days": 31, "cycleDays": 31}}'
FROM bill
    JOIN purchased_offer bought ON bought.bill_unit_id = bill.bill_unit_id
    JOIN offer ON offer.id = bought.offer_id

        JOIN bill_item item ON item.bill_id = bill.id AND item.service_id IS NOT DISTINCT
    FROM bought.service_id
WHERE bill.period_end = '2026-12-01' AND bought.status = 'ACTIVE'
    AND bought.charged_until = '2026-12-01';

UPDATE bill_unit unit
SET balance = balance + bill.current_charges, next_bill_on = '2027-01-01',
    charged_until = '2027-01-01'
FROM bill WHERE bill.bill_unit_id = unit.id AND bill.period_end = '2026-12-01';

UPDATE purchased_offer bought SET charged_until = '2027-01-01'
FROM bill WHERE bill.bill_unit_id = bought.bill_unit_id AND bought.charged_until = '2026-12-01'
"""

RESULT_ROWS = {
    "bills": """SELECT number, account_id, period_start, period_end, billed_on, due_on, collect_on,
        current_charges, subordinate_charges, previous_balance, total_due, open_amount, status
        FROM bill""",
    "items": """SELECT bill.number, item.name, item.total, item.due
        FROM bill_item item JOIN bill ON bill.id = item.bill_id""",
    "events": """SELECT account_id, service_id, offer_id, kind, occurred_at, quantity, unit, rate,
        amount, currency, period_start, period_end, details, item_id IS NULL AS alone FROM event""",
    "bill units": "SELECT id, next_bill_on, charged_until, balance FROM bill_unit",
    "offers": "SELECT id, charged_until FROM purchased_offer",
}
DIGEST = """SELECT count(*), md5(string_agg(line, ';' ORDER BY line COLLATE "C"))
FROM (SELECT result::text AS line FROM ({}) result) lines"""


async def create_accounts(database: Database, *, accounts: int) -> None:
    """Create accounts whose cycle ends."""
    await _run(database, ROWS.format(accounts=accounts))


async def bill_with_sql(database: Database, _run_id: int) -> None:
    """Bill all accounts, assuming that no status, payer or price has changed."""
    await _run(database, BILL_DAY_SQL.format())


async def result_digests(database: Database) -> dict[str, tuple[int, str]]:
    """The number of rows and a digest of their contents, for each kind of result."""
    async with database.engine.connect() as connection:
        found = {}
        for what, rows in RESULT_ROWS.items():
            count, digest = (await connection.execute(text(DIGEST.format(rows)))).one()
            found[what] = (count, digest)
        return found


async def _run(database: Database, statements: str) -> None:
    async with database.engine.begin() as connection:
        for statement in statements.split(";\n"):
            await connection.exec_driver_sql(statement)
