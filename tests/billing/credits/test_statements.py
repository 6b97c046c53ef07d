"""Statements about credits read few rows, also before PostgreSQL has statistics of the tables."""

import pytest
from sqlalchemy import text

from tenure.billing.credits.queries import accounts_with_credit
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.page_statements import Recorder, explained
from tests.conftest import ANA
from tests.plans import read_rows

BILLED, CHUNK = 8_000, 100
# Each account has a bill of November and a pending one, with two items each. The items of the
# pending bill of every tenth account include a credit.
FILL = f"""
INSERT INTO account (id, number, name, name_key, currency, inactive_holds, closed_holds, created_at,
    status_changed_at, version)
  SELECT n, 'A-' || n, 'C', 'c', 'USD', 0, 0, now(), now(), 1 FROM generate_series(1, {BILLED}) n;
INSERT INTO bill_unit (id, account_id, name, is_default, currency, billing_day_of_month,
    next_bill_on, balance, created_at, version)
  SELECT id, id, 'Main', true, 'USD', 1, '2026-12-01', 0, now(), 1 FROM account;
INSERT INTO bill (id, number, account_id, bill_unit_id, currency, period_start, period_end,
    billed_on, due_on, current_charges, subordinate_charges, adjusted, paid, held,
    previous_balance, payments, adjustments, disputed, created_at)
  SELECT month * {BILLED} + id, 'B-' || id || '-' || month, id, id, 'USD',
    date '2026-10-01' + 31 * month, date '2026-11-01' + 30 * month,
    CASE month WHEN 0 THEN date '2026-11-01' END, NULL, 20, 0, 0, 0, 0, 0, 0, 0, 0, now()
  FROM account, generate_series(0, 1) month;
INSERT INTO bill_item (bill_id, bill_unit_id, account_id, kind, name, currency, total, adjusted,
    held, transferred)
  SELECT bill.id, bill_unit_id, account_id,
    CASE item WHEN 1 THEN 'CYCLE' ELSE 'ADJUSTMENT' END, 'Item', 'USD',
    CASE WHEN item = 2 AND billed_on IS NULL AND account_id % 10 = 0 THEN -5 ELSE 10 END, 0, 0, 0
  FROM bill, generate_series(1, 2) item
"""
EMPTY_TABLES = "VACUUM (ANALYZE) account, bill_unit, bill, bill_item"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_accounts_with_credit(runtime: Runtime, database_url: str) -> None:
    """Rules 5.3, for the first bills of a company: the tables were empty when they were analyzed.

    The rows of items that are read are those of the bills.
    """
    del runtime  # Its database is empty now.
    database = Recorder(database_url)
    try:
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(EMPTY_TABLES))
        async with database.engine.begin() as connection:
            for statement in FILL.split(";"):
                await connection.execute(text(statement))
        async with Runtime(database, BusinessReader(clock_settable=True)).unit(ANA) as unit:
            found = await accounts_with_credit(unit, range(1, CHUNK + 1))
        async with database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            plan = await explained(raw.driver_connection, *database.sent[-1])
    finally:
        await database.close()
    assert list(found) == list(range(10, CHUNK + 1, 10))
    assert 0 < read_rows(plan)["bill_item"] <= 2 * CHUNK
