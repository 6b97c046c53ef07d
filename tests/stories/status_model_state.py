"""The state of a model of rules 2, 3, 4 and 5, written from the rules and independent of Tenure.

An operation changes the state or raises `RefusedError` with the codes of the rules that it
breaks; if it breaks several, each code is a correct answer. All statuses are recomputed after
each change, because the model values simplicity over speed.

Where the rules leave a choice, the model and Tenure decide:

- A closed offer stays closed (2.5), and its holds never change again.
- PARENT holds are the smallest solution of 2.6: accounts that pay for each other in a circle do
  not hold each other forever, and an account that pays for its own bill unit does not hold itself.
- The setting of 2.12 applies to changes after it is set; existing ACCOUNT holds stay until they
  are removed. An offer of a service has the ACCOUNT holds of the service. An offer of the account
  follows the account independently of the setting.
- An offer cannot be purchased for a service or an account that is not active (6.8): NOT_ALLOWED.
- Parent and payer of a closed account can be changed immediately, but not deferred (NOT_ALLOWED).
  A deferred move of an account that is closed at its time is NOT_APPLICABLE (4.8).
- 'Those that the former parent paid' (5.2) are paid by any bill unit of the former parent, or by
  the payer of its default bill unit.
- A bill unit as its own payer is a CYCLE, also if another one pays for it (5.2).
- A deferred closing whose target is already closed for another reason adds its own hold (2.2).
- If reactivated services have the same former login, the first one gets it (3.3).
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

Target = tuple[str, int]  # ("service", 3) is the third service that was created.


class RefusedError(Exception):
    """The codes of the rules that an operation breaks."""

    def __init__(self, codes: set[str]) -> None:
        super().__init__(*sorted(codes))
        self.codes = codes


def reject_if(*rules: tuple[bool, str]) -> None:
    """Raises RefusedError with the codes of the rules whose condition is true."""
    if codes := {code for is_broken, code in rules if is_broken}:
        raise RefusedError(codes)


@dataclass(eq=False, kw_only=True)
class HeldEntity:
    """An entity with its holds: the causes of each effect."""

    kind: str = ""
    number: int
    holds: dict[str, set[str]] = field(default_factory=lambda: {INACTIVE: set(), CLOSED: set()})
    manual_hold: int | None = None  # The change that set the inactivating MANUAL hold (4.11).

    @property
    def status(self) -> str:
        """Rules 2.1: the strongest hold decides."""
        return CLOSED if self.holds[CLOSED] else INACTIVE if self.holds[INACTIVE] else ACTIVE

    def effects_of(self, cause: str) -> set[str]:
        """The effects of the holds of this cause."""
        return {effect for effect, causes in self.holds.items() if cause in causes}

    def set_holds(self, cause: str, effects: set[str]) -> None:
        """Replace the holds of this cause by holds with these effects."""
        for effect, causes in self.holds.items():
            (causes.add if effect in effects else causes.discard)(cause)


@dataclass(eq=False, kw_only=True)
class Account(HeldEntity):
    """An account, optionally below a parent."""

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
class Service(HeldEntity):
    """A service. After its login was rewritten, `login` is None, `former` the original login."""

    account: Account
    service_kind: str
    login: str | None
    former: str | None = None
    prefix: str | None = None


@dataclass(eq=False, kw_only=True)
class Offer(HeldEntity):
    """An offer of a service or of an account. `start` is its purchase, usage and cycle start."""

    account: Account
    service: Service | None
    start: datetime


@dataclass(frozen=True)
class StatusEvent:
    """A STATUS_CHANGE event. `requested` is false for the entities of the cascade."""

    kind: str
    number: int
    before: str
    after: str
    inactive: frozenset[str]
    closed: frozenset[str]
    cause: str
    requested: bool


@dataclass
class DeferredAction:
    """A deferred action: its operation with target and arguments."""

    number: int
    scheduled_for: datetime
    target: Target
    operation: str
    arguments: dict[str, Any]
    state: str = PENDING
    pair: int | None = None  # 4.11: the other one of an inactivation and its reactivation.
    manual_hold: int | None = None  # Of a reactivation: the hold that it removes.

    @property
    def is_reactivation(self) -> bool:
        """Rules 4.11: the reactivation that was scheduled with an inactivation."""
        return self.operation == "_reactivate"


@dataclass
class ModelState:
    """All entities, and the cascade of one change."""

    now: datetime
    services_may_stay_active: bool = False  # allowActiveServiceWithInactiveAccount
    offers_restart: bool = True  # changeStartTimeOnActivation
    closed_login_prefix: str | None = None
    accounts: list[Account] = field(default_factory=list)
    bill_units: list[BillUnit] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    events: list[StatusEvent] = field(default_factory=list)
    changes: int = 0

    @property
    def everything(self) -> list[HeldEntity]:
        """All entities with holds."""
        return [*self.accounts, *self.services, *self.offers]

    @contextmanager
    def change(self, requested: HeldEntity | None = None, cause: str = MANUAL) -> Iterator[None]:
        """Make the block one change: at its end the cascade is applied and events added (2.8)."""
        before = {entity: (entity.status, deepcopy(entity.holds)) for entity in self.everything}
        yield
        status_before = {entity: status for entity, (status, _) in before.items()}
        self.apply_parent_holds()
        self.apply_account_holds(status_before)
        self.restore_logins(status_before)
        self.rewrite_logins(status_before)
        self.apply_offer_holds(status_before)
        self.restart_offers(status_before)
        self.changes += 1
        for entity, (status, holds) in before.items():
            if MANUAL not in entity.holds[INACTIVE]:
                entity.manual_hold = None
            elif MANUAL not in holds[INACTIVE]:
                entity.manual_hold = self.changes
            if entity.holds != holds:
                self.events.append(
                    status_event(entity, status, cause if entity is requested else None)
                )

    def apply_parent_holds(self) -> None:
        """Rules 2.6: PARENT holds follow the payers. Starts without any, until nothing changes."""
        payers: dict[Account, set[Account]] = {account: set() for account in self.accounts}
        for unit in self.bill_units:
            if unit.payer is not None and unit.payer.account is not unit.account:
                payers[unit.account].add(unit.payer.account)
        for account in self.accounts:
            account.set_holds(PARENT, set())
        settled = False
        while not settled:
            settled = True
            for account in self.accounts:
                effects = {payer.status for payer in payers[account]} - {ACTIVE}
                if effects != account.effects_of(PARENT):
                    account.set_holds(PARENT, effects)
                    settled = False

    def apply_account_holds(self, before: dict[HeldEntity, str]) -> None:
        """Rules 2.3 and 2.12: ACCOUNT holds follow the account; the setting affects INACTIVE."""
        for service in self.services:
            status = service.account.status
            if status != before[service.account]:
                spared = status == INACTIVE and self.services_may_stay_active
                service.set_holds(ACCOUNT, set() if spared else {status})

    def restore_logins(self, before: dict[HeldEntity, str]) -> None:
        """Rules 3.3: a reopened service gets its login back; if it is taken, it stays closed."""
        for service in self.services:
            if before[service] == CLOSED != service.status and service.former is not None:
                if self.is_taken(service.service_kind, service.former, but=service):
                    service.holds[CLOSED] = {MANUAL}
                else:
                    service.login, service.former, service.prefix = service.former, None, None

    def rewrite_logins(self, before: dict[HeldEntity, str]) -> None:
        """Rules 3.2: closing rewrites the login if a prefix is set, which frees it."""
        if self.closed_login_prefix is None:
            return
        for service in self.services:
            if before[service] != CLOSED == service.status and service.login is not None:
                service.former, service.login, service.prefix = (
                    service.login,
                    None,
                    self.closed_login_prefix,
                )

    def apply_offer_holds(self, before: dict[HeldEntity, str]) -> None:
        """Rules 2.3 to 2.5: ACCOUNT and SERVICE holds from above; closed offers never change."""
        for offer in self.offers:
            if before[offer] == CLOSED:
                continue
            if offer.service is None:
                offer.set_holds(ACCOUNT, {offer.account.status})
            else:
                offer.set_holds(ACCOUNT, offer.service.effects_of(ACCOUNT))
                offer.set_holds(SERVICE, {offer.service.status})

    def restart_offers(self, before: dict[HeldEntity, str]) -> None:
        """Rules 2.13: a reactivated offer starts now, unless its start is in the future."""
        for offer in self.offers:
            comes_back = before[offer] != ACTIVE == offer.status
            if comes_back and self.offers_restart and offer.start <= self.now:
                offer.start = self.now

    def is_taken(self, service_kind: str, login: str, but: Service | None = None) -> bool:
        """Rules 3.1: unique per kind of service, ignoring case, including closed services."""
        others = (
            service
            for service in self.services
            if service.service_kind == service_kind and service is not but
        )
        return any(
            other.login is not None and other.login.lower() == login.lower() for other in others
        )


def status_event(entity: HeldEntity, before: str, cause: str | None) -> StatusEvent:
    """Rules 2.8: the event of an entity whose holds changed; a cascade has its own cause."""
    followed = (
        ACCOUNT
        if isinstance(entity, Offer) and entity.service is None
        else CASCADE_CAUSES[entity.kind]
    )
    return StatusEvent(
        kind=entity.kind,
        number=entity.number,
        before=before,
        after=entity.status,
        inactive=frozenset(entity.holds[INACTIVE]),
        closed=frozenset(entity.holds[CLOSED]),
        cause=cause or followed,
        requested=cause is not None,
    )


CASCADE_CAUSES = {"account": PARENT, "service": ACCOUNT, "offer": SERVICE}
