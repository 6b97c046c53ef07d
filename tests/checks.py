"""Reads rows and compares them: table snapshots, status with holds, events, rejected changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar

import pytest
from sqlalchemy import Table, select

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.audit.models import AuditEntry
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
    """Every row of every table, as text, in a fixed order; read by one statement."""
    found: dict[str, list[str]] = {table.name: [] for table in ALL_TABLES.sorted_tables}
    async with database.connection() as connection:
        for table, values in await connection.exec_driver_sql(_every_row(database.is_sqlite)):
            found[table].append(values)
    return {table: sorted(texts) for table, texts in found.items()}


@cache
def _every_row(is_sqlite: bool) -> str:
    """A statement for the name of the table and the values of each row."""

    def values(table: Table) -> str:
        if not is_sqlite:
            return f"{table.name}::text"
        return " || ', ' || ".join(f'quote("{column.name}")' for column in table.columns)

    return " UNION ALL ".join(
        f"SELECT '{table.name}', {values(table)} FROM {table.name}"
        for table in ALL_TABLES.sorted_tables
    )


@asynccontextmanager
async def nothing_written(runtime: Runtime) -> AsyncIterator[None]:
    """Checks that the block changes no row of any table."""
    before = await snapshot(runtime.database)
    yield
    assert await snapshot(runtime.database) == before


@asynccontextmanager
async def refused(
    runtime: Runtime, code: ErrorCode, *path: str
) -> AsyncIterator[pytest.ExceptionInfo[TenureError]]:
    """Checks that the block raises an error with this code and path, and writes nothing."""
    async with nothing_written(runtime):
        with pytest.raises(TenureError) as error:
            yield error
        assert (error.value.code, error.value.path) == (code, path)


@asynccontextmanager
async def forbidden(runtime: Runtime) -> AsyncIterator[None]:
    """Checks that the actor of the block lacks the permission, and that nothing is written."""
    async with nothing_written(runtime):
        with pytest.raises(ForbiddenError):
            yield


async def row(runtime: Runtime, table: type[Row], row_id: int) -> Row:
    """One row, read in a session of its own."""
    async with runtime.database.reading() as session:
        return await session.get_one(table, row_id)


async def rows(runtime: Runtime, table: type[Row], **columns: Any) -> list[Row]:
    """The rows with these column values, ordered by id."""
    async with runtime.database.reading() as session:
        by_id = table.id  # type: ignore[attr-defined]
        statement = select(table).filter_by(**columns).order_by(by_id)
        return list((await session.execute(statement)).scalars())


async def entity_state(
    runtime: Runtime, table: type[Account | Service | PurchasedOffer], row_id: int
) -> str:
    """Status and holds as text: "INACTIVE (INACTIVE PARENT, INACTIVE MANUAL)", or "ACTIVE"."""
    found = await row(runtime, table, row_id)
    holds = [
        f"{effect} {cause.name}"
        for effect, cause in holds_of(found.inactive_holds, found.closed_holds)
    ]
    assert bool(holds) == (found.status != Status.ACTIVE)
    return f"{found.status} ({', '.join(holds)})" if holds else str(found.status)


async def account_state(runtime: Runtime, account_id: int) -> str:
    """Status and holds of an account; see `entity_state`."""
    return await entity_state(runtime, Account, account_id)


async def service_state(runtime: Runtime, service_id: int) -> str:
    """Status and holds of a service; see `entity_state`."""
    return await entity_state(runtime, Service, service_id)


async def offer_state(runtime: Runtime, offer_id: int) -> str:
    """Status and holds of a purchased offer; see `entity_state`."""
    return await entity_state(runtime, PurchasedOffer, offer_id)


async def events(
    runtime: Runtime, kind: EventKind = EventKind.STATUS_CHANGE, **columns: Any
) -> list[Event]:
    """The events of a kind, ordered by id."""
    return await rows(runtime, Event, kind=kind, **columns)


async def audited(runtime: Runtime) -> list[tuple[str, str, str, dict[str, Any] | None]]:
    """Actor, action, summary and details of each audit entry, ordered by id."""
    return [
        (entry.actor, str(entry.action), entry.summary, entry.details)
        for entry in await rows(runtime, AuditEntry)
    ]


async def action(runtime: Runtime, action_id: int | None) -> DeferredAction:
    """A deferred action, read in a session of its own."""
    assert action_id is not None
    return await row(runtime, DeferredAction, action_id)


async def default_bill_unit(runtime: Runtime, account_id: int) -> BillUnit:
    """The account's default bill unit, read in a session of its own."""
    [found] = await rows(runtime, BillUnit, account_id=account_id, is_default=True)
    return found
