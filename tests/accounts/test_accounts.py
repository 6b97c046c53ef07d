"""Creating and changing accounts (rules 1, 2.15 and 10), and what from outside cannot be kept."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select

from tenure.accounts.actions import create_account, update
from tenure.accounts.models import Account, BillUnit, Rank, SearchTerm
from tenure.accounts.queries import matches_search
from tenure.accounts.rules import NewAccount
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.builders import account, set_account
from tests.checks import (
    ABE,
    VIC,
    default_bill_unit,
    events,
    forbidden,
    nothing_written,
    refused,
    row,
    rows,
)
from tests.conftest import ANA, NOON, set_clock
from tests.plans import planned_statements


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account of rank GOLD."""
    async with runtime.unit(ANA) as unit:
        return await account(
            unit, "Carla Gómez", email="carla@example.com", phone="+1 555 0100", rank=Rank.GOLD
        )


async def change(runtime: Runtime, account_id: int, **changes: Any) -> None:
    """Change what is given."""
    async with runtime.unit(ANA) as unit:
        await update(unit, account_id, **changes)


async def test_new_account_is_active_and_has_its_default_bill_unit(
    runtime: Runtime, carla: int
) -> None:
    """Rules 1: every account has at least one bill unit, which pays for itself; one event records
    the account.
    """
    found = await row(runtime, Account, carla)
    assert (found.status, found.currency, found.version, found.created_at) == (
        Status.ACTIVE,
        "USD",
        1,
        NOON,
    )
    assert found.number == f"A-{1000 + carla}"
    [unit] = await rows(runtime, BillUnit, account_id=carla)
    assert (unit.is_default, unit.paying_parent_id, unit.currency) == (True, None, "USD")
    assert (unit.billing_day_of_month, unit.next_bill_on) == (10, date(2026, 12, 10))
    [recorded] = await events(runtime, EventKind.ACCOUNT_CHANGE)
    assert (recorded.account_id, recorded.actor, recorded.description) == (
        carla,
        ANA.name,
        f"Account {found.number} was created",
    )


@pytest.mark.parametrize(
    ("today", "day", "first"),
    [
        (datetime(2026, 11, 10, 12, tzinfo=UTC), 10, date(2026, 12, 10)),
        (datetime(2026, 11, 10, 12, tzinfo=UTC), 11, date(2026, 11, 11)),
        (datetime(2026, 11, 10, 12, tzinfo=UTC), 31, date(2026, 11, 30)),
        (datetime(2027, 1, 31, 12, tzinfo=UTC), 31, date(2027, 2, 28)),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), 1, date(2027, 1, 1)),
    ],
)
async def test_first_bill(runtime: Runtime, today: datetime, day: int, first: date) -> None:
    """The first billing day after today; the last day of a month that is too short."""
    await set_clock(runtime, today)
    async with runtime.unit(ANA) as unit:
        made = await account(unit, billing_day_of_month=day)
    assert (await default_bill_unit(runtime, made)).next_bill_on == first


@pytest.mark.parametrize("rank", [*Rank, None])
async def test_rank_is_given_at_creation(runtime: Runtime, rank: Rank | None) -> None:
    """Rules 2.15: Platinum, Gold, Silver, Bronze, or none."""
    async with runtime.unit(ANA) as unit:
        made = await account(unit, rank=rank)
    assert (await row(runtime, Account, made)).rank == rank


