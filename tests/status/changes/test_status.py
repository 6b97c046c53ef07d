"""Rules 2.2, 2.9, 2.10 and 2.11: what a request to change a status may say, for accounts, services
and offers.
"""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tenure.status.changes.actions import Outcome
from tests.builders import (
    Customer,
    child,
    customer,
    purchased_offer,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import (
    ABE,
    VIC,
    account_state,
    action,
    events,
    forbidden,
    offer_state,
    refused,
    row,
    service_state,
)
from tests.conftest import ANA, NOON, set_clock

Verb = Callable[..., Awaitable[Outcome]]
LATER = NOON + timedelta(days=1)


@pytest.fixture
async def carla(runtime: Runtime) -> Customer:
    """A customer with one of each."""
    async with runtime.unit(ANA) as unit:
        return await customer(unit)


VERBS = {"account": set_account, "service": set_service, "offer": set_offer}
TABLES: dict[str, type[Any]] = {"account": Account, "service": Service, "offer": PurchasedOffer}


@pytest.fixture(params=list(VERBS))
def kind(request: pytest.FixtureRequest) -> str:
    """What is changed."""
    return str(request.param)


def target(carla: Customer, kind: str) -> int:
    """The id of what is changed."""
    return {"account": carla.account, "service": carla.service, "offer": carla.account_offer}[kind]


async def test_by_hand_to_and_fro(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 2.2: INACTIVE adds the MANUAL hold, ACTIVE lifts it; when it changed is kept."""
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE)
    await set_clock(runtime, LATER)
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.ACTIVE)
    found = await row(runtime, TABLES[kind], target(carla, kind))
    assert (found.status, found.inactive_holds, found.closed_holds) == (Status.ACTIVE, 0, 0)
    assert (found.status_changed_at, found.closed_at, found.version) == (LATER, None, 3)


async def test_closing_keeps_when(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 2.2: the closing MANUAL hold; a closed account or service is reopened by hand at any
    time (2.9).
    """
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.CLOSED)
    found = await row(runtime, TABLES[kind], target(carla, kind))
    assert (found.status, found.closed_at) == (Status.CLOSED, NOON)
    if kind != "offer":
        async with runtime.unit(ANA) as unit:
            await VERBS[kind](unit, target(carla, kind), Status.ACTIVE)
        found = await row(runtime, TABLES[kind], target(carla, kind))
        assert (found.status, found.closed_at) == (Status.ACTIVE, None)


async def test_closed_does_not_become_inactive(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 2.2: reopen first; nor can it be put off (4.2: what could never work is refused at
    once).
    """
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.CLOSED)
    for more in ({}, {"defer_until": LATER}):
        async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"), runtime.unit(ANA) as unit:
            await VERBS[kind](unit, target(carla, kind), Status.INACTIVE, **more)


async def test_no_reactivation_is_scheduled_for_what_is_closed(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 2.9: CLOSED_IS_FINAL."""
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.CLOSED)
    async with refused(runtime, ErrorCode.CLOSED_IS_FINAL, "status"), runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.ACTIVE, defer_until=LATER)


@pytest.mark.parametrize("more", [{}, {"defer_until": LATER}])
async def test_no_reactivation_together_with_closing(
    runtime: Runtime, carla: Customer, kind: str, more: dict[str, Any]
) -> None:
    """Rules 2.9: CLOSED_IS_FINAL, now or later."""
    async with (
        refused(runtime, ErrorCode.CLOSED_IS_FINAL, "reactivate_on"),
        runtime.unit(ANA) as unit,
    ):
        reactivate_on = LATER + timedelta(days=1)
        await VERBS[kind](
            unit, target(carla, kind), Status.CLOSED, reactivate_on=reactivate_on, **more
        )


@pytest.mark.parametrize(
    ("to", "more", "code"),
    [
        (Status.ACTIVE, {"reactivate_on": LATER}, ErrorCode.INVALID),
        (Status.INACTIVE, {"reactivate_on": NOON}, ErrorCode.OUT_OF_RANGE),
        (Status.INACTIVE, {"reactivate_on": LATER, "defer_until": LATER}, ErrorCode.OUT_OF_RANGE),
    ],
)
async def test_reactivation_goes_with_inactivating_and_lies_after_it(
    runtime: Runtime, carla: Customer, to: Status, more: dict[str, Any], code: ErrorCode
) -> None:
    """Rules 2.10."""
    async with refused(runtime, code, "reactivate_on"), runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, to, **more)


