"""Compares the table of events with a copy that is partitioned by month (decision record 18).

`python -m tests.benchmarks.partitioned_events DATABASE_URL` copies the events of a database of the
comparison (`make peers ARGS="--accounts 1000000 --keep"`) to tables with the same indexes, and
prints what reads and inserts cost in each: the least time of the planner and of the execution, the
blocks, and the size of the write-ahead log. It drops the copy at the end, unless `--keep` is given.
"""

import argparse
import asyncio
from dataclasses import dataclass

import asyncpg
import orjson

from tests.benchmarks.tables import show

COPY = "event_by_month"
MONTHS = """SELECT format('CREATE TABLE event_%s PARTITION OF event_by_month
    FOR VALUES FROM (%L) TO (%L)', to_char(month, 'YYYY_MM'), month, month + interval '1 month')
  FROM generate_series(date_trunc('month', (SELECT min(occurred_at) FROM event), 'UTC'),
    (SELECT max(occurred_at) FROM event), interval '1 month') month"""
INDEXES = """SELECT replace(replace(indexdef, ' public.event ', ' public.event_by_month '),
    'INDEX ' || indexname, 'INDEX copy_' || indexname)
  FROM pg_indexes WHERE tablename = 'event' AND indexname <> 'pk_event'"""
ACCOUNT, REPEATED, NEW = 700_000, 7, 20_000
READS = {
    "first page of an account": f"SELECT * FROM {{}} WHERE account_id = {ACCOUNT} "
    "ORDER BY occurred_at DESC, id DESC LIMIT 26",
    "all events of an account": f"SELECT * FROM {{}} WHERE account_id = {ACCOUNT} "
    "ORDER BY occurred_at DESC, id DESC LIMIT 101",
    "events of an item": "SELECT * FROM {} WHERE item_id = (SELECT max(item_id) FROM event "
    f"WHERE account_id = {ACCOUNT}) ORDER BY occurred_at DESC, id DESC LIMIT 101",
    "an event by id": "SELECT * FROM {} WHERE id = 12345678",
    "the events of a change": "SELECT * FROM {} WHERE id >= 12345678 AND id < 12345688",
    "newest events of all accounts": "SELECT * FROM {} ORDER BY occurred_at DESC, id DESC LIMIT 26",
    "newest payments of all accounts": "SELECT * FROM {} WHERE kind = 'PAYMENT' "
    "AND occurred_at >= '2026-06-01' AND occurred_at < '2026-07-01' "
    "ORDER BY occurred_at DESC, id DESC LIMIT 26",
    "status changes of a month": "SELECT to_status, count(*) FROM {} WHERE from_status IS NOT NULL "
    "AND service_id IS NULL AND offer_id IS NULL AND occurred_at >= '2026-11-01' GROUP BY 1",
}
# As usage of many accounts, recorded now.
INSERT = f"""INSERT INTO {{}} (id, kind, account_id, service_id, occurred_at, recorded_at,
    description, amount, currency, item_id, actor)
  SELECT 900000000 + n, 'USAGE', n * 37 % 1000000, n, timestamptz '2026-12-01' + n * interval '1 s',
    now(), 'Mobile data', 150000, 'USD', n, 'usage'
  FROM generate_series(1, {NEW}) n"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of planning and execution, and blocks."""

    planning: float
    execution: float
    blocks: int

    def cells(self) -> list[str]:
        """The cells of a row of the table."""
        return [f"{self.planning:.2f}", f"{self.execution:.2f}", f"{self.blocks:,}"]


async def copy_events(connection: asyncpg.Connection) -> None:
    """Create and fill the partitioned copy. Its primary key must contain the month."""
    await connection.execute(f"DROP TABLE IF EXISTS {COPY}")
    await connection.execute(f"CREATE TABLE {COPY} (LIKE event) PARTITION BY RANGE (occurred_at)")
    for [statement] in await connection.fetch(MONTHS):
        await connection.execute(statement)
    await connection.execute(f"INSERT INTO {COPY} SELECT * FROM event")
    await connection.execute(f"ALTER TABLE {COPY} ADD PRIMARY KEY (id, occurred_at)")
    for [statement] in await connection.fetch(INDEXES):
        await connection.execute(statement)
    await connection.execute(f"VACUUM (ANALYZE) {COPY}")


async def cost(connection: asyncpg.Connection, statement: str, repeated: int) -> Cost:
    """The least of several executions."""
    found = []
    for _ in range(repeated):
        answer = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        [it] = orjson.loads(answer)
        plan = it["Plan"]
        blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        found.append(Cost(it["Planning Time"], it["Execution Time"], blocks))
    return Cost(
        min(it.planning for it in found), min(it.execution for it in found), found[-1].blocks
    )


async def inserted(connection: asyncpg.Connection, table: str) -> list[str]:
    """Milliseconds per thousand new events, and bytes of the log for each; rolled back."""
    explain = f"EXPLAIN (ANALYZE, WAL, FORMAT JSON) {INSERT.format(table)}"
    times, logged = [], 0
    for _ in range(3):
        transaction = connection.transaction()
        await transaction.start()
        [it] = orjson.loads(await connection.fetchval(explain))
        await transaction.rollback()
        times.append(it["Execution Time"])
        logged = it["Plan"]["WAL Bytes"]
    return ["", f"{1000 * min(times) / NEW:.1f}", f"{logged / NEW:.0f} bytes"]


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.partitioned_events")
    parser.add_argument("url", help="of the database, postgresql://…")
    parser.add_argument("--keep", action="store_true", help="keep the copy; use a kept one")
    asked = parser.parse_args()
    connection = await asyncpg.connect(asked.url)
    try:
        await connection.execute("SET maintenance_work_mem = '512MB'")
        if not (asked.keep and await connection.fetchval(f"SELECT to_regclass('{COPY}')")):
            await copy_events(connection)
        rows = []
        for name, statement in READS.items():
            costs = [
                await cost(connection, statement.format(it), REPEATED) for it in ("event", COPY)
            ]
            rows.append([name, *costs[0].cells(), *costs[1].cells()])
        tables = [await inserted(connection, it) for it in ("event", COPY)]
        rows.append(["a thousand new events", *tables[0], *tables[1]])
        titles = ["", "one table: planning, ms", "execution, ms", "blocks"]
        show("Events by month", [*titles, "by month: planning, ms", *titles[2:]], rows)
        if not asked.keep:
            await connection.execute(f"DROP TABLE {COPY}")
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
