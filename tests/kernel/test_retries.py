"""Which units are repeated: those that met a fault of the database that may be gone (rules 4.7)."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.catalog.models import Offer
from tenure.events.models import Event
from tenure.identity.actions import create_token, create_user
from tenure.identity.models import Token, User
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Runtime, Unit
from tenure.receivables.receipts.actions import record_payment
from tests.builders import account, catalog_offer, service
from tests.checks import nothing_written, rows
from tests.conftest import ANA

AT_ONCE = 4


async def attempts_at(runtime: Runtime, fault: Exception) -> int:
    """How often a verb that raises this is run before the fault is raised by `carry_out`."""
    attempts = 0

    async def fail(_: Unit) -> None:
        nonlocal attempts
        attempts += 1
        raise fault

    async with nothing_written(runtime):
        with pytest.raises(type(fault)) as raised:
            await runtime.run_in_unit(ANA, fail)
    assert raised.value is fault
    return attempts


@pytest.mark.parametrize(
    "fault",
    [
        OSError("disk"),
        FileNotFoundError("file"),
        ConnectionResetError("a plug-in's"),
        TimeoutError("too slow"),
    ],
)
async def test_a_fault_of_a_plugin_or_a_file_is_not_repeated(
    runtime: Runtime, fault: Exception
) -> None:
    """Rules 4.7 and 9: only the database's own connection may raise an OSError that passes."""
    assert await attempts_at(runtime, fault) == 1


async def test_a_database_that_cannot_be_reached_is_tried_again(runtime: Runtime) -> None:
    """Rules 4.7."""
    assert await attempts_at(runtime, DatabaseUnreachableError("no route")) == 4


def payments() -> Callable[[Unit], Awaitable[object]]:
    """Payments under a reference that is recorded once, each of another amount."""
    amounts = count(2)
    return lambda unit: record_payment(
        unit, 1, amount=Decimal(next(amounts)), reference="transfer 1"
    )


Make = Callable[[Unit], Awaitable[object]]
RACES: dict[str, tuple[type[Any], Make]] = {
    "account number": (Account, lambda unit: account(unit, number="A-1")),
    "login": (Service, lambda unit: service(unit, 1, "ada")),
    "offer code": (Offer, lambda unit: catalog_offer(unit, "flat")),
    "e-mail": (
        User,
        lambda unit: create_user(unit, email="a@b.example", role=Role.VIEWER, password="x" * 12),
    ),
    "token name": (Token, lambda unit: create_token(unit, name="shop", role=Role.VIEWER)),
    "payment reference": (Event, payments()),
}


@pytest.mark.parametrize("race", RACES)
async def test_who_loses_a_race_is_told_that_it_is_taken(runtime: Runtime, race: str) -> None:
    """Rules 3.1, 6.9: the same code on both databases, at the same moment and later."""
    table, make = RACES[race]
    async with runtime.unit(ANA) as unit:
        await account(unit, "Ada", number="first")
    before = len(await rows(runtime, table))

    async def attempt() -> str:
        try:
            await runtime.run_in_unit(ANA, make)
        except TenureError as refusal:
            return refusal.code
        return "made"

    outcomes = await asyncio.gather(*(attempt() for _ in range(AT_ONCE)))
    assert sorted(outcomes) == [ErrorCode.TAKEN] * (AT_ONCE - 1) + ["made"]
    assert len(await rows(runtime, table)) == before + 1


async def test_a_unique_violation_that_no_verb_foresaw_is_taken_too(runtime: Runtime) -> None:
    """On both databases after the same number of attempts."""
    async with runtime.unit(ANA) as unit:
        await account(unit, number="A-1")
    attempts = 0

    async def write_blindly(unit: Unit) -> None:
        nonlocal attempts
        attempts += 1
        [first] = await unit.session.execute(Account.__table__.select())
        columns = {
            name: value for name, value in first._mapping.items() if name not in ("id", "status")
        }
        await unit.session.execute(insert(Account).values(**columns))

    async with nothing_written(runtime):
        with pytest.raises(TenureError) as refusal:
            await runtime.run_in_unit(ANA, write_blindly)
    assert (refusal.value.code, refusal.value.path, attempts) == (ErrorCode.TAKEN, (), 4)