@pytest.mark.parametrize("status", list(Status))
async def test_rank_is_changed_at_any_time(runtime: Runtime, carla: int, status: Status) -> None:
    """Rules 2.15: whatever the status."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, status)
    for rank in (Rank.PLATINUM, None):
        await change(runtime, carla, rank=rank)
        assert (await row(runtime, Account, carla)).rank == rank
    recorded = (await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla))[1:]
    assert [event.details for event in recorded] == [
        {"changed": {"rank": ["GOLD", "PLATINUM"]}},
        {"changed": {"rank": ["PLATINUM", None]}},
    ]


async def test_changes_what_is_given_and_leaves_the_rest(runtime: Runtime, carla: int) -> None:
    """Null empties what may be empty."""
    await change(runtime, carla, name=" Carla Núñez ", email=None, credit_limit=Decimal("12.50"))
    found = await row(runtime, Account, carla)
    assert (found.name, found.email, found.phone, found.rank) == (
        "Carla Núñez",
        None,
        "+1 555 0100",
        Rank.GOLD,
    )
    assert (found.credit_limit, found.version) == (Decimal("12.50"), 2)
    terms = {term.term for term in await terms_of(runtime, carla)}
    assert {"carla nunez", "nunez", "gomez"} <= terms


async def terms_of(runtime: Runtime, account_id: int) -> list[SearchTerm]:
    """By what the account is found."""
    async with runtime.database.reading() as session:
        found = await session.execute(
            SearchTerm.__table__.select().where(SearchTerm.account_id == account_id)
        )
        return list(found)  # type: ignore[arg-type]


async def test_no_change_writes_nothing(runtime: Runtime, carla: int) -> None:
    """Neither an event nor a version."""
    async with nothing_written(runtime):
        await change(runtime, carla, name="Carla Gómez", rank=Rank.GOLD)
        await change(runtime, carla)


BAD_VALUES: dict[str, tuple[dict[str, Any], ErrorCode]] = {
    "no name": ({"name": None}, ErrorCode.REQUIRED),
    "blank name": ({"name": " \t "}, ErrorCode.REQUIRED),
    "name of 10,000 characters": ({"name": "x" * 10_000}, ErrorCode.OUT_OF_RANGE),
    "NUL in the name": ({"name": "Car\0la"}, ErrorCode.INVALID),
    "half a character": ({"name": "Car\ud800la"}, ErrorCode.INVALID),
    "no address": ({"email": "nobody"}, ErrorCode.INVALID),
    "long address": ({"email": f"{'x' * 300}@example.com"}, ErrorCode.OUT_OF_RANGE),
    "no number": ({"phone": "call me"}, ErrorCode.INVALID),
    "negative limit": ({"credit_limit": Decimal(-1)}, ErrorCode.OUT_OF_RANGE),
    "limit past all money": ({"credit_limit": Decimal("1e13")}, ErrorCode.OUT_OF_RANGE),
    "limit that is no number": ({"credit_limit": Decimal("NaN")}, ErrorCode.INVALID),
    "limit of seven places": ({"credit_limit": Decimal("0.0000001")}, ErrorCode.INVALID),
}


async def test_what_cannot_be_kept(runtime: Runtime, carla: int, subtests: pytest.Subtests) -> None:
    """At creation and at a change; the path names the field."""
    for words, (values, code) in BAD_VALUES.items():
        with subtests.test(words):
            async with refused(runtime, code, *values), runtime.unit(ANA) as unit:
                await create_account(unit, NewAccount(**{"name": "Carlos", **values}))
            async with refused(runtime, code, *values):
                await change(runtime, carla, **values)


BAD_AT_CREATION: list[tuple[dict[str, Any], ErrorCode]] = [
    ({"currency": "usd"}, ErrorCode.INVALID),
    ({"currency": "EURO"}, ErrorCode.INVALID),
    ({"currency": ""}, ErrorCode.INVALID),
    ({"billing_day_of_month": 0}, ErrorCode.OUT_OF_RANGE),
    ({"billing_day_of_month": 32}, ErrorCode.OUT_OF_RANGE),
    ({"number": "x" * 65}, ErrorCode.OUT_OF_RANGE),
    ({"number": "\0"}, ErrorCode.INVALID),
    ({"number": " "}, ErrorCode.REQUIRED),
]


async def test_what_cannot_be_kept_at_creation(runtime: Runtime, subtests: pytest.Subtests) -> None:
    """What never changes later."""
    for values, code in BAD_AT_CREATION:
        with subtests.test(str(values)):
            async with refused(runtime, code, *values), runtime.unit(ANA) as unit:
                await create_account(unit, NewAccount(name="Carlos", **values))


@pytest.mark.parametrize("name", ["🌴🦜", "x" * 255, "Ꙭ", "O'Hara; DROP TABLE account", "עברית"])
async def test_names_are_kept_as_they_are(runtime: Runtime, name: str) -> None:
    """Emoji, the longest one, any script."""
    async with runtime.unit(ANA) as unit:
        made = await account(unit, name)
    assert (await row(runtime, Account, made)).name == name


async def test_number_of_ones_own_is_unique(runtime: Runtime) -> None:
    """TAKEN; and a number that is given out avoids those that are there."""
    async with runtime.unit(ANA) as unit:
        first = await account(unit, number="C-1")
        await account(unit, number=f"A-{1000 + first + 2}")
        third = await account(unit)
    assert (await row(runtime, Account, third)).number == f"A-{1000 + third}-1"
    async with refused(runtime, ErrorCode.TAKEN, "number"), runtime.unit(ANA) as unit:
        await account(unit, number="C-1")


async def test_unknown_and_stale(runtime: Runtime, carla: int) -> None:
    """NOT_FOUND, and CONFLICT for a version that has passed."""
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"):
        await change(runtime, 987654321, name="Carlos")
    async with refused(runtime, ErrorCode.CONFLICT, "expected_version"):
        await change(runtime, carla, name="Carlos", expected_version=2)


async def test_agents_create_and_change_and_viewers_do_not(runtime: Runtime, carla: int) -> None:
    """Rules 10."""
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await create_account(unit, NewAccount(name="Carlos"))
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await update(unit, carla, name="Carlos")
    async with runtime.unit(ABE) as unit:
        await create_account(unit, NewAccount(name="Carlos"))
        await update(unit, carla, name="Carlos")
    assert [event.actor for event in await events(runtime, EventKind.ACCOUNT_CHANGE)] == [
        ANA.name,
        ABE.name,
        ABE.name,
    ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (matches_search("customer"), "ix_search_term_account_id_term"),
        (matches_search("customer-77"), "pk_search_term"),
        (Account.rank == Rank.PLATINUM, "ix_account_rank"),
    ],
    ids=["frequent", "rare", "rank"],
)
async def test_list_is_read_by_index(
    database: Database, condition: ColumnElement[bool], index: str
) -> None:
    """The first page of a search takes the same time with any number of accounts."""
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(
            """INSERT INTO account (id, number, name, name_key, currency, inactive_holds,
                closed_holds, created_at, status_changed_at, version)
            SELECT n, n, 'Customer ' || n, 'customer ' || n, 'USD', 0, 0, now(), now(), 1
            FROM generate_series(1, 20000) n"""
        )
        await connection.exec_driver_sql(
            "INSERT INTO search_term (term, account_id) SELECT 'customer-' || id, id FROM account"
        )
        await connection.exec_driver_sql("ANALYZE account, search_term")
    newest = select(Account).where(condition).order_by(Account.created_at.desc(), Account.id.desc())
    with planned_statements(database) as statements:
        async with database.reading() as session:
            await session.execute(newest.limit(26))
    assert index in await statements.used_indexes()
    assert await statements.scanned_tables() == set()
