"""Builders of test data. Each creates one entity in the caller's unit and returns its id."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select

from tenure.accounts import actions as accounts
from tenure.accounts.models import BillUnit
from tenure.accounts.rules import NewAccount
from tenure.assets.models import PurchasedOffer
from tenure.batch import change_actions, execute_run, run_by_ids
from tenure.catalog import actions as catalog
from tenure.catalog.models import OfferKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import add_bill_unit
from tenure.holds.models import Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime, Unit
from tenure.purchases import actions as purchases
from tenure.purchases.rules import NewPurchase, NewService
from tenure.status.changes.actions import Outcome, change_account, change_offer, change_service
from tenure.status.changes.rules import StatusRequest
from tests.conftest import ANA


async def account(unit: Unit, name: str = "Carla", **more: Any) -> int:
    """An account that pays for itself."""
    return (await accounts.create_account(unit, NewAccount(name=name, **more))).id


async def child(unit: Unit, parent_id: int, name: str = "Child", *, paid: bool = True) -> int:
    """An account below another one, paid by it or not."""
    made = await account(unit, name)
    await change_parent(unit, made, parent_id=parent_id, parent_pays=paid)
    return made


async def service(
    unit: Unit, account_id: int, login: str | None = None, *, kind: str = "internet"
) -> int:
    """A service without offers."""
    return (await purchases.add_service(unit, NewService(account_id, kind=kind, login=login))).id


async def catalog_offer(unit: Unit, code: str = "flat", **more: Any) -> str:
    """A charge offer in the catalog; returns its code."""
    return (
        await catalog.create_offer(
            unit, code=code, kind=OfferKind.CHARGE, **{"name": code.capitalize(), **more}
        )
    ).code


async def purchased_offer(
    unit: Unit,
    account_id: int,
    service_id: int | None = None,
    *,
    code: str = "flat",
    start_at: datetime | None = None,
) -> int:
    """An offer of the catalog, purchased for a service or for the account itself."""
    made = await purchases.purchase_offer(
        unit, NewPurchase(account_id, offer_code=code, service_id=service_id, start_at=start_at)
    )
    return made.id


async def default_bill_unit_id(unit: Unit, account_id: int) -> int:
    """The id of the account's default bill unit."""
    statement = select(BillUnit.id).where(BillUnit.account_id == account_id, BillUnit.is_default)
    return int((await unit.session.execute(statement)).scalar_one())


async def paid_unit(unit: Unit, account_id: int, payer_id: int, name: str = "Second") -> int:
    """A further bill unit of the account, paid by the default bill unit of another one."""
    payer = await default_bill_unit_id(unit, payer_id)
    return row_id(await add_bill_unit(unit, account_id, name=name, paying_parent_id=payer))


def row_id(row: object) -> int:
    """The id of a row, also after a cascade has expired its other attributes."""
    return int(inspect(row).identity[0])  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Customer:
    """The ids of an account, a service, an offer of the service and an offer of the account."""

    account: int
    service: int
    service_offer: int
    account_offer: int


async def customer(
    unit: Unit, name: str = "Carla", *, login: str | None = "carla", code: str = "flat"
) -> Customer:
    """A customer. The first customer with `code` creates the catalog offer."""
    if not (
        await unit.session.execute(
            select(PurchasedOffer.id).where(PurchasedOffer.name == code.capitalize())
        )
    ).all():
        await catalog_offer(unit, code)
    owner = await account(unit, name)
    line = await service(unit, owner, login)
    return Customer(
        owner,
        line,
        await purchased_offer(unit, owner, line, code=code),
        await purchased_offer(unit, owner, code=code),
    )


async def set_account(unit: Unit, account_id: int, to: Status, **more: Any) -> Outcome:
    """Change an account's status; `more` are further fields of the StatusRequest."""
    return await change_account(unit, account_id, StatusRequest(to, **more))


async def set_service(unit: Unit, service_id: int, to: Status, **more: Any) -> Outcome:
    """Change a service's status; `more` are further fields of the StatusRequest."""
    return await change_service(unit, service_id, StatusRequest(to, **more))


async def set_offer(unit: Unit, offer_id: int, to: Status, **more: Any) -> Outcome:
    """Change a purchased offer's status; `more` are further fields of the StatusRequest."""
    return await change_offer(unit, offer_id, StatusRequest(to, **more))


async def scheduled_move(unit: Unit, account_id: int, **move: Any) -> int:
    """Schedules a move; `move` are arguments of `change_parent`. Returns the id of the action."""
    action_id = (await change_parent(unit, account_id, **move)).deferred_action_id
    assert action_id is not None
    return action_id


async def run_job(
    runtime: Runtime, business_date: date | None = None, *, kind: JobKind = JobKind.DEFERRED_ACTIONS
) -> int:
    """Start a job run and execute it; returns its id."""
    async with runtime.unit(ANA) as unit:
        run_id = (await start(unit, kind=kind, business_date=business_date)).id
    await execute_run(runtime, run_id)
    return run_id


async def run_now(runtime: Runtime, actor: Actor, action_id: int) -> None:
    """Runs one deferred action manually. Raises the error for which it was not run."""
    [result] = await change_actions(runtime, actor, [action_id], run_by_ids)
    if result.error is not None:
        raise result.error
