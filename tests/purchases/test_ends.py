"""The end of a purchased offer: a deferred closing like any other (rules 4.2, 4.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from tenure.assets.models import PurchasedOffer
from tenure.deferred.actions import cancel, reschedule
from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.purchases.actions import purchase_offer
from tenure.purchases.rules import NewPurchase
from tests.builders import account, catalog_offer, run_job, service
from tests.checks import ABE, events, refused, row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id

END = datetime(2026, 12, 24, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ENDS_AT = "query($id: ID!) { node(id: $id) { ... on PurchasedOffer { endsAt } } }"


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account named Carla; the catalog has `flat`."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "flat")
        return await account(unit, number="C-1")


async def ends_at(runtime: Runtime, offer_id: int) -> object:
    """What the API answers as the end of an offer."""
    caller = Caller(runtime, ANA)
    data = await caller(ENDS_AT, id=global_id("PurchasedOffer", offer_id))
    return data["node"]["endsAt"]


async def test_an_end_schedules_a_closing(runtime: Runtime, carla: int) -> None:
    """The closing is written in the unit of the purchase, and runs as any deferred action."""
    async with runtime.unit(ABE) as unit:
        line = await service(unit, carla, kind="tv")
        made = await purchase_offer(unit, NewPurchase(carla, "flat", line, ends_at=END))
        without = await purchase_offer(unit, NewPurchase(carla, "flat"))
    [action] = await rows(runtime, DeferredAction)
    assert (action.kind, action.status, action.to_status, action.scheduled_for) == (
        DeferredKind.CHANGE_OFFER_STATUS,
        DeferredStatus.PENDING,
        Status.CLOSED,
        END,
    )
    assert (action.account_id, action.service_id, action.offer_id) == (carla, line, made.id)
    assert (action.summary, action.created_by) == ("Close Flat of Carla (C-1)", ABE.name)
    [event] = await events(runtime, EventKind.DEFERRED_ACTION)
    assert event.offer_id == made.id
    assert await ends_at(runtime, made.id) == "2026-12-24T18:00:00Z"
    assert await ends_at(runtime, without.id) is None
    await set_clock(runtime, END)
    await run_job(runtime)
    assert (await row(runtime, PurchasedOffer, made.id)).status is Status.CLOSED
    assert (await row(runtime, PurchasedOffer, without.id)).status is Status.ACTIVE
    assert await ends_at(runtime, made.id) is None


async def test_the_end_is_that_of_the_pending_closing(runtime: Runtime, carla: int) -> None:
    """Rescheduling the closing moves the end, cancelling it removes the end."""
    async with runtime.unit(ANA) as unit:
        made = await purchase_offer(unit, NewPurchase(carla, "flat", ends_at=END))
    [action] = await rows(runtime, DeferredAction)
    async with runtime.unit(ANA) as unit:
        await reschedule(unit, action.id, scheduled_for=END + SECOND)
    assert await ends_at(runtime, made.id) == "2026-12-24T18:00:01Z"
    async with runtime.unit(ANA) as unit:
        await cancel(unit, action.id)
    assert await ends_at(runtime, made.id) is None


@pytest.mark.parametrize(
    ("start", "end"),
    [(None, NOON - SECOND), (None, NOON), (END, END), (END, END - SECOND)],
)
async def test_an_end_must_be_after_now_and_after_the_start(
    runtime: Runtime, carla: int, start: datetime | None, end: datetime
) -> None:
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "ends_at"), runtime.unit(ANA) as unit:
        await purchase_offer(unit, NewPurchase(carla, "flat", start_at=start, ends_at=end))


async def test_the_mutation_takes_the_end(runtime: Runtime, carla: int) -> None:
    answer = await Caller(runtime, ANA)(
        "mutation($input: PurchaseOfferInput!) { purchaseOffer(input: $input) {"
        " offer { status endsAt } errors { code path } } }",
        input={
            "accountId": global_id("Account", carla),
            "offerCode": "flat",
            "endsAt": "2026-12-24T18:00:00Z",
        },
    )
    assert answer["purchaseOffer"] == {
        "offer": {"status": "ACTIVE", "endsAt": "2026-12-24T18:00:00Z"},
        "errors": [],
    }
