"""Rules 2.8: one STATUS_CHANGE event for each entity that changed, no more and no fewer; and rules
2.14.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tenure.events.models import Event, EventKind
from tenure.holds.models import Cause, Status
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tests.builders import child, customer, set_account, set_offer, set_service
from tests.checks import ABE, account_state, events, nothing_written, snapshot
from tests.conftest import ANA, NOON


async def test_each_changed_entity_has_one_event(runtime: Runtime) -> None:
    """Rules 2.8: with cause, reason and actor, and the event that it followed."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
    async with runtime.unit(ABE) as unit:
        await set_account(
            unit, carla.account, Status.INACTIVE, reason="asked on the phone", note="by Carla"
        )
    account, service, *offers = await events(runtime)
    assert (account.account_id, account.service_id, account.offer_id) == (carla.account, None, None)
    assert (service.account_id, service.service_id, service.offer_id) == (
        carla.account,
        carla.service,
        None,
    )
    assert {offer.offer_id for offer in offers} == {carla.service_offer, carla.account_offer}
    assert len(offers) == 2
    recorded = [account, service, *offers]
    assert {(event.from_status, event.to_status) for event in recorded} == {
        (Status.ACTIVE, Status.INACTIVE)
    }
    assert {(event.reason, event.actor) for event in recorded} == {("asked on the phone", ABE.name)}
    assert (
        {event.occurred_at for event in recorded}
        == {event.recorded_at for event in recorded}
        == {NOON}
    )
    assert account.details == {"note": "by Carla"}


async def test_causes_and_whom_each_followed(runtime: Runtime) -> None:
    """Rules 2.8: the account by hand; its service and its own offer the account; the service's
    offer the service.
    """
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_account(unit, carla.account, Status.CLOSED)
    account, service, *offers = await events(runtime)
    by_offer = {offer.offer_id: offer for offer in offers}
    assert (account.cause, account.followed_id) == (Cause.MANUAL, None)
    assert (service.cause, service.followed_id) == (Cause.ACCOUNT, account.id)
    own, of_service = by_offer[carla.account_offer], by_offer[carla.service_offer]
    assert (own.cause, own.followed_id) == (Cause.ACCOUNT, account.id)
    assert (of_service.cause, of_service.followed_id) == (Cause.SERVICE, service.id)
    assert len(by_offer) == len(offers) == 2


async def test_paid_accounts_follow_their_payer(runtime: Runtime) -> None:
    """Rules 2.8: cause PARENT, and the payer's event."""
    async with runtime.unit(ANA) as unit:
        parent = await customer(unit, "Parent", login=None)
        paid = await child(unit, parent.account)
        await set_account(unit, parent.account, Status.INACTIVE, reason="late")
    [followed] = await events(runtime, account_id=parent.account, service_id=None, offer_id=None)
    [follower] = await events(runtime, account_id=paid)
    assert (follower.cause, follower.followed_id) == (Cause.PARENT, followed.id)
    assert (follower.reason, follower.actor) == ("late", ANA.name)
    assert len(await events(runtime)) == 5


async def test_events_of_one_change_bear_its_id(runtime: Runtime) -> None:
    """Rules 2.8: what is one change is found as one, and another change is another one."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_account(unit, carla.account, Status.INACTIVE)
        await set_service(unit, carla.service, Status.INACTIVE)
    recorded = await events(runtime)
    assert [event.change_id == recorded[0].change_id for event in recorded] == [True] * 4 + [False]


async def test_change_of_holds_alone_is_told(runtime: Runtime) -> None:
    """Rules 2.8: whose status OR holds changed. The service was inactive already and is now held
    twice.
    """
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_service(unit, carla.service, Status.INACTIVE)
        await set_account(unit, carla.account, Status.INACTIVE)
    first, second = await events(runtime, service_id=carla.service, offer_id=None)
    assert (first.inactive_holds, second.inactive_holds) == (
        Cause.MANUAL,
        Cause.MANUAL | Cause.ACCOUNT,
    )
    assert (second.from_status, second.to_status) == (Status.INACTIVE, Status.INACTIVE)


@pytest.mark.parametrize("status", list(Status))
async def test_same_status_again_writes_nothing(runtime: Runtime, status: Status) -> None:
    """Rules 2.2: with that hold there already it succeeds, changes nothing and writes no event."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_account(unit, carla.account, status)
    async with nothing_written(runtime), runtime.unit(ANA) as unit:
        outcome = await set_account(unit, carla.account, status, reason="again")
    assert outcome.impact is not None
    assert (outcome.impact.accounts, outcome.impact.services, outcome.impact.offers) == (0, 0, 0)


async def test_same_status_by_another_hold_adds_the_hold(runtime: Runtime) -> None:
    """Rules 2.2: INACTIVE by its payer already, but without the MANUAL hold: that one is added and
    recorded.
    """
    async with runtime.unit(ANA) as unit:
        parent = await customer(unit, "Parent", login=None)
        paid = await child(unit, parent.account)
        await set_account(unit, parent.account, Status.INACTIVE)
        await set_account(unit, paid, Status.INACTIVE)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE MANUAL, INACTIVE PARENT)"
    assert [event.cause for event in await events(runtime, account_id=paid)] == [
        Cause.PARENT,
        Cause.MANUAL,
    ]


async def test_service_and_offer_closed_by_hand_again(runtime: Runtime) -> None:
    """Rules 2.2, for services and offers."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_service(unit, carla.service, Status.CLOSED)
        await set_offer(unit, carla.account_offer, Status.CLOSED)
    async with nothing_written(runtime), runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.CLOSED)
        await set_offer(unit, carla.account_offer, Status.CLOSED)


async def test_change_is_undone_as_a_whole(runtime: Runtime) -> None:
    """Rules 2.8: all of the cascade and all of its events, or nothing."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await child(unit, carla.account)

    async def close_and_break(unit: Unit) -> None:
        await set_account(unit, carla.account, Status.CLOSED)
        raise ZeroDivisionError

    async with nothing_written(runtime):
        with pytest.raises(ZeroDivisionError):
            await runtime.run_in_unit(ANA, close_and_break)


@pytest.mark.parametrize("statement", ["UPDATE event SET reason = 'another'", "DELETE FROM event"])
async def test_events_are_never_changed_or_deleted(
    runtime: Runtime, database: Database, statement: str
) -> None:
    """Rules 2.14: the database itself refuses."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
    before = await snapshot(database)
    with pytest.raises(DBAPIError, match="events are append only"):
        async with database.engine.begin() as connection:
            await connection.execute(text(statement))
    assert await snapshot(database) == before
    kinds = {
        event.kind
        for event in await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=carla.account)
    }
    assert kinds == {EventKind.ACCOUNT_CHANGE}
    assert Event.__tablename__ in before
