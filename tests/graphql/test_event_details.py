"""Rules 2.14, 4.9: the details of events have the values that their descriptions consist of."""

from datetime import timedelta
from typing import Any

import pytest

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredStatus
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import change_payer
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tenure.payments.actions import add_payment_method, update_card_expiration
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tests import builders
from tests.checks import action, row
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id

LATER = NOON + timedelta(days=1)
EVENTS = """query ($id: ID!, $kind: [EventKind!]) {
  account(id: $id) { events(filter: {kind: $kind}, last: 50) { nodes { description details } } }
}"""
# Database ids, which a description does not have.
IDS = {"deferredAction", "billUnit", "payingParent", "paymentMethod", "before", "fromParent"}


async def recorded(ask: Caller, account_id: int, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The descriptions and details of the events of a kind, oldest first."""
    found = await ask(EVENTS, id=global_id("Account", account_id), kind=[kind])
    return [
        (it["description"], {key: it["details"][key] for key in it["details"].keys() - IDS})
        for it in reversed(found["account"]["events"]["nodes"])
    ]


async def number_of(runtime: Runtime, account_id: int) -> str:
    """The number of an account."""
    return (await row(runtime, Account, account_id)).number


async def test_account_changes(runtime: Runtime, ask: Caller) -> None:
    """What is added to an account, and who pays for it."""
    async with runtime.unit(ANA) as unit:
        payer, owner = await builders.account(unit, "Payer"), await builders.account(unit, "Owner")
        paying = await builders.default_bill_unit_id(unit, payer)
        second = await builders.paid_unit(unit, owner, payer)
        await change_payer(unit, second, paying_parent_id=None, note="alone")
        await change_payer(unit, second, paying_parent_id=paying)
        await add_payment_method(unit, NewPaymentMethod(owner, PaymentMethodKind.INVOICE))
        card = NewPaymentMethod(
            owner,
            PaymentMethodKind.CREDIT_CARD,
            token="tok",
            brand="Visa",
            last_four="4242",
            expiration_month=3,
            expiration_year=2031,
            make_default=False,
        )
        added = await add_payment_method(unit, card)
        await update_card_expiration(unit, added.id, expiration_month=4, expiration_year=2032)
    number = await number_of(runtime, owner)
    second_unit = {"billUnitName": "Second"}
    visa = {"kind": "CREDIT_CARD", "brand": "Visa", "lastFour": "4242"}
    invoice = {"kind": "INVOICE", "brand": None, "lastFour": None}
    alone = {"payingParentName": None, "note": "alone"}
    paid = {"payingParentName": "Default", "note": None}
    expiration = {"expirationMonth": 4, "expirationYear": 2032}
    assert await recorded(ask, owner, "ACCOUNT_CHANGE") == [
        (f"Account {number} was created", {"operation": "ACCOUNT_CREATED"}),
        ("Added bill unit Second", {"operation": "BILL_UNIT_ADDED", **second_unit}),
        (
            f"Bill unit Second of account {number} pays for itself",
            {"operation": "PAYER_CHANGED", **second_unit, **alone},
        ),
        (
            f"Bill unit Second of account {number} is paid by bill unit Default",
            {"operation": "PAYER_CHANGED", **second_unit, **paid},
        ),
        ("Added payment method Invoice", {"operation": "PAYMENT_METHOD_ADDED", **invoice}),
        (
            "Default payment method changed to Invoice",
            {"operation": "DEFAULT_PAYMENT_METHOD_CHANGED", **invoice},
        ),
        ("Added payment method Visa ···· 4242", {"operation": "PAYMENT_METHOD_ADDED", **visa}),
        (
            "Expiration of Visa ···· 4242 changed to 04/2032",
            {"operation": "CARD_EXPIRATION_CHANGED", **visa, **expiration},
        ),
    ]


async def test_moves(runtime: Runtime, ask: Caller) -> None:
    """Rules 5.1: below a parent, out of the hierarchy, and without the children."""
    async with runtime.unit(ANA) as unit:
        parent, moved = await builders.account(unit, "Parent"), await builders.account(unit)
        left = await builders.child(unit, moved, paid=False)
        await change_parent(unit, moved, parent_id=parent, parent_pays=True, children_stay=True)
        await change_parent(unit, moved, parent_id=None)
    [above, number, child] = [await number_of(runtime, it) for it in (parent, moved, left)]
    below = {"toParent": parent, "toParentNumber": above, "parentPays": True, "note": None}
    out = {"toParent": None, "toParentNumber": None, "parentPays": False, "note": None}
    assert await recorded(ask, moved, "HIERARCHY_CHANGE") == [
        (
            f"Moved account {number} below account {above}, which pays for it",
            {"operation": "ACCOUNT_MOVED", **below},
        ),
        (f"Moved account {number} out of its hierarchy", {"operation": "ACCOUNT_MOVED", **out}),
    ]
    assert (await recorded(ask, left, "HIERARCHY_CHANGE"))[-1] == (
        f"Moved account {child}: account {number} left",
        {"operation": "ACCOUNT_MOVED_UP", "leftNumber": number},
    )


@pytest.mark.parametrize("kind", ["account", "service", "offer"])
async def test_deferred_status_changes(runtime: Runtime, ask: Caller, kind: str) -> None:
    """Scheduled, rescheduled, cancelled with the reactivation, and carried out."""
    async with runtime.unit(ANA) as unit:
        made = await builders.customer(unit)
        target = {"account": made.account, "service": made.service, "offer": made.service_offer}
        change = {
            "account": builders.set_account,
            "service": builders.set_service,
            "offer": builders.set_offer,
        }[kind]
        more = {"defer_until": LATER, "note": "away"}
        pair = await change(
            unit, target[kind], Status.INACTIVE, reactivate_on=LATER + timedelta(days=1), **more
        )
        await change(unit, target[kind], Status.CLOSED, **more)
    cancelled = global_id("DeferredAction", pair.deferred_action_id or 0)
    await ask.change(
        "cancelDeferredActions", "DeferredActionsInput", "deferredActions { id }", ids=[cancelled]
    )
    await set_clock(runtime, LATER)
    await builders.run_job(runtime)
    inactive, active, closed = ({"toStatus": it} for it in ("INACTIVE", "ACTIVE", "CLOSED"))
    away = {"note": "away"}
    first, second = ({"scheduledFor": f"2026-11-{day}T12:00:00Z"} for day in (11, 12))
    assert [details for _, details in await recorded(ask, made.account, "DEFERRED_ACTION")] == [
        {"operation": "ACTION_SCHEDULED", **first, **away, **inactive},
        {"operation": "ACTION_SCHEDULED", **second, **away, **active},
        {"operation": "ACTION_SCHEDULED", **first, **away, **closed},
        {"operation": "ACTION_CANCELLED", **away, **inactive},
        {"operation": "ACTION_CANCELLED_WITH_INACTIVATION", **away, **active},
        {"operation": "ACTION_DONE", "failure": None, **closed},
    ]


async def test_deferred_moves(runtime: Runtime, ask: Caller) -> None:
    """The number of the new parent, and whether it pays; the failure of one that is not made."""
    async with runtime.unit(ANA) as unit:
        parent, moved = await builders.account(unit, "Parent"), await builders.account(unit)
        more = {"defer_until": LATER}
        ids = [
            await builders.scheduled_move(
                unit, moved, parent_id=parent, parent_pays=True, children_stay=True, **more
            ),
            await builders.scheduled_move(unit, moved, parent_id=None, **more),
        ]
    late = (LATER + timedelta(days=1)).isoformat()
    await ask.change(
        "rescheduleDeferredActions",
        "RescheduleDeferredActionsInput",
        "deferredActions { id }",
        ids=[global_id("DeferredAction", ids[1])],
        scheduledFor=late,
    )
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, parent, Status.CLOSED)
    await set_clock(runtime, LATER)
    await builders.run_job(runtime)
    await builders.run_now(runtime, ANA, ids[1])
    number, above = await number_of(runtime, moved), await number_of(runtime, parent)
    below = {"newParentNumber": above, "parentPays": True}
    out = {"newParentNumber": None, "parentPays": False}
    first, second = ({"scheduledFor": f"2026-11-{day}T12:00:00Z"} for day in (11, 12))
    failure = "The paying account is closed."
    into = f"Move account {number} below account {above}, which pays for it"
    away = f"Move account {number} out of its hierarchy"
    assert await recorded(ask, moved, "DEFERRED_ACTION") == [
        (
            f"Scheduled for 2026-11-11 12:00 UTC: {into}",
            {"operation": "ACTION_SCHEDULED", "note": None, **first, **below},
        ),
        (
            f"Scheduled for 2026-11-11 12:00 UTC: {away}",
            {"operation": "ACTION_SCHEDULED", "note": None, **first, **out},
        ),
        (
            f"Rescheduled for 2026-11-12 12:00 UTC: {away}",
            {"operation": "ACTION_RESCHEDULED", "note": None, **second, **out},
        ),
        (f"Failed: {into}. {failure}", {"operation": "ACTION_FAILED", "failure": failure, **below}),
        (f"Run manually: {away}", {"operation": "ACTION_RUN_MANUALLY", "note": None, **out}),
        (f"Done: {away}", {"operation": "ACTION_DONE", "failure": None, **out}),
    ]


async def test_not_applicable(runtime: Runtime, ask: Caller) -> None:
    """Rules 4.8: an account that is closed is not inactivated."""
    async with runtime.unit(ANA) as unit:
        owner = await builders.account(unit)
        made = await builders.set_account(unit, owner, Status.INACTIVE, defer_until=LATER)
        await builders.set_account(unit, owner, Status.CLOSED)
    await set_clock(runtime, LATER)
    await builders.run_job(runtime)
    ended = await action(runtime, made.deferred_action_id)
    assert ended.status is DeferredStatus.NOT_APPLICABLE
    description, details = (await recorded(ask, owner, "DEFERRED_ACTION"))[-1]
    assert description == f"Not applicable: {ended.summary}. {ended.failure}"
    assert details == {
        "operation": "ACTION_NOT_APPLICABLE",
        "failure": ended.failure,
        "toStatus": "INACTIVE",
    }
