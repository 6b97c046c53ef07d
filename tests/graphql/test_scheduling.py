"""The calendar of deferred actions, and conflicts of a planned action (rules 2.9, 4.2, 4.8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.graphql.reads.queries import MAX_CALENDAR_DAYS
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tenure.status.closings.queries import MAX_CLOSINGS
from tests import builders
from tests.builders import Customer
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id, sent_statements

DAYS = """query($from: Date!, $to: Date!, $filter: DeferredActionFilter) {
  deferredActionDays(from: $from, to: $to, filter: $filter) { date counts { status count } } }"""
CONFLICTS = (
    "query($target: ID!, $at: DateTime!) { "
    "scheduleConflicts(target: $target, at: $at) { summary } }"
)
SOON, LATER = NOON + timedelta(days=2), NOON + timedelta(days=5)


async def schedule_changes(
    runtime: Runtime, *moments: datetime, to: Status = Status.INACTIVE
) -> list[int]:
    """Create an account with a deferred status change for each time; returns the action ids."""
    ids = []
    async with runtime.unit(ANA) as unit:
        for moment in moments:
            made = await builders.set_account(
                unit, await builders.account(unit), to, defer_until=moment
            )
            ids.append(made.deferred_action_id or 0)
    return ids


async def days(ask: Caller, first: str, last: str, **filter: Any) -> dict[str, dict[str, int]]:
    """The number of actions by day and status."""
    found = (await ask(DAYS, **{"from": first, "to": last, "filter": filter or None}))[
        "deferredActionDays"
    ]
    return {day["date"]: {it["status"]: it["count"] for it in day["counts"]} for day in found}


async def test_days_by_state_and_narrowed(ask: Caller, runtime: Runtime) -> None:
    ids = await schedule_changes(
        runtime, SOON, SOON + timedelta(hours=11), SOON + timedelta(hours=12), LATER
    )
    cancelled = [global_id("DeferredAction", ids[1])]
    await ask.change("cancelDeferredActions", "DeferredActionsInput", "", ids=cancelled)
    assert await days(ask, "2026-11-01", "2026-12-01") == {
        "2026-11-12": {"PENDING": 1, "CANCELLED": 1},
        "2026-11-13": {"PENDING": 1},
        "2026-11-15": {"PENDING": 1},
    }
    assert await days(ask, "2026-11-13", "2026-11-15") == {"2026-11-13": {"PENDING": 1}}
    assert await days(ask, "2026-11-01", "2026-12-01", status=["CANCELLED"]) == {
        "2026-11-12": {"CANCELLED": 1}
    }
    assert await days(ask, "2026-11-01", "2026-12-01", kind=["MOVE_IN_HIERARCHY"]) == {}
    later = {"2026-11-15": {"PENDING": 1}}
    assert await days(ask, "2026-11-01", "2026-12-01", account=global_id("Account", 4)) == later
    assert (
        await days(ask, "2026-11-01", "2026-12-01", scheduledFrom="2026-11-14T00:00:00Z") == later
    )


async def test_a_day_is_one_of_the_business_time_zone(ask: Caller, runtime: Runtime) -> None:
    """The day on which daylight saving begins has 23 hours and begins at its midnight, too."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="Europe/Vienna")
    midnight = datetime(2027, 3, 27, 23, tzinfo=UTC)
    next_midnight = datetime(2027, 3, 28, 22, tzinfo=UTC)
    blink = timedelta(microseconds=1)
    await schedule_changes(
        runtime, midnight - blink, midnight, next_midnight - blink, next_midnight
    )
    assert await days(ask, "2027-03-01", "2027-04-01") == {
        "2027-03-27": {"PENDING": 1},
        "2027-03-28": {"PENDING": 2},
        "2027-03-29": {"PENDING": 1},
    }


