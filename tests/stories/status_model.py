"""The operations of the model, immediate or deferred: rules 2.2, 2.9 to 2.12, 3, 4, 5 and 6.8."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.stories.status_model_state import (
    ACCOUNT,
    ACTIVE,
    CANCELLED,
    CLOSED,
    CLOSED_IS_FINAL,
    CYCLE,
    DEBT,
    DONE,
    FAILED,
    INACTIVE,
    INVALID,
    MANUAL,
    NOT_ALLOWED,
    NOT_APPLICABLE,
    OUT_OF_RANGE,
    PENDING,
    TAKEN,
    Account,
    BillUnit,
    DeferredAction,
    HeldEntity,
    ModelState,
    Offer,
    RefusedError,
    Service,
    Target,
    reject_if,
)


@dataclass
class StatusModel(ModelState):
    """The model with its operations. Entities are numbered from 1 within each kind."""

    deferred_actions: list[DeferredAction] = field(default_factory=list)

    def after(self, operation: str, **arguments: Any) -> StatusModel:
        """A copy in which the operation has been executed, with only its events.

        Raises RefusedError if a rule refuses it. The original is not changed.
        """
        model = deepcopy(self)
        model.events = []
        getattr(model, operation)(**arguments)
        return model

    def nothing(self) -> None:
        """No operation."""

    def find(self, target: Target) -> Any:
        """The entity of a target."""
        kind, number = target
        return {"account": self.accounts, "service": self.services, "offer": self.offers}[kind][
            number - 1
        ]

    # Accounts, services and offers

    def create_account(
        self, *, currency: str, day: int, parent: int | None = None, parent_pays: bool = False
    ) -> None:
        """An account with its default bill unit, optionally below a parent."""
        account = Account(kind="account", number=len(self.accounts) + 1, currency=currency)
        self.accounts.append(account)
        self.bill_units.append(
            BillUnit(number=len(self.bill_units) + 1, account=account, is_default=True, day=day)
        )
        if parent is not None:
            self._move(account.number, parent, parent_pays)

    def add_service(
        self, *, account: int, service_kind: str, login: str | None, with_offer: bool = False
    ) -> None:
        """Rules 6.8 and 3.1."""
        owner = self.accounts[account - 1]
        reject_if(
            (owner.status != ACTIVE, NOT_ALLOWED),
            (login is not None and self.is_taken(service_kind, login), TAKEN),
        )
        service = Service(
            kind="service",
            number=len(self.services) + 1,
            account=owner,
            service_kind=service_kind,
            login=login,
        )
        self.services.append(service)
        if with_offer:
            self.purchase(account=account, service=service.number, start=self.now)

    def purchase(self, *, account: int, service: int | None, start: datetime) -> None:
        """Rules 6.8: for a service or for the account itself, from now or from a later time."""
        owner, bought_for = (
            self.accounts[account - 1],
            None if service is None else self.services[service - 1],
        )
        reject_if(
            (owner.status != ACTIVE, NOT_ALLOWED),
            (bought_for is not None and bought_for.account is not owner, INVALID),
            (bought_for is not None and bought_for.status != ACTIVE, NOT_ALLOWED),
            (start < self.now, OUT_OF_RANGE),
        )
        number = len(self.offers) + 1
        self.offers.append(
            Offer(kind="offer", number=number, account=owner, service=bought_for, start=start)
        )

    def set_settings(
        self, *, services_may_stay_active: bool, offers_restart: bool, prefix: str | None
    ) -> None:
        """Rules 2.12, 2.13 and 3.2: valid for later operations."""
        self.services_may_stay_active, self.offers_restart = (
            services_may_stay_active,
            offers_restart,
        )
        self.closed_login_prefix = prefix

    def add_debt_hold(self, *, account: int, effect: str) -> None:
        """Rules 7.3: a payment failed or is overdue."""
        debtor = self.accounts[account - 1]
        with self.change(debtor, DEBT):
            debtor.holds[effect].add(DEBT)

    # Status

    def set_status(
        self,
        *,
        target: Target,
        to: str,
        login: str | None = None,
        defer_until: datetime | None = None,
        reactivate_on: datetime | None = None,
    ) -> None:
        """An immediate (2.2) or deferred (4.2) change, optionally with a return (2.10)."""
        entity: HeldEntity = self.find(target)
        is_closed = entity.status == CLOSED
        reopens_service = entity.kind == "service" and is_closed and to == ACTIVE
        reject_if((login is not None and not reopens_service, INVALID))
        reject_if(
            (defer_until is not None and defer_until <= self.now, OUT_OF_RANGE),
            (reactivate_on is not None and to == CLOSED, CLOSED_IS_FINAL),
            (reactivate_on is not None and to == ACTIVE, INVALID),
            (
                to == INACTIVE
                and reactivate_on is not None
                and reactivate_on <= (defer_until or self.now),
                OUT_OF_RANGE,
            ),
        )
        if defer_until is None:
            self._set_status(target, to, login)
        else:
            reject_if(
                (is_closed and to == ACTIVE, CLOSED_IS_FINAL),
                (is_closed and to == INACTIVE, NOT_ALLOWED),
            )
            self._defer(defer_until, target, "_set_status", to=to)
        if reactivate_on is not None:
            self._defer(reactivate_on, target, "_reactivate")
            back = self.deferred_actions[-1]
            if defer_until is None:
                back.manual_hold = entity.manual_hold
            else:
                back.pair, self.deferred_actions[-2].pair = back.number - 1, back.number

    def _set_status(self, target: Target, to: str, login: str | None = None) -> None:
        """Rules 2.2: INACTIVE and CLOSED add a MANUAL hold, ACTIVE removes MANUAL and DEBT."""
        entity: HeldEntity = self.find(target)
        if to == ACTIVE:
            self._activate(entity, login)
            return
        reject_if((to == INACTIVE and entity.status == CLOSED, NOT_ALLOWED))
        if entity.kind == "offer" and entity.status == CLOSED:
            return
        with self.change(entity):
            entity.holds[to].add(MANUAL)

    def _activate(self, entity: HeldEntity, login: str | None) -> None:
        if entity.status == ACTIVE:
            return
        reject_if((entity.kind == "offer" and entity.status == CLOSED, NOT_ALLOWED))  # 2.5
        with self.change(entity):
            entity.set_holds(MANUAL, set())
            entity.set_holds(DEBT, set())
            if isinstance(entity, Service):
                self._activate_service(entity, login)
        reject_if((entity.status != ACTIVE, NOT_ALLOWED))  # 2.2: other causes still hold it

    def _activate_service(self, service: Service, login: str | None) -> None:
        """Rules 2.12 and 3.3: reopening needs a free login: the former one or a new one."""
        reject_if(
            (service.account.status != ACTIVE and not self.services_may_stay_active, NOT_ALLOWED)
        )
        if self.services_may_stay_active:
            service.holds[INACTIVE].discard(ACCOUNT)
        wanted = login or service.former
        is_taken = wanted is not None and self.is_taken(service.service_kind, wanted, but=service)
        reject_if((service.status != ACTIVE, NOT_ALLOWED), (is_taken, TAKEN))
        service.former = wanted

    # Hierarchy and payers

    def move(
        self,
        *,
        account: int,
        parent: int | None,
        parent_pays: bool,
        stay: bool,
        defer_until: datetime | None = None,
    ) -> None:
        """Rules 5.1 and 5.2, immediate or deferred. `stay`: the children keep the old parent."""
        if defer_until is None:
            self._move(account, parent, parent_pays, stay)
            return
        self.after("_move", account=account, parent=parent, parent_pays=parent_pays, stay=stay)
        reject_if(
            (self.accounts[account - 1].status == CLOSED, NOT_ALLOWED),
            (defer_until <= self.now, OUT_OF_RANGE),
        )
        arguments = {"account": account, "parent": parent, "parent_pays": parent_pays, "stay": stay}
        self._defer(defer_until, ("account", account), "_move", **arguments)

    def _move(
        self, account: int, parent: int | None, parent_pays: bool, stay: bool = False
    ) -> None:
        moved, former = self.accounts[account - 1], self.accounts[account - 1].parent
        below = None if parent is None else self.accounts[parent - 1]
        reject_if((below is moved or (below in self._below(moved) and not stay), CYCLE))
        reject_if((parent_pays and below is None, INVALID))
        own = [unit for unit in self.bill_units if unit.account is moved]
        payer = self.default_of(below) if below and parent_pays else None
        if payer is not None:
            reject_if((payer.account.status == CLOSED, NOT_ALLOWED), *self._payer_rules(payer, own))
        with self.change():
            if stay:
                for child in self.accounts:
                    child.parent = former if child.parent is moved else child.parent
            moved.parent = below
            if payer is not None:
                self._assign_payer(payer, own)
            elif former is not None:
                behind = self.default_of(former).payer
                for unit in own:
                    if unit.payer is not None and (
                        unit.payer.account is former or unit.payer is behind
                    ):
                        unit.payer = None

    def _below(self, account: Account) -> list[Account]:
        children = [child for child in self.accounts if child.parent is account]
        return children + [each for child in children for each in self._below(child)]

    def add_bill_unit(self, *, account: int, payer: int | None) -> None:
        """Rules 5.4 and 6.8: a further bill unit, which pays for itself or has a payer."""
        owner = self.accounts[account - 1]
        reject_if((owner.status != ACTIVE, NOT_ALLOWED))
        day = self.default_of(owner).day
        added = BillUnit(number=len(self.bill_units) + 1, account=owner, is_default=False, day=day)
        self.bill_units.append(added)
        if payer is not None:
            self.change_payer(bill_unit=added.number, payer=payer)

    def change_payer(self, *, bill_unit: int, payer: int | None) -> None:
        """Rules 5.4: another bill unit pays from now on, or it pays for itself."""
        unit = self.bill_units[bill_unit - 1]
        if payer is not None:
            reject_if(
                (payer == bill_unit, CYCLE),
                *self._payer_rules(self.bill_units[payer - 1], [unit]),
            )
        with self.change():
            if payer is None:
                unit.payer = None
            else:
                self._assign_payer(self.bill_units[payer - 1], [unit])

    def _payer_rules(self, payer: BillUnit, paid: list[BillUnit]) -> list[tuple[bool, str]]:
        """Rules 5.2 for the final payer: not itself, same currency, not closed."""
        last = payer.payer or payer
        return [
            (last in paid, CYCLE),
            (any(last.account.currency != unit.account.currency for unit in paid), INVALID),
            (last.account.status == CLOSED, NOT_ALLOWED),
        ]

    def _assign_payer(self, payer: BillUnit, paid: list[BillUnit]) -> None:
        """Rules 5.2: a payer pays for itself; bill units paid by `paid` get the new payer too."""
        last = payer.payer or payer
        for unit in self.bill_units:
            if unit in paid or unit.payer in paid:
                unit.payer, unit.day = last, last.day

    def default_of(self, account: Account) -> BillUnit:
        """The account's default bill unit."""
        return next(unit for unit in self.bill_units if unit.account is account and unit.is_default)

    # Deferred actions and the clock

    def _defer(
        self, scheduled_for: datetime, target: Target, operation: str, **arguments: Any
    ) -> None:
        self.deferred_actions.append(
            DeferredAction(
                len(self.deferred_actions) + 1, scheduled_for, target, operation, arguments
            )
        )

    def cancel(self, *, action: int) -> None:
        """Rules 4.3: while it is pending."""
        found = self.deferred_actions[action - 1]
        reject_if((found.state != PENDING, NOT_ALLOWED))
        found.state = CANCELLED
        other = self._other(found)
        if other is not None and other.is_reactivation and other.state == PENDING:
            other.state = CANCELLED

    def reschedule(self, *, action: int, scheduled_for: datetime) -> None:
        """Rules 4.3: also a failed one, which becomes pending again."""
        found = self.deferred_actions[action - 1]
        reject_if(
            (found.state not in (PENDING, FAILED), NOT_ALLOWED),
            (scheduled_for <= self.now, OUT_OF_RANGE),
        )
        other = self._other(found)
        if other is not None and other.state != CANCELLED:
            after_reactivation = not found.is_reactivation and scheduled_for >= other.scheduled_for
            before_inactivation = (
                found.is_reactivation
                and other.state != DONE
                and scheduled_for <= other.scheduled_for
            )
            reject_if((after_reactivation or before_inactivation, OUT_OF_RANGE))
        found.scheduled_for, found.state = scheduled_for, PENDING

    def run_now(self, *, action: int) -> None:
        """Rules 4.3: at any time. Rules 4.11: the inactivation before its reactivation."""
        found = self.deferred_actions[action - 1]
        reject_if((found.state not in (PENDING, FAILED), NOT_ALLOWED))
        other = self._other(found)
        if other is not None and other.state != CANCELLED:
            reject_if((found.is_reactivation and other.state != DONE, NOT_ALLOWED))
            reject_if((not found.is_reactivation and other.scheduled_for <= self.now, NOT_ALLOWED))
        self._execute(action)

    def _other(self, action: DeferredAction) -> DeferredAction | None:
        return None if action.pair is None else self.deferred_actions[action.pair - 1]

    def set_clock(self, *, now: datetime) -> None:
        """Rules 1: forward only."""
        reject_if((now < self.now, OUT_OF_RANGE))
        self.now = now

    def run_job(self) -> None:
        """Rules 4.4 and 4.5: the pending actions that are due, by time, then by creation."""
        pending = [
            action
            for action in self.deferred_actions
            if action.state == PENDING and action.scheduled_for <= self.now
        ]
        for action in sorted(pending, key=lambda action: (action.scheduled_for, action.number)):
            self._execute(action.number)

    def _execute(self, number: int) -> None:
        """Rules 4.6 to 4.8: it becomes DONE or NOT_APPLICABLE, or FAILED without any effect."""
        action = self.deferred_actions[number - 1]
        closes = action.arguments.get("to") == CLOSED
        if self.find(action.target).status == CLOSED and not closes:
            action.state = NOT_APPLICABLE
            return
        if action.is_reactivation:
            self._execute_reactivation(action)
            return
        had = self.find(action.target).manual_hold
        arguments = (
            {"target": action.target, **action.arguments}
            if action.operation == "_set_status"
            else action.arguments
        )
        try:
            done = self.after(action.operation, **arguments)
        except RefusedError:
            action.state = FAILED
            return
        done.deferred_actions[number - 1].state = DONE
        done.events = [*self.events, *done.events]
        vars(self).update(vars(done))
        if action.pair is not None:
            now = self.find(action.target).manual_hold
            self.deferred_actions[action.pair - 1].manual_hold = None if now == had else now

    def _execute_reactivation(self, action: DeferredAction) -> None:
        """Rules 4.11: removes the hold of its inactivation; NOT_APPLICABLE if that hold is gone."""
        entity: HeldEntity = self.find(action.target)
        if action.manual_hold is None or action.manual_hold != entity.manual_hold:
            action.state = NOT_APPLICABLE
            return
        with self.change(entity):
            entity.holds[INACTIVE].discard(MANUAL)
        action.state = DONE
