"""Recent changes of the demo company: holds, closings, and deferred actions in every state."""

from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import select

from tenure.accounts.actions import update
from tenure.accounts.models import Rank
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred.actions import cancel, reschedule
from tenure.deferred.models import DeferredAction
from tenure.demo import people
from tenure.demo.timeline import BEN, MAYA, PORTAL, Company, Moment
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Unit
from tenure.status.changes.actions import change_account, change_offer, change_service
from tenure.status.changes.rules import StatusRequest

INACTIVE = Status.INACTIVE
CLOSED = Status.CLOSED
ACTIVE = Status.ACTIVE


class Schedule(TypedDict, total=False):
    """When a change takes effect."""

    defer_until: datetime
    reactivate_on: datetime


def recent_changes(company: Company) -> list[Moment]:
    """The changes of the last days."""
    return [
        *_holds(),
        *_endings(),
        *_small_changes(),
        *_pending_actions(company),
        *_finished_actions(company),
    ]


def _holds() -> list[Moment]:
    """MANUAL holds, SERVICE holds of offers, and MANUAL besides PARENT.

    DEBT holds come from unpaid bills.
    """
    return [
        _account(4, BEN, "Chiara Rossi", INACTIVE, "Abroad until spring, asked by telephone"),
        _service(3.5, PORTAL, "Ravi Nair", "tv", INACTIVE, reason="Paused by the customer"),
        _service(
            3.2,
            BEN,
            "Callum Fraser",
            "internet",
            INACTIVE,
            reason="The line is being moved to the new house",
        ),
        # A MANUAL hold besides the PARENT hold: it stays when Brightwater is active again.
        _account(3, BEN, "Brightwater Antwerp", INACTIVE, "The branch is being rebuilt"),
    ]


def _endings() -> list[Moment]:
    """Closed accounts, a closed service, and a closed offer."""
    return [
        _account(2.9, MAYA, "Oscar Delgado", CLOSED, "Moved abroad"),
        _account(2.9, MAYA, "Uma Devi", CLOSED, "Went to another company"),
        _service(
            2.7, PORTAL, "Sofia Papadopoulou", "telephony", CLOSED, reason="Only uses a mobile"
        ),
        _offer(2.5, PORTAL, "Amara Okafor", "TV Sport", CLOSED, reason="The season is over"),
    ]


def _small_changes() -> list[Moment]:
    async def another_rank(company: Company, unit: Unit) -> None:
        await update(unit, company.ids["Kwame Asante"], rank=Rank.BRONZE)

    async def another_address(company: Company, unit: Unit) -> None:
        await update(
            unit, company.ids["Nora Hansen"], phone="+1 555 0199", email="nora@hansen.example"
        )

    return [Moment(2.4, MAYA, another_rank), Moment(2.2, PORTAL, another_address)]


def _pending_actions(company: Company) -> list[Moment]:
    """Pending actions of the next weeks."""
    ahead = company.full_hour

    async def below_the_hotels(company: Company, unit: Unit) -> None:
        studio = company.ids["Larkspur Studio"]
        hotels = company.ids[people.HOTELS]
        await change_parent(unit, studio, parent_id=hotels, defer_until=ahead(18))

    holiday = "Summer house, shut in winter"
    return [
        _account(
            2, BEN, "Hana Suzuki", INACTIVE, holiday, defer_until=ahead(6), reactivate_on=ahead(27)
        ),
        _account(2, BEN, "Mateusz Kowalski", CLOSED, "End of the contract", defer_until=ahead(12)),
        _service(2, BEN, "Mill Lane Bakery", "telephony", CLOSED, defer_until=ahead(9)),
        # Closing the account first makes this one not applicable: the page warns of it.
        _account(2, BEN, "Mateusz Kowalski", INACTIVE, "Asked by e-mail", defer_until=ahead(20)),
        _offer(1.8, MAYA, "Ravi Nair", "TV Sport", CLOSED, defer_until=ahead(15)),
        Moment(1.8, MAYA, below_the_hotels),
        _account(1.8, MAYA, "Chiara Rossi", ACTIVE, "Back from abroad", defer_until=ahead(24)),
    ]


def _finished_actions(company: Company) -> list[Moment]:
    """One is cancelled and one rescheduled. Of yesterday's, one is done, one fails and one is not
    applicable.

    Today's bill day runs yesterday's actions.
    """
    later = company.full_hour(5)
    yesterday = company.full_hour(-1)

    async def withdrawn(company: Company, unit: Unit) -> None:
        await cancel(unit, await _deferred_action(unit, company.ids["Joana Marques"]))

    async def put_off(company: Company, unit: Unit) -> None:
        action = await _deferred_action(unit, company.ids["Quentin Blake-Jones"])
        await reschedule(unit, action, scheduled_for=company.full_hour(10))

    return [
        _account(1.7, BEN, "Joana Marques", CLOSED, "Notice given", defer_until=later),
        _account(1.7, BEN, "Quentin Blake-Jones", CLOSED, "Notice given", defer_until=later),
        _account(1.7, BEN, "Anton Weber", INACTIVE, "Pause asked for", defer_until=yesterday),
        _account(
            1.7, BEN, "Brightwater Antwerp", ACTIVE, "The branch opens again", defer_until=yesterday
        ),
        _account(1.7, BEN, "Tomás Herrera", INACTIVE, "Pause asked for", defer_until=yesterday),
        Moment(1.4, MAYA, withdrawn),
        Moment(1.4, MAYA, put_off),
        _account(1.4, MAYA, "Tomás Herrera", CLOSED, "Moved in with family"),
    ]


def _account(
    days_ago: float,
    actor: Actor,
    name: str,
    to: Status,
    reason: str | None = None,
    **when: Unpack[Schedule],
) -> Moment:
    async def change(company: Company, unit: Unit) -> None:
        await change_account(unit, company.ids[name], StatusRequest(to=to, reason=reason, **when))

    return Moment(days_ago, actor, change)


def _service(
    days_ago: float,
    actor: Actor,
    name: str,
    kind: str,
    to: Status,
    *,
    reason: str | None = None,
    **when: Unpack[Schedule],
) -> Moment:
    async def change(company: Company, unit: Unit) -> None:
        statement = select(Service.id).where(
            Service.account_id == company.ids[name], Service.kind == kind
        )
        service_id = (await unit.session.execute(statement)).scalar_one()
        await change_service(unit, service_id, StatusRequest(to=to, reason=reason, **when))

    return Moment(days_ago, actor, change)


def _offer(
    days_ago: float,
    actor: Actor,
    name: str,
    offer_name: str,
    to: Status,
    *,
    reason: str | None = None,
    **when: Unpack[Schedule],
) -> Moment:
    async def change(company: Company, unit: Unit) -> None:
        statement = select(PurchasedOffer.id).where(PurchasedOffer.account_id == company.ids[name])
        offer_id = (
            await unit.session.execute(statement.where(PurchasedOffer.name == offer_name))
        ).scalar_one()
        await change_offer(unit, offer_id, StatusRequest(to=to, reason=reason, **when))

    return Moment(days_ago, actor, change)


async def _deferred_action(unit: Unit, account_id: int) -> int:
    return (
        await unit.session.execute(
            select(DeferredAction.id).where(DeferredAction.account_id == account_id)
        )
    ).scalar_one()
