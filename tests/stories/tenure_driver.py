"""Executes the operations of `status_model` in Tenure, and reads the resulting state.

Model and driver number entities from 1 within each kind; `ids` has the ids in that order.
"""

from __future__ import annotations

from asyncio import Runner
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tenure.accounts import actions as accounts
from tenure.accounts.models import Account, BillUnit
from tenure.accounts.rules import NewAccount
from tenure.assets.models import PurchasedOffer, Service
from tenure.batch import execute_run
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.deferred import actions as deferred
from tenure.deferred.models import DeferredAction
from tenure.events.models import Event, EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers import actions as payers
from tenure.holds.models import Cause, Status
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.purchases import actions as purchases
from tenure.purchases.rules import NewPurchase, NewService
from tenure.settings import actions as business
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, Kind
from tenure.status.changes import actions as lifecycle
from tenure.status.changes.rules import StatusRequest
from tenure.status.impact.queries import Impact
from tests.builders import run_now
from tests.conftest import ANA, set_clock
from tests.stories.status_model_state import StatusEvent, Target

CURRENCIES = ("USD", "EUR")
CHANGES = {
    "account": lifecycle.change_account,
    "service": lifecycle.change_service,
    "offer": lifecycle.change_offer,
}
EntityStates = dict[Target, tuple[Any, ...]]