async def test_how_many_days(ask: Caller) -> None:
    async def code(first: str, last: str) -> str:
        return await ask.code(DAYS, **{"from": first, "to": last})

    assert MAX_CALENDAR_DAYS == 62
    assert await days(ask, "2026-12-01", "2027-02-01") == {}
    assert await days(ask, "2026-12-01", "2026-12-01") == {}
    assert await code("2026-12-01", "2027-02-02") == "OUT_OF_RANGE"
    assert await code("2026-12-02", "2026-12-01") == "OUT_OF_RANGE"
    assert await code("9999-12-30", "9999-12-31") == "OUT_OF_RANGE"
    assert await code("0001-01-01", "0001-01-02") == "OUT_OF_RANGE"
    assert await days(ask, "9999-12-29", "9999-12-30") == {}


async def test_days_take_two_statements(ask: Caller, runtime: Runtime) -> None:
    await schedule_changes(runtime, *(NOON + timedelta(days=place) for place in range(1, 40)))
    with sent_statements(runtime.database) as sent:
        found = await days(ask, "2026-11-01", "2027-01-02")
    assert len(found) == 39
    assert len(sent) == 2


# Whom to close at SOON so that a customer of two payers, one above the other, is closed.
CLOSERS = ["payer's payer", "payer", "account", "service", "offer"]
TARGETS = {"Account": "account", "Service": "service", "PurchasedOffer": "offer"}


async def customer_with_payers(runtime: Runtime) -> tuple[Customer, dict[str, int]]:
    """A customer with a payer that has a payer itself, and the ids of the entities of CLOSERS."""
    async with runtime.unit(ANA) as unit:
        top = await builders.account(unit, "Top")
        payer = await builders.account(unit, "Payer")
        carla = await builders.customer(unit)
        await builders.paid_unit(unit, payer, top)
        await builders.paid_unit(unit, carla.account, payer)
    ids = {"payer's payer": top, "payer": payer, "account": carla.account}
    return carla, ids | {"service": carla.service, "offer": carla.service_offer}


async def close_at(runtime: Runtime, ids: dict[str, int], closed: str, at: datetime) -> int:
    """Schedule a closing; returns the id of the deferred action."""
    setters = {"service": builders.set_service, "offer": builders.set_offer}
    async with runtime.unit(ANA) as unit:
        outcome = await setters.get(closed, builders.set_account)(
            unit, ids[closed], Status.CLOSED, defer_until=at
        )
    return outcome.deferred_action_id or 0


async def conflicts(ask: Caller, target: str, at: datetime) -> list[str]:
    """The summaries of the conflicts."""
    found = await ask(CONFLICTS, target=target, at=at.isoformat())
    return [it["summary"] for it in found["scheduleConflicts"]]


@pytest.mark.parametrize("closed", CLOSERS)
@pytest.mark.parametrize("target", TARGETS)
async def test_actions_with_conflicts_are_not_applicable(
    ask: Caller, runtime: Runtime, closed: str, target: str
) -> None:
    """Rules 2.3 to 2.6, 4.5, 4.8: an action with a conflict is not applicable when it is due."""
    _, ids = await customer_with_payers(runtime)
    await close_at(runtime, ids, closed, SOON)
    subject = global_id(target, ids[TARGETS[target]])
    found = {
        at: await conflicts(ask, subject, at) for at in (SOON - timedelta(seconds=1), SOON, LATER)
    }
    closes_it = CLOSERS.index(closed) <= CLOSERS.index(TARGETS[target])
    assert [len(found[at]) for at in found] == [0, int(closes_it), int(closes_it)]
    setters = {"Service": builders.set_service, "PurchasedOffer": builders.set_offer}
    set_status = setters.get(target, builders.set_account)
    async with runtime.unit(ANA) as unit:
        outcomes = [
            await set_status(unit, ids[TARGETS[target]], Status.INACTIVE, defer_until=at)
            for at in (SOON, LATER)
        ]
    await set_clock(runtime, LATER)
    await builders.run_job(runtime)
    async with runtime.database.reading() as session:
        made = DeferredAction.id.in_([outcome.deferred_action_id for outcome in outcomes])
        became = (await session.execute(select(DeferredAction.status).where(made))).scalars().all()
    assert set(became) == {DeferredStatus.NOT_APPLICABLE if closes_it else DeferredStatus.DONE}


