"""Who stands how, and why: rules 2, 3, 4 and 5 in plain Python, written from the rules and from nothing of the program.

A `World` is the whole business at one instant. A verb changes it, or raises `RefusedError` with the codes of the rules that
it breaks: where it breaks several at once, each of them is a right answer. Everything is worked out for everybody after
each change; nothing here is fast, and nothing is clever.

Where the rules leave a choice, the house reads them so:

- A closed offer is closed for good (2.5): its holds never change again either.
- PARENT holds are the least solution of 2.6: accounts that pay for each other in a circle do not hold each other for
  ever, and an account that pays for a bill unit of its own does not hold itself.
- The setting of 2.12 governs changes of the account from the moment it is set; ACCOUNT holds that are there stay until
  they are lifted. An offer of a service carries the ACCOUNT holds that its service carries; an offer of the account
  itself follows the account whatever the setting says.
- Nothing can be bought for a service that is not active, as for an account that is not (6.8): NOT_ALLOWED.
- Moves and payers of a closed account can be changed by hand, but nothing is put off for it (NOT_ALLOWED), and a move
  of an account that is closed when its time has come is NOT_APPLICABLE (4.8).
- 'Those that the former parent paid' (5.2) are paid by any bill unit of the former parent, or by the one that pays for
  the former parent's default bill unit.
- A bill unit that is named as its own payer is a CYCLE, also where another one pays for it (5.2).
- A closing that was put off and finds its target closed for another reason adds its own hold, as by hand (2.2).
- Of services that come back together and want the same login, the first one gets it (3.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ACTIVE, INACTIVE, CLOSED = "ACTIVE", "INACTIVE", "CLOSED"
MANUAL, DEBT, PARENT, ACCOUNT, SERVICE = "MANUAL", "DEBT", "PARENT", "ACCOUNT", "SERVICE"
INVALID, NOT_ALLOWED, TAKEN, CYCLE = "INVALID", "NOT_ALLOWED", "TAKEN", "CYCLE"
CLOSED_IS_FINAL, OUT_OF_RANGE = "CLOSED_IS_FINAL", "OUT_OF_RANGE"
PENDING, DONE, FAILED, NOT_APPLICABLE, CANCELLED = (
    "PENDING",
    "DONE",
    "FAILED",
    "NOT_APPLICABLE",
    "CANCELLED",
)

Target = tuple[str, int]  # ("service", 3) is the third service that there ever was.


class RefusedError(Exception):
    """The codes of the rules that a verb breaks."""

    def __init__(self, codes: set[str]) -> None:
        super().__init__(*sorted(codes))
        self.codes = codes


def refuse(*rules: tuple[bool, str]) -> None:
    """Raises RefusedError with the codes of those rules that are broken."""
    if codes := {code for is_broken, code in rules if is_broken}:
        raise RefusedError(codes)


@dataclass(eq=False, kw_only=True)
class Held:
    """An entity with holds: for each effect the causes."""

    kind: str = ""
    number: int
    holds: dict[str, set[str]] = field(default_factory=lambda: {INACTIVE: set(), CLOSED: set()})
    manual_hold: int | None = None  # Which change set the inactivating MANUAL hold (4.11).

    @property
    def status(self) -> str:
        """2.1: it follows from the holds."""
        return CLOSED if self.holds[CLOSED] else INACTIVE if self.holds[INACTIVE] else ACTIVE

    def effects_of(self, cause: str) -> set[str]:
        """The effects of the holds of this cause."""
        return {effect for effect, causes in self.holds.items() if cause in causes}

    def let_hold(self, cause: str, effects: set[str]) -> None:
        """The holds of this cause are of exactly these effects from now on."""
        for effect, causes in self.holds.items():
            (causes.add if effect in effects else causes.discard)(cause)


@dataclass(eq=False, kw_only=True)
class Account(Held):
    """A customer."""

    currency: str
    parent: Account | None = None


@dataclass(eq=False, kw_only=True)
class BillUnit:
    """Pays for itself, or is paid by `payer`."""

    number: int
    account: Account
    is_default: bool
    day: int
    payer: BillUnit | None = None


@dataclass(eq=False, kw_only=True)
class Service(Held):
    """`former` is the login that closing rewrote, `prefix` what it was rewritten with; `login` is None then."""

    account: Account
    sort: str
    login: str | None
    former: str | None = None
    prefix: str | None = None


@dataclass(eq=False, kw_only=True)
class Offer(Held):
    """Bought for a service, or for the account itself. `start` is its purchase, usage and cycle start."""

    account: Account
    service: Service | None
    start: datetime


@dataclass(frozen=True)
class Told:
    """A STATUS_CHANGE event. `by_hand` is true for what was itself changed, false for what followed."""

    kind: str
    number: int
    before: str
    after: str
    inactive: frozenset[str]
    closed: frozenset[str]
    cause: str
    by_hand: bool


@dataclass
class Promise:
    """A deferred action: its verb of the world, what it is about, and what it was asked with."""

    number: int
    due: datetime
    target: Target
    verb: str
    wording: dict[str, Any]
    state: str = PENDING
    pair: int | None = None  # 4.11: the inactivation of a return, or the return of an inactivation.
    manual_hold: int | None = None  # Of a return: which hold it lifts.

    @property
    def is_return(self) -> bool:
        """4.11: the reactivation that was promised with an inactivation."""
        return self.verb == "_return"


@dataclass
class Standing:
    """Everybody's standing, and how one change of it settles."""

    now: datetime
    services_may_stay_active: bool = False  # allowActiveServiceWithInactiveAccount
    offers_start_anew: bool = True  # changeStartTimeOnActivation
    closed_login_prefix: str | None = None
    accounts: list[Account] = field(default_factory=list)
    bill_units: list[BillUnit] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    changes: int = 0

    @property
    def everything(self) -> list[Held]:
        """All that can be held."""
        return [*self.accounts, *self.services, *self.offers]

    @contextmanager
    def change(self, by_hand: Held | None = None, cause: str = MANUAL) -> Iterator[None]:
        """What is changed in the block is one change, with all that follows from it and all its events (2.8)."""
        before = {entity: (entity.status, deepcopy(entity.holds)) for entity in self.everything}
        yield
        status_before = {entity: status for entity, (status, _) in before.items()}
        self.hold_the_paid()
        self.hold_the_services(status_before)
        self.give_logins_back(status_before)
        self.give_logins_up(status_before)
        self.hold_the_offers(status_before)
        self.start_offers_anew(status_before)
        self.changes += 1
        for entity, (status, holds) in before.items():
            if MANUAL not in entity.holds[INACTIVE]:
                entity.manual_hold = None
            elif MANUAL not in holds[INACTIVE]:
                entity.manual_hold = self.changes
            if entity.holds != holds:
                self.told.append(told(entity, status, cause if entity is by_hand else None))

    def hold_the_paid(self) -> None:
        """2.6: PARENT by the status of each account that pays. Begun with nobody held, until nothing changes."""
        payers: dict[Account, set[Account]] = {account: set() for account in self.accounts}
        for unit in self.bill_units:
            if unit.payer is not None and unit.payer.account is not unit.account:
                payers[unit.account].add(unit.payer.account)
        for account in self.accounts:
            account.let_hold(PARENT, set())
        settled = False
        while not settled:
            settled = True
            for account in self.accounts:
                effects = {payer.status for payer in payers[account]} - {ACTIVE}
                if effects != account.effects_of(PARENT):
                    account.let_hold(PARENT, effects)
                    settled = False

    def hold_the_services(self, before: dict[Held, str]) -> None:
        """2.3: ACCOUNT by the account's status; 2.12: inactivating may leave services alone, closing never does."""
        for service in self.services:
            status = service.account.status
            if status != before[service.account]:
                spared = status == INACTIVE and self.services_may_stay_active
                service.let_hold(ACCOUNT, set() if spared else {status})

    def give_logins_back(self, before: dict[Held, str]) -> None:
        """3.3: what is reopened gets its login back; where it has been taken since, it stays closed, by MANUAL."""
        for service in self.services:
            if before[service] == CLOSED != service.status and service.former is not None:
                if self.is_taken(service.sort, service.former, but=service):
                    service.holds[CLOSED] = {MANUAL}
                else:
                    service.login, service.former, service.prefix = service.former, None, None

    def give_logins_up(self, before: dict[Held, str]) -> None:
        """3.2: closing rewrites the login where a prefix is set, and it is free again."""
        if self.closed_login_prefix is None:
            return
        for service in self.services:
            if before[service] != CLOSED == service.status and service.login is not None:
                service.former, service.login, service.prefix = (
                    service.login,
                    None,
                    self.closed_login_prefix,
                )

    def hold_the_offers(self, before: dict[Held, str]) -> None:
        """2.3 and 2.4: ACCOUNT and SERVICE from above; 2.5: what was closed stays as it is."""
        for offer in self.offers:
            if before[offer] == CLOSED:
                continue
            if offer.service is None:
                offer.let_hold(ACCOUNT, {offer.account.status})
            else:
                offer.let_hold(ACCOUNT, offer.service.effects_of(ACCOUNT))
                offer.let_hold(SERVICE, {offer.service.status})

    def start_offers_anew(self, before: dict[Held, str]) -> None:
        """2.13: an offer that becomes active again starts at that moment, unless its start still lies ahead."""
        for offer in self.offers:
            comes_back = before[offer] != ACTIVE == offer.status
            if comes_back and self.offers_start_anew and offer.start <= self.now:
                offer.start = self.now

    def is_taken(self, sort: str, login: str, but: Service | None = None) -> bool:
        """3.1: unique within the kind of service, upper and lower case alike; a closed service's stays taken (3.2)."""
        others = (
            service for service in self.services if service.sort == sort and service is not but
        )
        return any(
            other.login is not None and other.login.lower() == login.lower() for other in others
        )


def told(entity: Held, before: str, cause: str | None) -> Told:
    """2.8: the event of an entity whose holds changed. What followed bears the cause that it followed."""
    followed = (
        ACCOUNT if isinstance(entity, Offer) and entity.service is None else FOLLOWING[entity.kind]
    )
    return Told(
        kind=entity.kind,
        number=entity.number,
        before=before,
        after=entity.status,
        inactive=frozenset(entity.holds[INACTIVE]),
        closed=frozenset(entity.holds[CLOSED]),
        cause=cause or followed,
        by_hand=cause is not None,
    )


FOLLOWING = {"account": PARENT, "service": ACCOUNT, "offer": SERVICE}
