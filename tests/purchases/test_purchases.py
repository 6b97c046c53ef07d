"""Adding services and buying offers (rules 3.1, 6.8 and 10)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenure.assets.models import PurchasedOffer, Service
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.purchases.actions import add_service, purchase_offer
from tenure.purchases.rules import NewPurchase, NewService
from tests.builders import (
    account,
    catalog_offer,
    default_bill_unit_id,
    paid_unit,
    purchased_offer,
    service,
    set_account,
    set_service,
)
from tests.checks import ABE, VIC, events, forbidden, refused, row, rows
from tests.conftest import ANA, NOON


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account; the catalog has `flat` for everybody and `fibre` for internet services."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "flat")
        await catalog_offer(unit, "fibre", service_kind="internet")
        return await account(unit)


async def test_service_with_the_offers_bought_for_it(runtime: Runtime, carla: int) -> None:
    """Active from the start, on the default bill unit; one event each."""
    async with runtime.unit(ABE) as unit:
        line = (
            await add_service(
                unit,
                NewService(carla, kind="internet", login="Carla", offer_codes=["fibre", "flat"]),
            )
        ).id
        default = await default_bill_unit_id(unit, carla)
    found = await row(runtime, Service, line)
    assert (found.status, found.name, found.login, found.bill_unit_id) == (
        Status.ACTIVE,
        "Internet",
        "Carla",
        default,
    )
    offers = await rows(runtime, PurchasedOffer, service_id=line)
    assert [(it.name, it.status, it.quantity, it.purchase_start) for it in offers] == [
        ("Fibre", Status.ACTIVE, Decimal(1), NOON),
        ("Flat", Status.ACTIVE, Decimal(1), NOON),
    ]
    recorded = (await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla))[1:]
    assert [(event.actor, event.description) for event in recorded] == [
        (ABE.name, "Added internet service Internet"),
        (ABE.name, "Bought Fibre"),
        (ABE.name, "Bought Flat"),
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("Carla", "cARLA"), ("STRASSE", "straße"), ("é", "e\u0301")]
)
async def test_login_is_unique_without_regard_to_case(
    runtime: Runtime, carla: int, first: str, second: str
) -> None:
    """Rules 3.1: within its kind of service, across accounts. Reading: in whatever way Unicode
    writes it.
    """
    async with runtime.unit(ANA) as unit:
        other = await account(unit, "Other")
        await service(unit, carla, first)
    async with refused(runtime, ErrorCode.TAKEN, "login"), runtime.unit(ANA) as unit:
        await service(unit, other, second)
    async with runtime.unit(ANA) as unit:
        await service(unit, other, second, kind="tv")


@pytest.mark.parametrize(
    ("login", "code"),
    [
        ("x" * 256, ErrorCode.OUT_OF_RANGE),
        ("a\0b", ErrorCode.INVALID),
        ("x" * 10_000, ErrorCode.OUT_OF_RANGE),
    ],
    ids=["256", "NUL", "10,000"],
)
async def test_logins_that_cannot_be_kept(
    runtime: Runtime, carla: int, login: str, code: ErrorCode
) -> None:
    """Rules 3.1: 1 to 255 characters."""
    async with refused(runtime, code, "login"), runtime.unit(ANA) as unit:
        await service(unit, carla, login)


async def test_longest_login_emoji_and_none_at_all(runtime: Runtime, carla: int) -> None:
    """Rules 3.1: 255 characters are kept; there may be many services without a login."""
    async with runtime.unit(ANA) as unit:
        ids = [await service(unit, carla, login) for login in ("x" * 255, "🌴", None, None)]
    assert [(await row(runtime, Service, it)).login for it in ids] == ["x" * 255, "🌴", None, None]


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.CLOSED])
async def test_nothing_for_an_account_that_is_not_active(
    runtime: Runtime, carla: int, status: Status
) -> None:
    """Rules 6.8: NOT_ALLOWED."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, status)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "account_id"), runtime.unit(ANA) as unit:
        await service(unit, carla)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "account_id"), runtime.unit(ANA) as unit:
        await purchased_offer(unit, carla)