@pytest.mark.parametrize("defer_until", [NOON, NOON - timedelta(seconds=1)])
async def test_past_is_out_of_range(
    runtime: Runtime, carla: Customer, kind: str, defer_until: object
) -> None:
    """Rules 4.2: `deferUntil` lies in the future."""
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "defer_until"), runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE, defer_until=defer_until)


async def test_inactivating_for_a_while(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 2.10: inactive now, and a deferred action that reactivates it."""
    async with runtime.unit(ANA) as unit:
        outcome = await VERBS[kind](
            unit, target(carla, kind), Status.INACTIVE, reactivate_on=LATER, reason="holiday"
        )
    assert outcome.deferred_action_id is None
    reactivation = await action(runtime, outcome.reactivation_id)
    assert (reactivation.to_status, reactivation.scheduled_for, reactivation.reason) == (
        Status.ACTIVE,
        LATER,
        "holiday",
    )
    assert (await row(runtime, TABLES[kind], target(carla, kind))).status == Status.INACTIVE


@pytest.mark.parametrize(
    ("day", "time_zone"),
    [
        pytest.param(date(2026, 11, 11), "UTC", id="the future"),
        pytest.param(date(2026, 11, 10), "UTC", id="before the creation"),
        pytest.param(date(1, 1, 1), "Pacific/Auckland", id="the beginning of the calendar"),
        pytest.param(date(9999, 12, 31), "Etc/GMT+12", id="its end"),
    ],
)
async def test_backdating_out_of_range(
    runtime: Runtime, carla: Customer, day: date, time_zone: str
) -> None:
    """Rules 2.11. A date means its 00:00, so the day of the creation, at noon, lies before it."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone=time_zone)
    for operation, target_id in (
        (set_account, carla.account),
        (set_service, carla.service),
        (set_offer, carla.account_offer),
    ):
        async with (
            refused(runtime, ErrorCode.OUT_OF_RANGE, "backdate_to"),
            runtime.unit(ANA) as unit,
        ):
            await operation(unit, target_id, Status.INACTIVE, backdate_to=day)


async def test_backdating_reaches_to_the_last_change(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 2.11: the event occurred then and was recorded now; not before the last change of
    status.
    """
    await set_clock(runtime, NOON + timedelta(days=10))
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](
            unit, target(carla, kind), Status.INACTIVE, backdate_to=date(2026, 11, 15)
        )
    found = await row(runtime, TABLES[kind], target(carla, kind))
    midnight = NOON.replace(day=15, hour=0)
    assert found.status_changed_at == midnight
    event = (await events(runtime))[0]
    assert (event.occurred_at, event.recorded_at) == (midnight, NOON + timedelta(days=10))
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "backdate_to"), runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.ACTIVE, backdate_to=date(2026, 11, 14))
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.ACTIVE, backdate_to=date(2026, 11, 15))


async def test_backdating_reaches_what_follows_no_earlier_than_its_own_last_change(
    runtime: Runtime,
) -> None:
    """Rules 2.11: assets and paid accounts take effect that day, or when they last changed or came
    to be after it.
    """
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        paid = await child(unit, carla.account, "Paid")
        other = await service(unit, carla.account, "other")
    await set_clock(runtime, NOON + timedelta(days=7))
    async with runtime.unit(ANA) as unit:
        await set_service(unit, other, Status.INACTIVE)
        await set_service(unit, other, Status.ACTIVE)
        later = await service(unit, carla.account, "later")
        bought_later = await purchased_offer(unit, carla.account)
    midnight, changed = NOON.replace(day=15, hour=0), NOON + timedelta(days=7)
    since = {
        (Account, carla.account): midnight,
        (Account, paid): midnight,
        (Service, carla.service): midnight,
        (Service, other): changed,
        (Service, later): changed,
        (PurchasedOffer, carla.service_offer): midnight,
        (PurchasedOffer, carla.account_offer): midnight,
        (PurchasedOffer, bought_later): changed,
    }
    await set_clock(runtime, NOON + timedelta(days=10))
    async with runtime.unit(ANA) as unit:
        outcome = await set_account(
            unit, carla.account, Status.CLOSED, backdate_to=date(2026, 11, 15)
        )
    assert outcome.impact is not None
    assert outcome.impact.accounts + outcome.impact.services + outcome.impact.offers == len(since)
    for (table, row_id), at in since.items():
        found = await row(runtime, table, row_id)
        assert (found.status, found.status_changed_at, found.closed_at) == (Status.CLOSED, at, at)
    recorded = [it for it in await events(runtime) if it.to_status is Status.CLOSED]
    assert sorted(it.occurred_at for it in recorded) == sorted(since.values())
    assert {it.recorded_at for it in recorded} == {NOON + timedelta(days=10)}


async def test_backdated_return_starts_offers_anew_as_of_then(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.11 and 2.13: their purchase, usage and cycle start become that moment."""
    await set_clock(runtime, NOON + timedelta(days=3))
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    await set_clock(runtime, NOON + timedelta(days=10))
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE, backdate_to=date(2026, 11, 15))
    midnight = NOON.replace(day=15, hour=0)
    for offer_id in (carla.service_offer, carla.account_offer):
        found = await row(runtime, PurchasedOffer, offer_id)
        assert (found.purchase_start, found.usage_start, found.cycle_start) == (midnight,) * 3
        assert found.status_changed_at == midnight


async def test_backdated_day_begins_in_the_business_time_zone(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 1 and 2.11: a date means its 00:00 in the business time zone."""
    await set_clock(runtime, NOON + timedelta(days=10))
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="Europe/Vienna")
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE, backdate_to=date(2026, 11, 15))
    assert (await row(runtime, Account, carla.account)).status_changed_at == NOON.replace(
        day=14, hour=23
    )


async def test_backdating_and_deferring_contradict_each_other(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.11: together they are INVALID."""
    async with refused(runtime, ErrorCode.INVALID, "backdate_to"), runtime.unit(ANA) as unit:
        more = {"backdate_to": date(2026, 11, 10), "defer_until": LATER}
        await set_account(unit, carla.account, Status.INACTIVE, **more)


async def test_stale_version_is_a_conflict(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Two clerks at once: the second has to read again."""
    async with refused(runtime, ErrorCode.CONFLICT, "expected_version"), runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE, expected_version=2)
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE, expected_version=1)


async def test_unknown_ids(runtime: Runtime, carla: Customer, kind: str) -> None:
    """An id that nothing has is NOT_FOUND."""
    path = "account_id" if kind == "account" else "asset_id"
    async with refused(runtime, ErrorCode.NOT_FOUND, path), runtime.unit(ANA) as unit:
        await VERBS[kind](unit, 987654321, Status.INACTIVE)


async def test_words_that_cannot_be_kept(
    runtime: Runtime, carla: Customer, subtests: pytest.Subtests
) -> None:
    """Control characters and too many of them, now and later."""
    for words, code in (("a\0b", ErrorCode.INVALID), ("x" * 10_000, ErrorCode.OUT_OF_RANGE)):
        for wording in ({"reason": words}, {"note": words}):
            for when in ({}, {"defer_until": LATER}):
                with subtests.test(f"{code} {list(wording)} {list(when)}"):
                    async with refused(runtime, code, *wording), runtime.unit(ANA) as unit:
                        await set_account(unit, carla.account, Status.INACTIVE, **wording, **when)


async def test_agents_change_statuses_and_viewers_do_not(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 10."""
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE, defer_until=LATER)
    async with runtime.unit(ABE) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.INACTIVE)
    assert (await events(runtime))[0].actor == ABE.name


async def test_emoji_are_words(runtime: Runtime, carla: Customer) -> None:
    """What a person writes is kept as it was written."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE, reason="🌴 until March")
    assert (await events(runtime))[0].reason == "🌴 until March"


async def test_statuses_are_independent_where_nothing_leads_down(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.3 and 2.4: nothing goes up."""
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.CLOSED)
    assert await account_state(runtime, carla.account) == "ACTIVE"
    assert await service_state(runtime, carla.service) == "ACTIVE"
    assert await offer_state(runtime, carla.account_offer) == "ACTIVE"
