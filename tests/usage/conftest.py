"""A customer whose internet usage is rated by the megabyte, and usage lines."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import RecordedUsage, UsageLine
from tests.builders import account, catalog_offer, purchased_offer, service
from tests.conftest import ANA, NOON


@dataclass(frozen=True, slots=True)
class User:
    """The ids of an account, its service, and the offer that rates its usage."""

    account: int
    service: int
    offer: int


def line(reference: str, quantity: str | Decimal = "10", **more: Any) -> UsageLine:
    """A line of ten megabytes used by Carla at noon."""
    given = {"service_kind": "internet", "login": "carla", "unit": "MB", "occurred_at": NOON} | more
    return UsageLine(quantity=Decimal(quantity), reference=reference, **given)


async def discount(unit: Unit, code: str, percent: str) -> str:
    """A discount offer in the catalog on usage; returns its code."""
    made = await create_offer(
        unit,
        code=code,
        name=code.capitalize(),
        kind=OfferKind.DISCOUNT,
        usage_percent_off=Decimal(percent),
    )
    return made.code


async def user(unit: Unit, login: str = "carla", **more: Any) -> User:
    """A customer whose service is rated by the offer `data` of the catalog."""
    owner = await account(unit, login.capitalize(), **more)
    line_of_it = await service(unit, owner, login)
    return User(owner, line_of_it, await purchased_offer(unit, owner, line_of_it, code="data"))


@pytest.fixture
async def carla(runtime: Runtime) -> User:
    """A customer who pays 0.05 for a megabyte."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "data", usage_rate=Decimal("0.05"), usage_unit="MB")
        return await user(unit)


async def record(runtime: Runtime, *lines: UsageLine) -> list[int | str]:
    """Records the lines. Returns per line the event id, or code and path of the error."""

    async def record_lines(unit: Unit) -> list[RecordedUsage | TenureError]:
        return await record_usage(unit, lines)

    return [result_of(answer) for answer in await runtime.run_in_unit(ANA, record_lines)]


def result_of(answer: RecordedUsage | TenureError) -> int | str:
    """The event id, or code and path of the error: "NOT_FOUND 0 login"."""
    if isinstance(answer, TenureError):
        return " ".join([str(answer.code), *map(str, answer.path)])
    return answer.event_id


def at(day: int, hour: int = 12) -> datetime:
    """A time in November 2026."""
    return NOON.replace(day=day, hour=hour)