class TenureDriver:
    """Runs operations on a database that is emptied for each example, in its own event loop."""

    def __init__(
        self, runner: Runner, runtime: Runtime, empty: Callable[[], Awaitable[None]]
    ) -> None:
        self.runner = runner
        self.runtime = runtime
        self.empty = empty
        self.ids: dict[str, list[int]] = {}
        self.seen_events: dict[int, Any] = {}
        self.impact: Impact | None = None

    def reset(self, now: datetime) -> None:
        """Empty the database, set the clock to `now`, create an offer for each currency."""
        self.ids, self.seen_events = {}, {}
        self.runner.run(self._reset(now))

    def execute(self, operation: str, **arguments: Any) -> str | None:
        """Execute an operation. Returns the code of its error, or None."""
        self.impact = None
        try:
            self.runner.run(self._execute_operation(operation, arguments))
        except TenureError as refusal:
            return str(refusal.code)
        return None

    def read_changes(self) -> tuple[EntityStates, list[StatusEvent]]:
        """The state of all entities, and the STATUS_CHANGE events since the last call."""
        return self.runner.run(self._read_changes())

    def id_of(self, kind: str, number: int | None) -> int | None:
        """The id of the entity with this number."""
        return None if number is None else self.ids[kind][number - 1]

    async def _reset(self, now: datetime) -> None:
        await self.empty()
        await set_clock(self.runtime, now)
        async with self.runtime.unit(ANA) as unit:
            for currency in CURRENCIES:
                await create_offer(
                    unit, code=currency, name=currency, kind=OfferKind.CHARGE, currency=currency
                )

    async def _execute_operation(self, operation: str, arguments: dict[str, Any]) -> None:
        if operation == "run_job":
            await self._run_job()
        elif operation == "run_now":
            await run_now(self.runtime, ANA, self.ids["deferred action"][arguments["action"] - 1])
        else:
            async with self.runtime.unit(ANA) as unit:
                await getattr(self, operation)(unit, **arguments)

    async def create_account(
        self,
        unit: Unit,
        *,
        currency: str,
        day: int,
        parent: int | None = None,
        parent_pays: bool = False,
    ) -> None:
        account = await accounts.create_account(
            unit, NewAccount(name="Customer", currency=currency, billing_day_of_month=day)
        )
        if parent is not None:
            parent_id = self.id_of("account", parent)
            await change_parent(unit, account.id, parent_id=parent_id, parent_pays=parent_pays)

    async def add_service(
        self,
        unit: Unit,
        *,
        account: int,
        service_kind: str,
        login: str | None,
        with_offer: bool = False,
    ) -> None:
        account_id = self.ids["account"][account - 1]
        service = await purchases.add_service(
            unit, NewService(account_id, kind=service_kind, login=login)
        )
        if with_offer:
            await purchases.purchase_offer(
                unit,
                NewPurchase(
                    account_id,
                    offer_code=await _currency(unit, account_id),
                    service_id=service.id,
                ),
            )

    async def purchase(
        self, unit: Unit, *, account: int, service: int | None, start: datetime
    ) -> None:
        account_id, service_id = self.ids["account"][account - 1], self.id_of("service", service)
        code = await _currency(unit, account_id)
        await purchases.purchase_offer(
            unit, NewPurchase(account_id, offer_code=code, service_id=service_id, start_at=start)
        )

    async def set_settings(
        self,
        unit: Unit,
        *,
        services_may_stay_active: bool,
        offers_restart: bool,
        prefix: str | None,
    ) -> None:
        await business.update_settings(
            unit,
            allow_active_service_with_inactive_account=services_may_stay_active,
            change_start_time_on_activation=offers_restart,
            closed_login_prefix=prefix,
        )

    async def add_debt_hold(self, unit: Unit, *, account: int, effect: str) -> None:
        added = {"add_inactive" if effect == Status.INACTIVE else "add_closed": Cause.DEBT}
        change = HoldChange(Kind.ACCOUNT, [self.ids["account"][account - 1]], **added)
        await apply(unit, change, EventContext(Cause.DEBT, unit.now))

    async def set_status(
        self,
        unit: Unit,
        *,
        target: Target,
        to: str,
        login: str | None = None,
        defer_until: datetime | None = None,
        reactivate_on: datetime | None = None,
    ) -> None:
        kind, number = target
        request = StatusRequest(
            Status(to), login=login, defer_until=defer_until, reactivate_on=reactivate_on
        )
        self.impact = (await CHANGES[kind](unit, self.ids[kind][number - 1], request)).impact

    async def move(
        self,
        unit: Unit,
        *,
        account: int,
        parent: int | None,
        parent_pays: bool,
        stay: bool,
        defer_until: datetime | None = None,
    ) -> None:
        await change_parent(
            unit,
            self.ids["account"][account - 1],
            parent_id=self.id_of("account", parent),
            parent_pays=parent_pays,
            children_stay=stay,
            defer_until=defer_until,
        )

    async def add_bill_unit(self, unit: Unit, *, account: int, payer: int | None) -> None:
        account_id, payer_id = self.ids["account"][account - 1], self.id_of("bill unit", payer)
        await payers.add_bill_unit(unit, account_id, name="Further", paying_parent_id=payer_id)

    async def change_payer(self, unit: Unit, *, bill_unit: int, payer: int | None) -> None:
        paid_id, payer_id = self.ids["bill unit"][bill_unit - 1], self.id_of("bill unit", payer)
        await payers.change_payer(unit, paid_id, paying_parent_id=payer_id)

    async def cancel(self, unit: Unit, *, action: int) -> None:
        await deferred.cancel(unit, self.ids["deferred action"][action - 1])

    async def reschedule(self, unit: Unit, *, action: int, scheduled_for: datetime) -> None:
        await deferred.reschedule(
            unit, self.ids["deferred action"][action - 1], scheduled_for=scheduled_for
        )

    async def set_clock(self, unit: Unit, *, now: datetime) -> None:
        await business.set_clock(unit, now=now)

    async def _run_job(self) -> None:
        async with self.runtime.unit(ANA) as unit:
            run = await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS)
        await execute_run(self.runtime, run.id)

    async def _read_changes(self) -> tuple[EntityStates, list[StatusEvent]]:
        async with self.runtime.database.engine.connect() as connection:
            rows = {
                kind: await _all(connection, select(*columns)) for kind, columns in COLUMNS.items()
            }
            events = select(*EVENT_COLUMNS).where(Event.id > max(self.seen_events, default=0))
            news = await _all(connection, events)
        self.ids = {kind: [row.id for row in found] for kind, found in rows.items()}
        numbers = {
            kind: {id_: place + 1 for place, id_ in enumerate(ids)}
            for kind, ids in self.ids.items()
        }
        number = {kind: ids.get for kind, ids in numbers.items()}
        states: EntityStates = {}
        for account in rows["account"]:
            states["account", numbers["account"][account.id]] = (
                *_held(account),
                number["account"](account.parent_id),
            )
        for unit in rows["bill unit"]:
            payer = number["bill unit"](unit.paying_parent_id)
            states["bill unit", numbers["bill unit"][unit.id]] = (payer, unit.billing_day_of_month)
        for service in rows["service"]:
            states["service", numbers["service"][service.id]] = (
                *_held(service),
                service.login,
                service.former_login,
            )
        for offer in rows["offer"]:
            starts = (offer.purchase_start, offer.usage_start, offer.cycle_start)
            states["offer", numbers["offer"][offer.id]] = (*_held(offer), *starts)
        for action in rows["deferred action"]:
            states["deferred action", numbers["deferred action"][action.id]] = (
                str(action.status),
                action.scheduled_for,
            )
        self.seen_events |= {row.id: row for row in news}
        return states, [
            self._status_event(row, numbers) for row in news if row.kind is EventKind.STATUS_CHANGE
        ]

    def _status_event(self, row: Any, numbers: dict[str, dict[int, int]]) -> StatusEvent:
        kind, id_ = _about(row)
        if row.followed_id is not None:
            _check_leader(row, self.seen_events[row.followed_id])
        return StatusEvent(
            kind=kind,
            number=numbers[kind][id_],
            before=str(row.from_status),
            after=str(row.to_status),
            inactive=_causes(row.inactive_holds),
            closed=_causes(row.closed_holds),
            cause=str(Cause(row.cause).name),
            requested=row.followed_id is None,
        )


