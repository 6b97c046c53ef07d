"""The preview of a change equals its effect; conflicting deferred actions (rules 4.8)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.queries import read_business
from tenure.status.impact.queries import Impact, account_impact, offer_impact, service_impact
from tests.builders import (
    Customer,
    account,
    child,
    customer,
    paid_unit,
    scheduled_move,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import action, nothing_written, refused, rows
from tests.conftest import ANA, NOON
from tests.plans import planned_statements

LATER = NOON + timedelta(days=1)
PREVIEWS = {"account": account_impact, "service": service_impact, "offer": offer_impact}
VERBS = {"account": set_account, "service": set_service, "offer": set_offer}


async def preview(runtime: Runtime, kind: str, entity_id: int, to: Status) -> Impact:
    """What the change would do, read as an edge reads it."""
    ask: Callable[..., Awaitable[Impact]] = PREVIEWS[kind]
    async with runtime.database.reading() as session:
        return await ask(session, await read_business(session, runtime), entity_id, to)


@pytest.fixture
async def carla(runtime: Runtime) -> Customer:
    """A customer with one of each, who pays for a child with a service, which pays for another
    account.
    """
    async with runtime.unit(ANA) as unit:
        made = await customer(unit)
        paid = await child(unit, made.account)
        await service(unit, paid)
        await paid_unit(unit, await account(unit, "Far"), paid)
        await child(unit, made.account, "Free", paid=False)
    return made


def target(carla: Customer, kind: str) -> int:
    """The id of what is changed."""
    return {"account": carla.account, "service": carla.service, "offer": carla.service_offer}[kind]


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("account", (3, 2, 2)), ("service", (0, 1, 1)), ("offer", (0, 0, 1))],
    ids=str,
)
@pytest.mark.parametrize("to", [Status.INACTIVE, Status.CLOSED])
async def test_preview_equals_what_the_change_does(
    runtime: Runtime, carla: Customer, kind: str, counts: tuple[int, int, int], to: Status
) -> None:
    """For accounts, services and offers; a preview writes nothing."""
    async with nothing_written(runtime):
        before = await preview(runtime, kind, target(carla, kind), to)
    async with runtime.unit(ANA) as unit:
        outcome = await VERBS[kind](unit, target(carla, kind), to)
    after = outcome.impact
    assert after is not None
    assert (before.accounts, before.services, before.offers) == counts
    assert (after.accounts, after.services, after.offers) == counts
    assert set(before.sample) == set(after.sample)
    assert (
        list(before.sample[:1])
        == list(after.sample[:1])
        == ([carla.account] if kind == "account" else [])
    )


@pytest.mark.parametrize("to", [Status.INACTIVE, Status.CLOSED])
async def test_what_is_closed_already_does_not_count(
    runtime: Runtime, carla: Customer, to: Status
) -> None:
    """Neither in the preview nor in what the change returns, although it gains a hold."""
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.CLOSED)
    before = await preview(runtime, "account", carla.account, to)
    async with runtime.unit(ANA) as unit:
        outcome = await set_account(unit, carla.account, to)
    after = outcome.impact
    assert after is not None
    assert (before.accounts, before.services, before.offers) == (3, 1, 1)
    assert (after.accounts, after.services, after.offers) == (3, 1, 1)


@pytest.mark.parametrize(
    ("kind", "counts"), [("account", (3, 2, 0)), ("service", (0, 1, 0))], ids=str
)
async def test_preview_of_reopening(
    runtime: Runtime, carla: Customer, kind: str, counts: tuple[int, int, int]
) -> None:
    """Rules 2.5: without the offers."""
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.CLOSED)
    before = await preview(runtime, kind, target(carla, kind), Status.ACTIVE)
    async with runtime.unit(ANA) as unit:
        after = (await VERBS[kind](unit, target(carla, kind), Status.ACTIVE)).impact
    assert after is not None
    assert (before.accounts, before.services, before.offers) == counts
    assert (after.accounts, after.services, after.offers) == counts


@pytest.mark.parametrize("kind", list(PREVIEWS))
async def test_preview_of_what_changes_nothing(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 2.2: nothing, of the status that it has."""
    found = await preview(runtime, kind, target(carla, kind), Status.ACTIVE)
    assert (found.accounts, found.services, found.offers, list(found.sample)) == (0, 0, 0, [])