async def test_what_is_no_conflict(ask: Caller, runtime: Runtime) -> None:
    """Changes that do not close, of another service or a paid account, and cancelled ones."""
    carla, ids = await customer_with_payers(runtime)
    async with runtime.unit(ANA) as unit:
        other = await builders.service(unit, carla.account, kind="tv")
        paid = await builders.account(unit, "Paid")
        await builders.paid_unit(unit, paid, carla.account)
        await builders.set_account(unit, carla.account, Status.INACTIVE, defer_until=SOON)
        await builders.set_service(unit, other, Status.CLOSED, defer_until=SOON)
        await builders.set_account(unit, paid, Status.CLOSED, defer_until=SOON)
        await builders.set_offer(unit, carla.account_offer, Status.CLOSED, defer_until=SOON)
    taken_back = global_id("DeferredAction", await close_at(runtime, ids, "account", SOON))
    account = global_id("Account", carla.account)
    assert len(await conflicts(ask, account, LATER)) == 1
    await ask.change("cancelDeferredActions", "DeferredActionsInput", "", ids=[taken_back])
    for name, key in TARGETS.items():
        assert await conflicts(ask, global_id(name, ids[key]), LATER) == []
    assert len(await conflicts(ask, global_id("Service", other), LATER)) == 1


async def test_conflicts_are_ordered_by_time_and_at_most_a_hundred(
    ask: Caller, runtime: Runtime
) -> None:
    _, ids = await customer_with_payers(runtime)
    await close_at(runtime, ids, "account", LATER)
    await close_at(runtime, ids, "payer", SOON)
    account = global_id("Account", ids["account"])
    assert await conflicts(ask, account, LATER) == [
        f"Close Payer ({await number(runtime, ids['payer'])})",
        f"Close Carla ({await number(runtime, ids['account'])})",
    ]
    async with runtime.unit(ANA) as unit:
        for _ in range(MAX_CLOSINGS):
            await builders.set_account(unit, ids["payer's payer"], Status.CLOSED, defer_until=SOON)
    assert len(await conflicts(ask, account, LATER)) == MAX_CLOSINGS


async def number(runtime: Runtime, account_id: int) -> str:
    """The number of an account."""
    async with runtime.database.reading() as session:
        return (await session.get_one(Account, account_id)).number


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("nonsense", "NOT_FOUND"),
        (global_id("Account", 99), "NOT_FOUND"),
        (global_id("Service", 99), "NOT_FOUND"),
        (global_id("Offer", 1), "INVALID"),
    ],
)
async def test_conflicts_of_nothing(ask: Caller, runtime: Runtime, target: str, code: str) -> None:
    await customer_with_payers(runtime)
    assert await ask.code(CONFLICTS, target=target, at=LATER.isoformat()) == code


@pytest.mark.parametrize("count", [1, 20])
async def test_conflicts_take_four_statements(ask: Caller, runtime: Runtime, count: int) -> None:
    """The target, the actions, their rows and their accounts."""
    _, ids = await customer_with_payers(runtime)
    for _ in range(count):
        await close_at(runtime, ids, "payer", SOON)
    document = (
        "query($id: ID!, $at: DateTime!) { scheduleConflicts(target: $id, at: $at) { createdBy "
        "account { name } } }"
    )
    with sent_statements(runtime.database) as sent:
        data = await ask(document, id=global_id("Service", ids["service"]), at=LATER.isoformat())
    assert (
        data["scheduleConflicts"] == [{"createdBy": ANA.name, "account": {"name": "Payer"}}] * count
    )
    assert len(sent) == 4
