"""What people do to the world of `standing_model`, now or later: rules 2.2, 2.9 to 2.12, 3, 4, 5 and 6.8."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.stories.standing_model import (
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
    Held,
    Offer,
    Promise,
    RefusedError,
    Service,
    Standing,
    Target,
    refuse,
)


@dataclass
class World(Standing):
    """The verbs. Entities are named by their numbers, 1 for the first of each kind."""

    promises: list[Promise] = field(default_factory=list)

    def after(self, verb: str, **wording: Any) -> World:
        """The world in which this has been done, with the events of just that. Raises RefusedError; this one stays."""
        world = deepcopy(self)
        world.told = []
        getattr(world, verb)(**wording)
        return world

    def nothing(self) -> None:
        """Nothing happens."""

    def find(self, target: Target) -> Any:
        """The account, service or offer."""
        kind, number = target
        return {"account": self.accounts, "service": self.services, "offer": self.offers}[kind][
            number - 1
        ]

    # Customers and what they have

    def create_account(
        self, *, currency: str, day: int, parent: int | None = None, parent_pays: bool = False
    ) -> None:
        """An account with its default bill unit; where a parent is given it is put below it at once."""
        account = Account(kind="account", number=len(self.accounts) + 1, currency=currency)
        self.accounts.append(account)
        self.bill_units.append(
            BillUnit(number=len(self.bill_units) + 1, account=account, is_default=True, day=day)
        )
        if parent is not None:
            self._move(account.number, parent, parent_pays)

    def add_service(
        self, *, account: int, sort: str, login: str | None, with_offer: bool = False
    ) -> None:
        """6.8 and 3.1."""
        owner = self.accounts[account - 1]
        refuse(
            (owner.status != ACTIVE, NOT_ALLOWED),
            (login is not None and self.is_taken(sort, login), TAKEN),
        )
        service = Service(
            kind="service", number=len(self.services) + 1, account=owner, sort=sort, login=login
        )
        self.services.append(service)
        if with_offer:
            self.buy(account=account, service=service.number, start=self.now)

    def buy(self, *, account: int, service: int | None, start: datetime) -> None:
        """6.8, for a service of the account or for the account itself, from now on or from a later time."""
        owner, bought_for = (
            self.accounts[account - 1],
            None if service is None else self.services[service - 1],
        )
        refuse(
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
        self, *, services_may_stay_active: bool, offers_start_anew: bool, prefix: str | None
    ) -> None:
        """2.12, 2.13 and 3.2: from now on."""
        self.services_may_stay_active, self.offers_start_anew = (
            services_may_stay_active,
            offers_start_anew,
        )
        self.closed_login_prefix = prefix

    def hold_for_debt(self, *, account: int, effect: str) -> None:
        """A payment failed, or is overdue (7.3)."""
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
        """By hand, now (2.2) or later (4.2), and with a time at which it comes back (2.10)."""
        entity: Held = self.find(target)
        is_closed = entity.status == CLOSED
        reopens_service = entity.kind == "service" and is_closed and to == ACTIVE
        refuse((login is not None and not reopens_service, INVALID))
        refuse(
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
            refuse(
                (is_closed and to == ACTIVE, CLOSED_IS_FINAL),
                (is_closed and to == INACTIVE, NOT_ALLOWED),
            )
            self._promise(defer_until, target, "_set_status", to=to)
        if reactivate_on is not None:
            self._promise(reactivate_on, target, "_return")
            back = self.promises[-1]
            if defer_until is None:
                back.manual_hold = entity.manual_hold
            else:
                back.pair, self.promises[-2].pair = back.number - 1, back.number

    def _set_status(self, target: Target, to: str, login: str | None = None) -> None:
        """2.2: INACTIVE and CLOSED add a MANUAL hold, ACTIVE lifts what was laid by hand or for a debt."""
        entity: Held = self.find(target)
        if to == ACTIVE:
            self._activate(entity, login)
            return
        refuse((to == INACTIVE and entity.status == CLOSED, NOT_ALLOWED))
        if entity.kind == "offer" and entity.status == CLOSED:
            return
        with self.change(entity):
            entity.holds[to].add(MANUAL)

    def _activate(self, entity: Held, login: str | None) -> None:
        if entity.status == ACTIVE:
            return
        refuse((entity.kind == "offer" and entity.status == CLOSED, NOT_ALLOWED))  # 2.5
        with self.change(entity):
            entity.let_hold(MANUAL, set())
            entity.let_hold(DEBT, set())
            if isinstance(entity, Service):
                self._activate_service(entity, login)
        refuse((entity.status != ACTIVE, NOT_ALLOWED))  # 2.2: other causes still hold it

    def _activate_service(self, service: Service, login: str | None) -> None:
        """2.12, and 3.3: reopening finds its login free, or brings a new one."""
        refuse(
            (service.account.status != ACTIVE and not self.services_may_stay_active, NOT_ALLOWED)
        )
        if self.services_may_stay_active:
            service.holds[INACTIVE].discard(ACCOUNT)
        wanted = login or service.former
        is_taken = wanted is not None and self.is_taken(service.sort, wanted, but=service)
        refuse((service.status != ACTIVE, NOT_ALLOWED), (is_taken, TAKEN))
        service.former = wanted

    # Who belongs to whom, and who pays

    def move(
        self,
        *,
        account: int,
        parent: int | None,
        parent_pays: bool,
        stay: bool,
        defer_until: datetime | None = None,
    ) -> None:
        """5.1 and 5.2, now or later. With `stay` the account's children stay behind, with its former parent."""
        if defer_until is None:
            self._move(account, parent, parent_pays, stay)
            return
        self.after("_move", account=account, parent=parent, parent_pays=parent_pays, stay=stay)
        refuse(
            (self.accounts[account - 1].status == CLOSED, NOT_ALLOWED),
            (defer_until <= self.now, OUT_OF_RANGE),
        )
        wording = {"account": account, "parent": parent, "parent_pays": parent_pays, "stay": stay}
        self._promise(defer_until, ("account", account), "_move", **wording)

    def _move(
        self, account: int, parent: int | None, parent_pays: bool, stay: bool = False
    ) -> None:
        moved, former = self.accounts[account - 1], self.accounts[account - 1].parent
        below = None if parent is None else self.accounts[parent - 1]
        refuse((below is moved or (below in self._below(moved) and not stay), CYCLE))
        refuse((parent_pays and below is None, INVALID))
        own = [unit for unit in self.bill_units if unit.account is moved]
        payer = self.default_of(below) if below and parent_pays else None
        if payer is not None:
            refuse((payer.account.status == CLOSED, NOT_ALLOWED), *self._against_paying(payer, own))
        with self.change():
            if stay:
                for child in self.accounts:
                    child.parent = former if child.parent is moved else child.parent
            moved.parent = below
            if payer is not None:
                self._let_pay(payer, own)
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
        """5.4 and 6.8: a further one, which pays for itself or is paid by any other."""
        owner = self.accounts[account - 1]
        refuse((owner.status != ACTIVE, NOT_ALLOWED))
        day = self.default_of(owner).day
        added = BillUnit(number=len(self.bill_units) + 1, account=owner, is_default=False, day=day)
        self.bill_units.append(added)
        if payer is not None:
            self.change_payer(bill_unit=added.number, payer=payer)

    def change_payer(self, *, bill_unit: int, payer: int | None) -> None:
        """5.4: another bill unit pays from now on, or it pays for itself."""
        unit = self.bill_units[bill_unit - 1]
        if payer is not None:
            refuse(
                (payer == bill_unit, CYCLE),
                *self._against_paying(self.bill_units[payer - 1], [unit]),
            )
        with self.change():
            if payer is None:
                unit.payer = None
            else:
                self._let_pay(self.bill_units[payer - 1], [unit])

    def _against_paying(self, payer: BillUnit, paid: list[BillUnit]) -> list[tuple[bool, str]]:
        """5.2, of the one that pays in the end: not for itself, in the same currency, and not closed."""
        last = payer.payer or payer
        return [
            (last in paid, CYCLE),
            (any(last.account.currency != unit.account.currency for unit in paid), INVALID),
            (last.account.status == CLOSED, NOT_ALLOWED),
        ]

    def _let_pay(self, payer: BillUnit, paid: list[BillUnit]) -> None:
        """5.2: who pays is always paying itself, and those that the paid ones paid for pass to the new payer."""
        last = payer.payer or payer
        for unit in self.bill_units:
            if unit in paid or unit.payer in paid:
                unit.payer, unit.day = last, last.day

    def default_of(self, account: Account) -> BillUnit:
        """The account's default bill unit."""
        return next(unit for unit in self.bill_units if unit.account is account and unit.is_default)

    # Promises, and the clock

    def _promise(self, due: datetime, target: Target, verb: str, **wording: Any) -> None:
        self.promises.append(Promise(len(self.promises) + 1, due, target, verb, wording))

    def cancel(self, *, promise: int) -> None:
        """4.3: while it is pending."""
        found = self.promises[promise - 1]
        refuse((found.state != PENDING, NOT_ALLOWED))
        found.state = CANCELLED
        other = self._other(found)
        if other is not None and other.is_return and other.state == PENDING:
            other.state = CANCELLED

    def reschedule(self, *, promise: int, due: datetime) -> None:
        """4.3: also one that failed, which is pending again."""
        found = self.promises[promise - 1]
        refuse((found.state not in (PENDING, FAILED), NOT_ALLOWED), (due <= self.now, OUT_OF_RANGE))
        other = self._other(found)
        if other is not None and other.state != CANCELLED:
            behind_its_return = not found.is_return and due >= other.due
            before_it = found.is_return and other.state != DONE and due <= other.due
            refuse((behind_its_return or before_it, OUT_OF_RANGE))
        found.due, found.state = due, PENDING

    def run_now(self, *, promise: int) -> None:
        """4.3: whatever its time; 4.11: a return not before its inactivation, nor that one after its return."""
        found = self.promises[promise - 1]
        refuse((found.state not in (PENDING, FAILED), NOT_ALLOWED))
        other = self._other(found)
        if other is not None and other.state != CANCELLED:
            refuse((found.is_return and other.state != DONE, NOT_ALLOWED))
            refuse((not found.is_return and other.due <= self.now, NOT_ALLOWED))
        self._keep(promise)

    def _other(self, promise: Promise) -> Promise | None:
        return None if promise.pair is None else self.promises[promise.pair - 1]

    def set_clock(self, *, now: datetime) -> None:
        """1: forward only."""
        refuse((now < self.now, OUT_OF_RANGE))
        self.now = now

    def run_job(self) -> None:
        """4.4 and 4.5: all that is due, by time and then by creation, one after the other."""
        due = [
            promise
            for promise in self.promises
            if promise.state == PENDING and promise.due <= self.now
        ]
        for promise in sorted(due, key=lambda promise: (promise.due, promise.number)):
            self._keep(promise.number)

    def _keep(self, number: int) -> None:
        """4.6 to 4.8: it is done, or it has become pointless, or it fails and leaves nothing behind."""
        promise = self.promises[number - 1]
        closes = promise.wording.get("to") == CLOSED
        if self.find(promise.target).status == CLOSED and not closes:
            promise.state = NOT_APPLICABLE
            return
        if promise.is_return:
            self._keep_return(promise)
            return
        had = self.find(promise.target).manual_hold
        wording = (
            {"target": promise.target, **promise.wording}
            if promise.verb == "_set_status"
            else promise.wording
        )
        try:
            done = self.after(promise.verb, **wording)
        except RefusedError:
            promise.state = FAILED
            return
        done.promises[number - 1].state = DONE
        done.told = [*self.told, *done.told]
        vars(self).update(vars(done))
        if promise.pair is not None:
            now = self.find(promise.target).manual_hold
            self.promises[promise.pair - 1].manual_hold = None if now == had else now

    def _keep_return(self, promise: Promise) -> None:
        """4.11: the hold of its inactivation goes, and no other; it is pointless where that hold is not there."""
        entity: Held = self.find(promise.target)
        if promise.manual_hold is None or promise.manual_hold != entity.manual_hold:
            promise.state = NOT_APPLICABLE
            return
        with self.change(entity):
            entity.holds[INACTIVE].discard(MANUAL)
        promise.state = DONE