@pytest.mark.parametrize("kind", list(PREVIEWS))
async def test_preview_is_refused_as_the_change_is(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 2.2, and unknown ids."""
    async with runtime.unit(ANA) as unit:
        await VERBS[kind](unit, target(carla, kind), Status.CLOSED)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"):
        await preview(runtime, kind, target(carla, kind), Status.INACTIVE)
    async with refused(
        runtime, ErrorCode.NOT_FOUND, "account_id" if kind == "account" else "asset_id"
    ):
        await preview(runtime, kind, 987654321, Status.CLOSED)


async def test_closing_reports_conflicting_deferred_actions(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 4.8: of all that gets closed, but not those that are to close it; they stay pending."""
    async with runtime.unit(ANA) as unit:
        brokered = await account(unit, "Elsewhere")
        pointless = [
            (
                await set_account(unit, carla.account, Status.INACTIVE, defer_until=LATER)
            ).deferred_action_id,
            (
                await set_service(unit, carla.service, Status.INACTIVE, defer_until=LATER)
            ).deferred_action_id,
            (
                await set_offer(unit, carla.account_offer, Status.INACTIVE, defer_until=LATER)
            ).deferred_action_id,
            await scheduled_move(unit, carla.account, parent_id=brokered, defer_until=LATER),
            await scheduled_move(
                unit, brokered, parent_id=carla.account, parent_pays=True, defer_until=LATER
            ),
        ]
        await set_account(unit, carla.account, Status.CLOSED, defer_until=LATER)
        await set_account(unit, brokered, Status.INACTIVE, defer_until=LATER)
        await change_parent(unit, brokered, parent_id=carla.account, defer_until=LATER)
    before = await preview(runtime, "account", carla.account, Status.CLOSED)
    assert (list(before.conflicting), before.conflicting_count) == (pointless, 5)
    async with runtime.unit(ANA) as unit:
        after = (await set_account(unit, carla.account, Status.CLOSED)).impact
    assert after is not None
    assert (list(after.conflicting), after.conflicting_count) == (pointless, 5)
    assert {found.status for found in await rows(runtime, DeferredAction)} == {
        DeferredStatus.PENDING
    }


async def test_closing_a_payer_reports_conflicts_of_paid_accounts(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 4.8, down the cascade."""
    async with runtime.unit(ANA) as unit:
        paid = await child(unit, carla.account, "Paid")
        line = await service(unit, paid)
        action_id = (
            await set_service(unit, line, Status.INACTIVE, defer_until=LATER)
        ).deferred_action_id
    found = await preview(runtime, "account", carla.account, Status.CLOSED)
    assert list(found.conflicting) == [action_id]


@pytest.mark.parametrize("to", [Status.INACTIVE, Status.ACTIVE])
async def test_inactivating_makes_nothing_pointless(
    runtime: Runtime, carla: Customer, to: Status
) -> None:
    """Rules 4.8: deferred actions of an inactive account are no conflict; only closing is
    final.
    """
    async with runtime.unit(ANA) as unit:
        action_id = (
            await set_service(unit, carla.service, Status.INACTIVE, defer_until=LATER)
        ).deferred_action_id
    found = await preview(runtime, "account", carla.account, to)
    assert (list(found.conflicting), found.conflicting_count) == ([], 0)
    assert (await action(runtime, action_id)).status == DeferredStatus.PENDING


@pytest.mark.parametrize("kind", ["service", "offer"])
async def test_closing_an_asset_tells_of_its_own(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 4.8, for a service and its offers, and for an offer."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE, defer_until=LATER)
        action_id = (
            await set_offer(unit, carla.service_offer, Status.INACTIVE, defer_until=LATER)
        ).deferred_action_id
    before = await preview(runtime, kind, target(carla, kind), Status.CLOSED)
    async with runtime.unit(ANA) as unit:
        after = (await VERBS[kind](unit, target(carla, kind), Status.CLOSED)).impact
    assert after is not None
    assert list(before.conflicting) == list(after.conflicting) == [action_id]


@pytest.mark.parametrize("kind", ["account", "service", "offer"])
async def test_reactivating_by_hand_names_the_return(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """Rules 4.8 and 4.11: the hold that the return belongs to is gone then; other returns stay."""
    async with runtime.unit(ANA) as unit:
        far = await account(unit, "Other")
        for change, entity_id in ((VERBS[kind], target(carla, kind)), (set_account, far)):
            await change(unit, entity_id, Status.INACTIVE, reactivate_on=LATER)
        await change_parent(unit, carla.account, parent_id=far, defer_until=LATER)
    before = await preview(runtime, kind, target(carla, kind), Status.ACTIVE)
    async with runtime.unit(ANA) as unit:
        after = (await VERBS[kind](unit, target(carla, kind), Status.ACTIVE)).impact
    assert after is not None
    returns = [it for it in await rows(runtime, DeferredAction) if it.to_status is Status.ACTIVE]
    [own] = [it.id for it in returns if it.account_id == carla.account]
    assert list(before.conflicting) == list(after.conflicting) == [own]
    assert (await action(runtime, own)).status is DeferredStatus.PENDING


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", ["account", "service", "offer"])
async def test_preview_does_not_scan_the_events(
    runtime: Runtime, carla: Customer, kind: str
) -> None:
    """A preview takes the same time with any number of events."""
    async with runtime.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            """INSERT INTO event (id, kind, account_id, occurred_at, recorded_at, description,
            actor)
            SELECT nextval('event_id_seq'), 'PAYMENT', n, '2026-01-01', '2026-01-01', 'Paid', 'Ana'
            FROM generate_series(1, 20000) n"""
        )
        await connection.exec_driver_sql("ANALYZE event")
    with planned_statements(runtime.database) as statements:
        await preview(runtime, kind, target(carla, kind), Status.INACTIVE)
    assert len(statements.sent) > 1
    assert "event" not in await statements.scanned_tables()
