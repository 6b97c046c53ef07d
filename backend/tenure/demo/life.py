"""What happened to the company's customers lately: holds by hand, endings, and promises in every state."""

from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import select

from tenure.accounts.actions import update
from tenure.accounts.models import Rank
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred.actions import cancel, reschedule
from tenure.deferred.models import DeferredAction
from tenure.demo import people
from tenure.demo.days import BEN, MAYA, PORTAL, Company, Moment
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Unit
from tenure.status.changes.actions import change_account, change_offer, change_service
from tenure.status.changes.rules import StatusRequest

INACTIVE, CLOSED, ACTIVE = Status.INACTIVE, Status.CLOSED, Status.ACTIVE


class When(TypedDict, total=False):
    """A change that is put off."""

    defer_until: datetime
    reactivate_on: datetime


def lately(company: Company) -> list[Moment]:
    """The last days of a call centre's work."""
    return [
        *_holds(),
        *_endings(),
        *_small_changes(),
        *_promises_ahead(company),
        *_promises_kept_and_broken(company),
    ]


def _holds() -> list[Moment]:
    """MANUAL, SERVICE on offers, and MANUAL besides PARENT. Those of cause DEBT came from what was not paid."""
    return [
        _account(4, BEN, "Chiara Rossi", INACTIVE, "Abroad until spring, asked by telephone"),
        _service(3.5, PORTAL, "Ravi Nair", "tv", INACTIVE, "Paused by the customer"),
        _service(
            3.2,
            BEN,
            "Callum Fraser",
            "internet",
            INACTIVE,
            "The line is being moved to the new house",
        ),
        # By hand besides the payer's hold: this one stays when Brightwater comes back.
        _account(3, BEN, "Brightwater Antwerp", INACTIVE, "The branch is being rebuilt"),
    ]


def _endings() -> list[Moment]:
    """Closed accounts, a closed service, a closed offer."""
    return [
        _account(2.9, MAYA, "Oscar Delgado", CLOSED, "Moved abroad"),
        _account(2.9, MAYA, "Uma Devi", CLOSED, "Went to another company"),
        _service(2.7, PORTAL, "Sofia Papadopoulou", "telephony", CLOSED, "Only uses a mobile"),
        _offer(2.5, PORTAL, "Amara Okafor", "TV Sport", CLOSED, "The season is over"),
    ]


def _small_changes() -> list[Moment]:
    async def another_rank(company: Company, unit: Unit) -> None:
        await update(unit, company.ids["Kwame Asante"], rank=Rank.BRONZE)

    async def another_address(company: Company, unit: Unit) -> None:
        await update(
            unit, company.ids["Nora Hansen"], phone="+1 555 0199", email="nora@hansen.example"
        )

    return [Moment(2.4, MAYA, another_rank), Moment(2.2, PORTAL, another_address)]


def _promises_ahead(company: Company) -> list[Moment]:
    """Pending actions of the next weeks."""
    ahead = company.full_hour

    async def below_the_hotels(company: Company, unit: Unit) -> None:
        studio, hotels = company.ids["Larkspur Studio"], company.ids[people.HOTELS]
        await change_parent(unit, studio, parent_id=hotels, defer_until=ahead(18))

    holiday = "Summer house, shut in winter"
    return [
        _account(
            2, BEN, "Hana Suzuki", INACTIVE, holiday, defer_until=ahead(6), reactivate_on=ahead(27)
        ),
        _account(2, BEN, "Mateusz Kowalski", CLOSED, "End of the contract", defer_until=ahead(12)),
        _service(2, BEN, "Mill Lane Bakery", "telephony", CLOSED, defer_until=ahead(9)),
        # Closing the account first makes this one pointless: the page warns of it.
        _account(2, BEN, "Mateusz Kowalski", INACTIVE, "Asked by e-mail", defer_until=ahead(20)),
        _offer(1.8, MAYA, "Ravi Nair", "TV Sport", CLOSED, defer_until=ahead(15)),
        Moment(1.8, MAYA, below_the_hotels),
        _account(1.8, MAYA, "Chiara Rossi", ACTIVE, "Back from abroad", defer_until=ahead(24)),
    ]


def _promises_kept_and_broken(company: Company) -> list[Moment]:
    """One is cancelled, one rescheduled; of those of yesterday one is done, one fails, and one has lost its point.

    Those the bill day of today carries out.
    """
    later, yesterday = company.full_hour(5), company.full_hour(-1)

    async def withdrawn(company: Company, unit: Unit) -> None:
        await cancel(unit, await _promise(unit, company.ids["Joana Marques"]))

    async def put_off(company: Company, unit: Unit) -> None:
        promise = await _promise(unit, company.ids["Quentin Blake-Jones"])
        await reschedule(unit, promise, scheduled_for=company.full_hour(10))

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
    who: Actor,
    name: str,
    to: Status,
    reason: str | None = None,
    **when: Unpack[When],
) -> Moment:
    async def change(company: Company, unit: Unit) -> None:
        await change_account(unit, company.ids[name], StatusRequest(to=to, reason=reason, **when))

    return Moment(days_ago, who, change)


def _service(
    days_ago: float,
    who: Actor,
    name: str,
    kind: str,
    to: Status,
    reason: str | None = None,
    **when: Unpack[When],
) -> Moment:
    async def change(company: Company, unit: Unit) -> None:
        theirs = select(Service.id).where(
            Service.account_id == company.ids[name], Service.kind == kind
        )
        service_id = (await unit.session.execute(theirs)).scalar_one()
        await change_service(unit, service_id, StatusRequest(to=to, reason=reason, **when))

    return Moment(days_ago, who, change)


def _offer(
    days_ago: float,
    who: Actor,
    name: str,
    called: str,
    to: Status,
    reason: str | None = None,
    **when: Unpack[When],
) -> Moment:
    async def change(company: Company, unit: Unit) -> None:
        theirs = select(PurchasedOffer.id).where(PurchasedOffer.account_id == company.ids[name])
        offer_id = (
            await unit.session.execute(theirs.where(PurchasedOffer.name == called))
        ).scalar_one()
        await change_offer(unit, offer_id, StatusRequest(to=to, reason=reason, **when))

    return Moment(days_ago, who, change)


async def _promise(unit: Unit, account_id: int) -> int:
    return (
        await unit.session.execute(
            select(DeferredAction.id).where(DeferredAction.account_id == account_id)
        )
    ).scalar_one()
