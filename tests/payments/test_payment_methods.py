"""Rules 7.1: kinds of payment methods, what may be kept of a card, the default one, and who may
change them.
"""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.payments.actions import add_payment_method, set_default, update_card_expiration
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tenure.payments.queries import method_label
from tenure.payments.rules import NewPaymentMethod, label
from tests.builders import account, set_account
from tests.checks import ABE, VIC, events, forbidden, refused, row, rows
from tests.conftest import ANA, set_clock

CARD = {
    "kind": PaymentMethodKind.CREDIT_CARD,
    "token": "tok_ok",
    "brand": "Visa",
    "last_four": "4242",
    "expiration_month": 11,
    "expiration_year": 2026,
}
DEBIT = {"kind": PaymentMethodKind.DIRECT_DEBIT, "token": "tok_ok"}
INVOICE = {"kind": PaymentMethodKind.INVOICE}


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account without any payment method."""
    async with runtime.unit(ANA) as unit:
        return await account(unit)


async def added(runtime: Runtime, account_id: int, **what: Any) -> int:
    """A payment method, added by an agent."""
    async with runtime.unit(ABE) as unit:
        return (await add_payment_method(unit, NewPaymentMethod(account_id, **what))).id


async def test_card(runtime: Runtime, carla: int) -> None:
    """Rules 7.1 and 10: token and last four digits are kept; an agent may. The month of its
    expiration it is still valid.
    """
    card = await row(runtime, PaymentMethod, await added(runtime, carla, **CARD))
    assert (card.token, card.brand, card.last_four) == ("tok_ok", "Visa", "4242")
    assert (card.expiration_month, card.expiration_year, card.is_default) == (11, 2026, True)
    recorded = (await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla))[1:]
    assert [(event.actor, event.description) for event in recorded] == [
        (ABE.name, "Added payment method Visa ···· 4242"),
        (ABE.name, "Default payment method changed to Visa ···· 4242"),
    ]
    assert "tok_ok" not in str([event.details for event in recorded])


async def test_label_in_sql_equals_label_in_python(runtime: Runtime, carla: int) -> None:
    """Rules 7.1: each kind, and a card without brand or last four digits, which an import adds."""
    parts = [
        (PaymentMethodKind.DIRECT_DEBIT, None, None),
        (PaymentMethodKind.INVOICE, None, None),
        *((PaymentMethodKind.CREDIT_CARD, *it) for it in product(("Visa", None), ("4242", None))),
    ]
    methods = [
        PaymentMethod(account_id=carla, kind=kind, brand=brand, last_four=last_four, token="tok")
        for kind, brand, last_four in parts
    ]
    async with runtime.unit(ANA) as unit:
        for method in methods:
            method.is_default, method.created_at = False, unit.now
        unit.session.add_all(methods)
        await unit.session.flush()
        in_sql = await unit.session.scalars(select(method_label()).order_by(PaymentMethod.id))
        assert list(in_sql) == [label(method) for method in methods]
    assert len({label(method) for method in methods}) == len(parts)


@pytest.mark.parametrize("what", [DEBIT, INVOICE], ids=["direct debit", "invoice"])
async def test_other_kinds(runtime: Runtime, carla: int, what: dict[str, Any]) -> None:
    """Rules 7.1."""
    method = await row(runtime, PaymentMethod, await added(runtime, carla, **what))
    assert (method.kind, method.token, method.last_four) == (what["kind"], what.get("token"), None)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"token": "4242424242424242"}, "token"),
        ({"token": "4242 4242 4242 4242"}, "token"),
        ({"token": "4242-4242-4242-4243"}, "token"),
        ({"token": "tok_4242424242424242"}, "token"),
        ({"token": "371449635398431"}, "token"),
        ({"brand": "Visa 4242 4242 4242 4242"}, "brand"),
        ({"last_four": "4242424242424242"}, "last_four"),
        ({"kind": PaymentMethodKind.DIRECT_DEBIT, "token": "4242424242424242"}, "token"),
        ({"kind": PaymentMethodKind.INVOICE, "token": "4242424242424242"}, "token"),
    ],
)
async def test_card_numbers_are_never_accepted(
    runtime: Runtime, carla: int, more: dict[str, Any], path: str
) -> None:
    """Rules 7.1: whatever it is given as, and however it is grouped; also mistyped where it stands
    alone.
    """
    async with refused(runtime, ErrorCode.INVALID, path) as refusal:
        await added(runtime, carla, **CARD | more)
    assert (
        refusal.value.message
        == "Card numbers aren't accepted. Use the token from the payment gateway."
    )


@pytest.mark.parametrize(
    "token",
    [
        "pm_1MtwBwLkdIwHu7ixUEgbFdYF",
        "cus_NffrFeUfNV2Hib/pm_1MtwBwLkdIwHu7ix",
        "0f1e2d3c-4242-4242-4242-424242424242",
        "20261110-1",
        "x" * 255,
    ],
)
async def test_tokens_that_look_otherwise(runtime: Runtime, carla: int, token: str) -> None:
    """Rules 7.1: gateways name things in their own ways."""
    assert (
        await row(runtime, PaymentMethod, await added(runtime, carla, **CARD | {"token": token}))
    ).token == token


@pytest.mark.parametrize(
    ("what", "code", "path"),
    [
        (CARD | {"token": None}, ErrorCode.REQUIRED, "token"),
        (CARD | {"token": "  "}, ErrorCode.REQUIRED, "token"),
        (CARD | {"token": "x" * 256}, ErrorCode.OUT_OF_RANGE, "token"),
        (DEBIT | {"token": None}, ErrorCode.REQUIRED, "token"),
        (INVOICE | {"token": "tok_ok"}, ErrorCode.INVALID, "token"),
        (CARD | {"brand": "x" * 33}, ErrorCode.OUT_OF_RANGE, "brand"),
        (CARD | {"last_four": None}, ErrorCode.REQUIRED, "last_four"),
        (CARD | {"last_four": "424"}, ErrorCode.INVALID, "last_four"),
        (CARD | {"last_four": "42a2"}, ErrorCode.INVALID, "last_four"),
        (CARD | {"expiration_month": None}, ErrorCode.REQUIRED, "expiration_month"),
        (CARD | {"expiration_year": None}, ErrorCode.REQUIRED, "expiration_year"),
        (CARD | {"expiration_month": 0}, ErrorCode.OUT_OF_RANGE, "expiration_month"),
        (CARD | {"expiration_month": 13}, ErrorCode.OUT_OF_RANGE, "expiration_month"),
        (CARD | {"expiration_year": 26}, ErrorCode.OUT_OF_RANGE, "expiration_year"),
        (CARD | {"expiration_year": 10**12}, ErrorCode.OUT_OF_RANGE, "expiration_year"),
        (CARD | {"expiration_month": 10}, ErrorCode.OUT_OF_RANGE, "expiration_year"),
        (DEBIT | {"last_four": "4242"}, ErrorCode.INVALID, "last_four"),
        (DEBIT | {"brand": "Visa"}, ErrorCode.INVALID, "brand"),
        (INVOICE | {"expiration_year": 2030}, ErrorCode.INVALID, "expiration_year"),
    ],
)
async def test_what_cannot_be_kept(
    runtime: Runtime, carla: int, what: dict[str, Any], code: ErrorCode, path: str
) -> None:
    """Rules 7.1: each with code and path, nothing kept."""
    async with refused(runtime, code, path):
        await added(runtime, carla, **what)


async def test_an_expired_card_says_so(runtime: Runtime, carla: int) -> None:
    """Rules 7.1: on the first day of the month after its expiration, in the business time zone."""
    await added(runtime, carla, **CARD)
    await set_clock(runtime, datetime(2026, 12, 1, tzinfo=UTC))
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "expiration_year") as refusal:
        await added(runtime, carla, **CARD)
    assert (
        refusal.value.message
        == "The card expired at the end of 11/2026. Ask the customer for a valid card."
    )


async def test_one_default(runtime: Runtime, carla: int) -> None:
    """The first one is it in any case; a later one if it is asked for."""
    first = await added(runtime, carla, **INVOICE, make_default=False)
    second = await added(runtime, carla, **DEBIT, make_default=False)
    third = await added(runtime, carla, **CARD)
    assert [
        it.id for it in await rows(runtime, PaymentMethod, account_id=carla, is_default=True)
    ] == [third]
    for chosen in (second, first, first):
        async with runtime.unit(ABE) as unit:
            assert (await set_default(unit, chosen)).is_default
        assert [
            it.id for it in await rows(runtime, PaymentMethod, account_id=carla, is_default=True)
        ] == [chosen]
    recorded = [
        event.description
        for event in await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla)
    ]
    assert recorded[-2:] == [
        "Default payment method changed to Direct debit",
        "Default payment method changed to Invoice",
    ]


async def test_expiration_is_the_one_thing_that_changes(runtime: Runtime, carla: int) -> None:
    """Rules 7.1: only of a card, and not to a past month. Without a change nothing is written."""
    card = await added(runtime, carla, **CARD)
    async with runtime.unit(ABE) as unit:
        await update_card_expiration(unit, card, expiration_month=1, expiration_year=2031)
    found = await row(runtime, PaymentMethod, card)
    assert (found.expiration_month, found.expiration_year, found.token) == (1, 2031, "tok_ok")
    recorded = await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla)
    assert recorded[-1].description == "Expiration of Visa ···· 4242 changed to 01/2031"
    async with runtime.unit(ABE) as unit:
        await update_card_expiration(unit, card, expiration_month=1, expiration_year=2031)
    assert len(await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla)) == len(recorded)
    async with (
        refused(runtime, ErrorCode.OUT_OF_RANGE, "expiration_year"),
        runtime.unit(ABE) as unit,
    ):
        await update_card_expiration(unit, card, expiration_month=10, expiration_year=2026)


@pytest.mark.parametrize(("what", "name"), [(DEBIT, "Direct debit"), (INVOICE, "Invoice")])
async def test_only_a_card_expires(
    runtime: Runtime, carla: int, what: dict[str, Any], name: str
) -> None:
    """Rules 7.1: NOT_ALLOWED, and what to do instead."""
    method = await added(runtime, carla, **what)
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "payment_method_id") as refusal,
        runtime.unit(ABE) as unit,
    ):
        await update_card_expiration(unit, method, expiration_month=1, expiration_year=2031)
    assert refusal.value.message == (
        f"{name} has no expiration date. Add a new payment method instead."
    )


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.CLOSED])
async def test_account_that_is_not_active(runtime: Runtime, carla: int, status: Status) -> None:
    """Reading of rules 6.8: how it pays is nothing that is bought; a new card is the way out of
    debt.
    """
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, status)
    assert (await row(runtime, PaymentMethod, await added(runtime, carla, **CARD))).is_default


async def test_what_is_not_there(runtime: Runtime) -> None:
    """NOT_FOUND."""
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"):
        await added(runtime, 99, **CARD)
    async with (
        refused(runtime, ErrorCode.NOT_FOUND, "payment_method_id"),
        runtime.unit(ABE) as unit,
    ):
        await set_default(unit, 99)
    async with (
        refused(runtime, ErrorCode.NOT_FOUND, "payment_method_id"),
        runtime.unit(ABE) as unit,
    ):
        await update_card_expiration(unit, 99, expiration_month=1, expiration_year=2031)


async def test_a_viewer_may_not(runtime: Runtime, carla: int) -> None:
    """Rules 10."""
    card = await added(runtime, carla, **CARD)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await add_payment_method(unit, NewPaymentMethod(carla, **CARD))
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await set_default(unit, card)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await update_card_expiration(unit, card, expiration_month=1, expiration_year=2031)