async def test_nothing_for_a_service_that_is_not_active(runtime: Runtime, carla: int) -> None:
    """Rules 6.8, reading: nor for a service."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
        await set_service(unit, line, Status.INACTIVE)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "service_id"), runtime.unit(ANA) as unit:
        await purchased_offer(unit, carla, line)


REFUSED: list[tuple[dict[str, Any], ErrorCode]] = [
    ({"offer_code": "unknown"}, ErrorCode.NOT_FOUND),
    ({"offer_code": "fibre"}, ErrorCode.INVALID),
    ({"service_id": 987654321}, ErrorCode.NOT_FOUND),
    ({"start_at": NOON - timedelta(seconds=1)}, ErrorCode.OUT_OF_RANGE),
    ({"quantity": Decimal(0)}, ErrorCode.OUT_OF_RANGE),
    ({"quantity": Decimal(-1)}, ErrorCode.OUT_OF_RANGE),
    ({"quantity": Decimal("0.0000001")}, ErrorCode.INVALID),
    ({"quantity": Decimal("Infinity")}, ErrorCode.INVALID),
]


async def test_purchases_that_are_refused(
    runtime: Runtime, carla: int, subtests: pytest.Subtests
) -> None:
    """An offer for internet services is not bought for the account itself; nothing starts in the
    past.
    """
    for more, code in REFUSED:
        with subtests.test(str(more)):
            async with refused(runtime, code, *more), runtime.unit(ANA) as unit:
                await purchase_offer(unit, NewPurchase(carla, **{"offer_code": "flat", **more}))


async def test_what_belongs_to_another_account(runtime: Runtime, carla: int) -> None:
    """INVALID: its service, and its bill unit."""
    async with runtime.unit(ANA) as unit:
        other = await account(unit, "Other")
        line, foreign = await service(unit, other), await default_bill_unit_id(unit, other)
    async with refused(runtime, ErrorCode.INVALID, "service_id"), runtime.unit(ANA) as unit:
        await purchased_offer(unit, carla, line)
    async with refused(runtime, ErrorCode.INVALID, "bill_unit_id"), runtime.unit(ANA) as unit:
        await add_service(unit, NewService(carla, kind="tv", bill_unit_id=foreign))
    async with refused(runtime, ErrorCode.NOT_FOUND, "bill_unit_id"), runtime.unit(ANA) as unit:
        await add_service(unit, NewService(carla, kind="tv", bill_unit_id=987654321))


async def test_currency_of_the_offer(runtime: Runtime, carla: int) -> None:
    """An account that is billed in dollars buys nothing that is sold in euros."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "euro", currency="EUR")
    async with refused(runtime, ErrorCode.INVALID, "offer_code"), runtime.unit(ANA) as unit:
        await purchased_offer(unit, carla, code="euro")


async def test_unknown_offer_undoes_the_service(runtime: Runtime, carla: int) -> None:
    """All or nothing."""
    async with refused(runtime, ErrorCode.NOT_FOUND, "offer_codes"), runtime.unit(ANA) as unit:
        await add_service(
            unit, NewService(carla, kind="internet", offer_codes=["fibre", "unknown"])
        )


BAD_KINDS: list[tuple[Any, ErrorCode]] = [
    (None, ErrorCode.REQUIRED),
    (" ", ErrorCode.REQUIRED),
    ("x" * 65, ErrorCode.OUT_OF_RANGE),
    ("tv\0", ErrorCode.INVALID),
]


async def test_kinds_that_cannot_be_kept(
    runtime: Runtime, carla: int, subtests: pytest.Subtests
) -> None:
    """Of a service."""
    for kind, code in BAD_KINDS:
        with subtests.test(f"{kind!r:.20}"):
            async with refused(runtime, code, "kind"), runtime.unit(ANA) as unit:
                await add_service(unit, NewService(carla, kind=kind))


async def test_service_and_its_offers_on_a_bill_unit_of_choice(
    runtime: Runtime, carla: int
) -> None:
    """Rules 1: it need not be the default; the service's offers are billed with it."""
    async with runtime.unit(ANA) as unit:
        second = await paid_unit(unit, carla, await account(unit, "Payer"))
        line = (await add_service(unit, NewService(carla, kind="tv", bill_unit_id=second))).id
        offer = await purchased_offer(unit, carla, line)
    assert (await row(runtime, Service, line)).bill_unit_id == second
    assert (await row(runtime, PurchasedOffer, offer)).bill_unit_id == second


async def test_start_that_lies_ahead(runtime: Runtime, carla: int) -> None:
    """All three starts are that moment; the offer is there at once."""
    ahead = NOON + timedelta(days=3)
    async with runtime.unit(ANA) as unit:
        offer = await purchased_offer(unit, carla, start_at=ahead)
    found = await row(runtime, PurchasedOffer, offer)
    assert {found.purchase_start, found.usage_start, found.cycle_start} == {ahead}
    assert (found.created_at, found.status) == (NOON, Status.ACTIVE)


async def test_unknown_account(runtime: Runtime, carla: int) -> None:
    """NOT_FOUND."""
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"), runtime.unit(ANA) as unit:
        await service(unit, 987654321)
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"), runtime.unit(ANA) as unit:
        await purchased_offer(unit, 987654321)


async def test_viewers_add_and_buy_nothing(runtime: Runtime, carla: int) -> None:
    """Rules 10."""
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await service(unit, carla)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await purchased_offer(unit, carla)
