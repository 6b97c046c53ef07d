"""What happened to the company's customers lately: holds of every cause, and promises in every state."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tenure.accounts.actions import update
from tenure.accounts.models import Rank
from tenure.assets.models import PurchasedOffer, Service
from tenure.cascades.actions import apply
from tenure.cascades.rules import HoldChange, Kind, Telling
from tenure.deferred.actions import cancel, reschedule
from tenure.demo import people
from tenure.demo.days import BEN, MAYA, PORTAL, Company
from tenure.hierarchy.actions import change_parent
from tenure.holds.models import Cause, Status
from tenure.kernel.unit import Unit
from tenure.lifecycle.actions import change_account, change_offer, change_service
from tenure.lifecycle.rules import StatusRequest
from tenure.wiring import run_now


async def live(company: Company) -> None:
    """Some weeks of a call centre's work."""
    await _holds(company)
    await _endings(company)
    await _small_changes(company)
    await _promises_ahead(company)
    await _promises_kept_and_broken(company)


async def _holds(company: Company) -> None:
    """MANUAL, DEBT (with PARENT below it), ACCOUNT on services, SERVICE on offers."""
    ids = company.ids
    async with company.unit(BEN, 4) as unit:
        request = StatusRequest(to=Status.INACTIVE, reason="Abroad until spring, asked by telephone")
        await change_account(unit, ids["Chiara Rossi"], request)
    async with company.unit(MAYA, 3.9) as unit:
        debt = HoldChange(Kind.ACCOUNT, [ids[people.LOGISTICS.name], ids["Igor Petrov"]], add_inactive=Cause.DEBT)
        await apply(unit, debt, Telling(Cause.DEBT, unit.now, reason="Thirty days past due"))
    async with company.unit(PORTAL, 3.5) as unit:
        service_id = await _service(unit, ids["Ravi Nair"], "tv")
        await change_service(unit, service_id, StatusRequest(to=Status.INACTIVE, reason="Paused by the customer"))
    async with company.unit(BEN, 3.2) as unit:
        request = StatusRequest(to=Status.INACTIVE, reason="The line is being moved to the new house")
        await change_service(unit, await _service(unit, ids["Callum Fraser"], "internet"), request)
    async with company.unit(BEN, 3) as unit:
        # By hand besides the payer's hold: this one stays when Brightwater comes back.
        request = StatusRequest(to=Status.INACTIVE, reason="The branch is being rebuilt")
        await change_account(unit, ids["Brightwater Antwerp"], request)


async def _endings(company: Company) -> None:
    """Closed accounts, a closed service, a closed offer."""
    ids = company.ids
    for name, reason in (("Oscar Delgado", "Moved abroad"), ("Uma Devi", "Went to another company")):
        async with company.unit(MAYA, 2.9) as unit:
            await change_account(unit, ids[name], StatusRequest(to=Status.CLOSED, reason=reason))
    async with company.unit(PORTAL, 2.7) as unit:
        service_id = await _service(unit, ids["Sofia Papadopoulou"], "telephony")
        await change_service(unit, service_id, StatusRequest(to=Status.CLOSED, reason="Only uses a mobile"))
    async with company.unit(PORTAL, 2.5) as unit:
        offer_id = await _offer(unit, ids["Amara Okafor"], "TV Sport")
        await change_offer(unit, offer_id, StatusRequest(to=Status.CLOSED, reason="The season is over"))


async def _small_changes(company: Company) -> None:
    async with company.unit(MAYA, 2.4) as unit:
        await update(unit, company.ids["Kwame Asante"], rank=Rank.BRONZE)
    async with company.unit(PORTAL, 2.2) as unit:
        await update(unit, company.ids["Nora Hansen"], phone="+1 555 0199", email="nora@hansen.example")


async def _promises_ahead(company: Company) -> None:
    """Pending actions of the next weeks."""
    ids = company.ids
    async with company.unit(BEN, 2) as unit:
        holiday = StatusRequest(
            to=Status.INACTIVE,
            reason="Summer house, shut in winter",
            defer_until=_ahead(company, 6),
            reactivate_on=_ahead(company, 27),
        )
        await change_account(unit, ids["Hana Suzuki"], holiday)
        ending = StatusRequest(to=Status.CLOSED, reason="End of the contract", defer_until=_ahead(company, 12))
        await change_account(unit, ids["Mateusz Kowalski"], ending)
        line = await _service(unit, ids["Mill Lane Bakery"], "telephony")
        await change_service(unit, line, StatusRequest(to=Status.CLOSED, defer_until=_ahead(company, 9)))
        # Closing the account first makes this one pointless: the page warns of it.
        late = StatusRequest(to=Status.INACTIVE, reason="Asked by e-mail", defer_until=_ahead(company, 20))
        await change_account(unit, ids["Mateusz Kowalski"], late)
    async with company.unit(MAYA, 1.8) as unit:
        sport = await _offer(unit, ids["Ravi Nair"], "TV Sport")
        await change_offer(unit, sport, StatusRequest(to=Status.CLOSED, defer_until=_ahead(company, 15)))
        await change_parent(
            unit, ids["Larkspur Studio"], parent_id=ids[people.HOTELS.name], defer_until=_ahead(company, 18)
        )
        back = StatusRequest(to=Status.ACTIVE, reason="Back from abroad", defer_until=_ahead(company, 24))
        await change_account(unit, ids["Chiara Rossi"], back)


async def _promises_kept_and_broken(company: Company) -> None:
    """Actions that were cancelled, rescheduled, done, that failed, and that had lost their point."""
    ids, yesterday = company.ids, _ahead(company, -1)
    ending = StatusRequest(to=Status.CLOSED, reason="Notice given", defer_until=_ahead(company, 5))
    pause = StatusRequest(to=Status.INACTIVE, reason="Pause asked for", defer_until=yesterday)
    back = StatusRequest(to=Status.ACTIVE, reason="The branch opens again", defer_until=yesterday)
    async with company.unit(BEN, 1.7) as unit:
        withdrawn = (await change_account(unit, ids["Joana Marques"], ending)).deferred_action_id or 0
        moved = (await change_account(unit, ids["Quentin Blake-Jones"], ending)).deferred_action_id or 0
        done = (await change_account(unit, ids["Anton Weber"], pause)).deferred_action_id or 0
        failed = (await change_account(unit, ids["Brightwater Antwerp"], back)).deferred_action_id or 0
        pointless = (await change_account(unit, ids["Tomás Herrera"], pause)).deferred_action_id or 0
    async with company.unit(MAYA, 1.4) as unit:
        await cancel(unit, withdrawn)
        await reschedule(unit, moved, scheduled_for=_ahead(company, 10))
        await change_account(unit, ids["Tomás Herrera"], StatusRequest(to=Status.CLOSED, reason="Moved in with family"))
    for action_id in (done, failed, pointless):
        await run_now(company.workplace, MAYA, action_id)


def _ahead(company: Company, days: int) -> datetime:
    """A full hour so many days from now."""
    return (company.now + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)


async def _service(unit: Unit, account_id: int, kind: str) -> int:
    statement = select(Service.id).where(Service.account_id == account_id, Service.kind == kind).limit(1)
    return (await unit.session.execute(statement)).scalar_one()


async def _offer(unit: Unit, account_id: int, name: str) -> int:
    statement = select(PurchasedOffer.id).where(PurchasedOffer.account_id == account_id, PurchasedOffer.name == name)
    return (await unit.session.execute(statement.limit(1))).scalar_one()
