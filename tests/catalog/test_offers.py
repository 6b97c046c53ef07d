"""Creation of offers in the catalog (rules 6.1 and 10)."""

from decimal import Decimal
from typing import Any

import pytest

from tenure.catalog.actions import create_offer
from tenure.catalog.models import Offer, OfferKind
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.checks import ABE, MIA, VIC, forbidden, refused, row
from tests.conftest import NOON

FIBRE: dict[str, Any] = {"code": "fibre", "name": "Fibre", "kind": OfferKind.CHARGE}
HALF: dict[str, Any] = {"code": "half", "name": "Half price", "kind": OfferKind.DISCOUNT}


async def test_charge_offer(runtime: Runtime) -> None:
    """Rules 6.1: fees and a rate with six decimals; omitted ones are not charged."""
    async with runtime.unit(MIA) as unit:
        fees = {
            "purchase_fee": Decimal("49.99"),
            "usage_rate": Decimal("0.000001"),
            "usage_unit": "MB",
        }
        made = (await create_offer(unit, **FIBRE, service_kind="internet", **fees)).id
    found = await row(runtime, Offer, made)
    assert (found.purchase_fee, found.usage_rate, found.usage_unit) == (
        Decimal("49.99"),
        Decimal("0.000001"),
        "MB",
    )
    assert (found.monthly_fee, found.cancel_fee, found.monthly_percent_off) == (None, None, None)
    assert (found.service_kind, found.currency, found.created_at) == ("internet", "USD", NOON)


async def test_discount_offer(runtime: Runtime) -> None:
    """Rules 6.1: percentages off the monthly fee and off usage, up to 100."""
    async with runtime.unit(MIA) as unit:
        made = (
            await create_offer(
                unit, **HALF, monthly_percent_off=Decimal(50), usage_percent_off=Decimal(100)
            )
        ).id
    found = await row(runtime, Offer, made)
    assert (found.monthly_percent_off, found.usage_percent_off) == (Decimal(50), Decimal(100))


REFUSED: list[tuple[dict[str, Any], ErrorCode, str]] = [
    ({**FIBRE, "monthly_percent_off": Decimal(5)}, ErrorCode.INVALID, "monthly_percent_off"),
    ({**HALF, "monthly_fee": Decimal(5)}, ErrorCode.INVALID, "monthly_fee"),
    ({**HALF, "usage_percent_off": Decimal("100.01")}, ErrorCode.OUT_OF_RANGE, "usage_percent_off"),
    ({**HALF, "usage_percent_off": Decimal(-1)}, ErrorCode.OUT_OF_RANGE, "usage_percent_off"),
    ({**FIBRE, "monthly_fee": Decimal("-0.01")}, ErrorCode.OUT_OF_RANGE, "monthly_fee"),
    ({**FIBRE, "monthly_fee": Decimal("1e13")}, ErrorCode.OUT_OF_RANGE, "monthly_fee"),
    ({**FIBRE, "cancel_fee": Decimal("0.0000001")}, ErrorCode.INVALID, "cancel_fee"),
    ({**FIBRE, "monthly_fee": Decimal("9.999")}, ErrorCode.INVALID, "monthly_fee"),
    (
        {**FIBRE, "currency": "JPY", "purchase_fee": Decimal("100.50")},
        ErrorCode.INVALID,
        "purchase_fee",
    ),
    (
        {**FIBRE, "currency": "KWD", "cancel_fee": Decimal("1.0005")},
        ErrorCode.INVALID,
        "cancel_fee",
    ),
    (
        {**FIBRE, "usage_rate": Decimal("0.0000001"), "usage_unit": "MB"},
        ErrorCode.INVALID,
        "usage_rate",
    ),
    ({**FIBRE, "usage_rate": Decimal(1), "usage_unit": " "}, ErrorCode.REQUIRED, "usage_unit"),
    ({**FIBRE, "usage_rate": Decimal(1)}, ErrorCode.REQUIRED, "usage_unit"),
    ({**FIBRE, "currency": "usd"}, ErrorCode.INVALID, "currency"),
    ({**FIBRE, "code": None}, ErrorCode.REQUIRED, "code"),
    ({**FIBRE, "code": "x" * 65}, ErrorCode.OUT_OF_RANGE, "code"),
    ({**FIBRE, "name": "x" * 10_000}, ErrorCode.OUT_OF_RANGE, "name"),
    ({**FIBRE, "name": "a\0b"}, ErrorCode.INVALID, "name"),
    ({**FIBRE, "name": ""}, ErrorCode.REQUIRED, "name"),
]


async def test_offers_that_are_refused(runtime: Runtime, subtests: pytest.Subtests) -> None:
    """The path names the field."""
    for values, code, field in REFUSED:
        with subtests.test(f"{field}: {values.get(field)!r:.20}"):
            async with refused(runtime, code, field), runtime.unit(MIA) as unit:
                await create_offer(unit, **values)


async def test_fees_are_whole_minor_units_of_their_currency(runtime: Runtime) -> None:
    """Rules 6.3: JPY has none, USD two decimals, KWD three; a rate may have six in any currency."""
    for currency, fee in (("JPY", "100"), ("USD", "9.99"), ("KWD", "1.005")):
        rate = {"usage_rate": Decimal("0.000001"), "usage_unit": "MB"}
        async with runtime.unit(MIA) as unit:
            it = await create_offer(
                unit,
                **{**FIBRE, "code": currency},
                currency=currency,
                monthly_fee=Decimal(fee),
                **rate,
            )
        assert (await row(runtime, Offer, it.id)).monthly_fee == Decimal(fee)


async def test_code_is_unique(runtime: Runtime) -> None:
    """A second offer with the code is TAKEN."""
    async with runtime.unit(MIA) as unit:
        await create_offer(unit, **FIBRE)
    async with refused(runtime, ErrorCode.TAKEN, "code"), runtime.unit(MIA) as unit:
        await create_offer(unit, **FIBRE)


@pytest.mark.parametrize("actor", [VIC, ABE])
async def test_catalog_needs_a_manager(runtime: Runtime, actor: Any) -> None:
    """Rules 10: agents and viewers cannot create offers."""
    async with forbidden(runtime), runtime.unit(actor) as unit:
        await create_offer(unit, **FIBRE)