HELD = ("id", "status", "inactive_holds", "closed_holds")
COLUMNS: dict[str, list[Any]] = {
    "account": [*(getattr(Account, name) for name in HELD), Account.parent_id],
    "bill unit": [BillUnit.id, BillUnit.paying_parent_id, BillUnit.billing_day_of_month],
    "service": [*(getattr(Service, name) for name in HELD), Service.login, Service.former_login],
    "offer": [
        *(getattr(PurchasedOffer, name) for name in HELD),
        PurchasedOffer.purchase_start,
        PurchasedOffer.usage_start,
        PurchasedOffer.cycle_start,
    ],
    "deferred action": [DeferredAction.id, DeferredAction.status, DeferredAction.scheduled_for],
}
EVENT_COLUMNS = [
    *(
        Event.id,
        Event.kind,
        Event.account_id,
        Event.service_id,
        Event.offer_id,
        Event.followed_id,
        Event.cause,
    ),
    *(Event.from_status, Event.to_status, Event.inactive_holds, Event.closed_holds),
]


async def _all(connection: AsyncConnection, statement: Select[Any]) -> Sequence[Row[Any]]:
    return (await connection.execute(statement.order_by(statement.selected_columns[0]))).all()


async def _currency(unit: Unit, account_id: int) -> str:
    return (
        await unit.session.execute(select(Account.currency).where(Account.id == account_id))
    ).scalar_one()


def _held(row: Any) -> tuple[str, frozenset[str], frozenset[str]]:
    return str(row.status), _causes(row.inactive_holds), _causes(row.closed_holds)


def _causes(mask: int) -> frozenset[str]:
    return frozenset(str(cause.name) for cause in Cause(mask))


def _about(row: Any) -> tuple[str, int]:
    if row.offer_id is not None:
        return "offer", row.offer_id
    return ("account", row.account_id) if row.service_id is None else ("service", row.service_id)


def _check_leader(follower: Any, leader: Any) -> None:
    """Rules 2.8: which event may be the cause of a change in a cascade.

    An offer follows its service or account, a service its account, and an account its payer or
    a change of its payer.
    """
    if _about(follower)[0] == "account":
        assert _about(leader)[0] == "account"
        return
    assert leader.kind is EventKind.STATUS_CHANGE
    asset = follower.service_id if _about(follower)[0] == "offer" else None
    assert (leader.account_id, leader.service_id, leader.offer_id) == (
        follower.account_id,
        asset,
        None,
    )
