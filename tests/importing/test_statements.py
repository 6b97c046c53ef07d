"""How many statements an import sends, and that they find rows by index in a large database."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from tenure.importing.lines import AccountLine, parse_account_line
from tenure.importing.models import ImportMode
from tenure.importing.run import import_lines
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.databases import new_database
from tests.graphql.caller import sent_statements
from tests.importing.jobs import executed, stored
from tests.plans import planned_statements


def lines(numbers: Sequence[int]) -> list[AccountLine]:
    """Families of four: each line has other fields than the one before it."""
    return [
        parse_account_line(
            {
                "number": f"N-{number}",
                "name": f"Customer {number}",
                "email": f"c{number}@example.com" if number % 2 else None,
                "phone": f"555 {number}" if number % 3 else None,
                "rank": "GOLD" if number % 5 else None,
                "parent": f"N-{number - number % 4}" if number % 4 else None,
                "parent_pays": number % 4 == 1,
                "status": "INACTIVE" if number % 4 == 3 else "ACTIVE",
                "payment_method": {"kind": "DIRECT_DEBIT", "token": "tok"} if number % 2 else None,
                "services": [
                    {
                        "kind": "tel",
                        "login": f"login-{number}" if number % 3 else None,
                        "offers": [{"code": "talk", "monthly_fee": "9" if number % 2 else None}],
                    }
                ],
                "offers": [{"code": "care"}],
            }
        )
        for number in numbers
    ]


async def test_a_chunk_is_written_by_as_many_statements_as_a_few_lines(runtime: Runtime) -> None:
    """Lines with different fields do not need different statements."""
    await import_lines(runtime, lines(range(8)))
    with sent_statements(runtime.database) as few:
        await import_lines(runtime, lines(range(8, 16)))
    with sent_statements(runtime.database) as many:
        await import_lines(runtime, lines(range(16, 136)))
    assert len(many) == len(few) > 10


@pytest.fixture
def new_url(tmp_path: Path) -> Iterator[str]:
    """A database of PostgreSQL without statistics, which other tests leave in theirs."""
    with new_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
async def new_runtime(new_url: str) -> AsyncIterator[Runtime]:
    """A Runtime on the new database, migrated."""
    database = Database(new_url)
    await database.migrate()
    yield Runtime(database, BusinessReader())
    await database.close()


async def test_existing_rows_are_found_by_index(new_runtime: Runtime) -> None:
    """An import into a large database does not read all of it, whether or not it was analyzed."""
    runtime = new_runtime
    for first in range(0, 4000, 400):
        await import_lines(runtime, lines(range(first, first + 400)))
    with planned_statements(runtime.database) as statements:
        await import_lines(runtime, lines(range(4000, 4004)))
    assert len(statements.sent) > 3
    for statement in (None, "ANALYZE"):
        async with runtime.database.engine.begin() as connection:
            if statement:
                await connection.exec_driver_sql(statement)
        scanned = await statements.scanned_tables()
        assert not {"account", "bill_unit", "service", "event"} & scanned


async def test_accepted_rows_are_found_by_their_keys(new_runtime: Runtime) -> None:
    """A check of a large file does not read all that it has accepted for each of its chunks."""
    file = b"\n".join(
        orjson.dumps(
            {
                "number": f"N-{it}",
                "name": f"Customer {it}",
                "services": [{"kind": "tel", "login": f"tel-{it}", "offers": [{"code": "talk"}]}],
            }
        )
        for it in range(4000)
    )
    file_id = await stored(new_runtime, file)
    with planned_statements(new_runtime.database) as statements:
        await executed(new_runtime, file_id, ImportMode.CHECK)
    last = [it for it in statements.sent if re.search("FROM checked_(account|login)", it[0])][-2:]
    statements.sent[:] = last
    assert not await statements.scanned_tables()
    read = await statements.index_conditions()
    assert {name for name, _ in read} == {
        "uq_checked_account_import_run_id_number",
        "uq_checked_login_import_run_id_login_key_service_kind",
    }
    assert all(re.search("number|login_key", condition) for _, condition in read)
