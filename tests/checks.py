"""What tests look at: every row of every table, how something stands, what events say, and that nothing was written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred.models import DeferredAction
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status, holds_of
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError
from tenure.kernel.unit import Runtime
from tenure.tables import ALL_TABLES

VIC = Actor("vic@example.com", Role.VIEWER)
ABE = Actor("abe@example.com", Role.AGENT)
MIA = Actor("mia@example.com", Role.MANAGER)

Row = TypeVar("Row")


async def snapshot(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text, in a fixed order."""
    async with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, await connection.execute(table.select())))
            for table in ALL_TABLES.sorted_tables
        }


@asynccontextmanager
async def nothing_written(runtime: Runtime) -> AsyncIterator[None]:
    """No row of any table is another after the block."""
    before = await snapshot(runtime.database)
    yield
    assert await snapshot(runtime.database) == before


@asynccontextmanager
async def refused(
    runtime: Runtime, code: ErrorCode, *path: str
) -> AsyncIterator[pytest.ExceptionInfo[TenureError]]:
    """The block raises this error, which points at this path, and nothing is written."""
    async with nothing_written(runtime):
        with pytest.raises(TenureError) as refusal:
            yield refusal
        assert (refusal.value.code, refusal.value.path) == (code, path)


@asynccontextmanager
async def forbidden(runtime: Runtime) -> AsyncIterator[None]:
    """The block is forbidden to its actor, and nothing is written."""
    async with nothing_written(runtime):
        with pytest.raises(ForbiddenError):
            yield


async def row(runtime: Runtime, table: type[Row], row_id: int) -> Row:
    """One row as the database has it."""
    async with runtime.database.reading() as session:
        return await session.get_one(table, row_id)


async def rows(runtime: Runtime, table: type[Row], **columns: Any) -> list[Row]:
    """The rows with these values, by id."""
    async with runtime.database.reading() as session:
        statement = select(table).filter_by(**columns).order_by(table.id)  # type: ignore[attr-defined]
        return list((await session.execute(statement)).scalars())


async def entity_state(
    runtime: Runtime, table: type[Account | Service | PurchasedOffer], row_id: int
) -> str:
    """Status and holds in a line: INACTIVE (INACTIVE PARENT, INACTIVE MANUAL) …, or ACTIVE alone."""
    found = await row(runtime, table, row_id)
    holds = [
        f"{effect} {cause.name}"
        for effect, cause in holds_of(found.inactive_holds, found.closed_holds)
    ]
    assert bool(holds) == (found.status != Status.ACTIVE)
    return f"{found.status} ({', '.join(holds)})" if holds else str(found.status)


async def account_state(runtime: Runtime, account_id: int) -> str:
    """How an account stands."""
    return await entity_state(runtime, Account, account_id)


async def service_state(runtime: Runtime, service_id: int) -> str:
    """How a service stands."""
    return await entity_state(runtime, Service, service_id)


async def offer_state(runtime: Runtime, offer_id: int) -> str:
    """How a purchased offer stands."""
    return await entity_state(runtime, PurchasedOffer, offer_id)


async def events(
    runtime: Runtime, kind: EventKind = EventKind.STATUS_CHANGE, **columns: Any
) -> list[Event]:
    """The events of a kind, in the order in which they were written."""
    return await rows(runtime, Event, kind=kind, **columns)


async def action(runtime: Runtime, action_id: int | None) -> DeferredAction:
    """A deferred action as the database has it."""
    assert action_id is not None
    return await row(runtime, DeferredAction, action_id)


async def default_bill_unit(runtime: Runtime, account_id: int) -> BillUnit:
    """The account's default bill unit as the database has it."""
    [found] = await rows(runtime, BillUnit, account_id=account_id, is_default=True)
    return found
