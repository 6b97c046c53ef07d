"""The hooks, their parameters and results, and the default behaviour as a plug-in (rules 9).

Parameters and results are frozen: a hook decides and changes nothing. If a hook returns None, the
next plug-in is called.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

import pluggy

from tenure.holds.models import Status
from tenure.kernel.settings import GatewaySettings

GROUP = "tenure"
policy = pluggy.HookimplMarker(GROUP)
_spec = pluggy.HookspecMarker(GROUP)


class Refusal(Exception):  # noqa: N818 - it is an answer
    """Raised by a plug-in to refuse. Any other exception refuses as well, and is logged."""


class PaymentOutcome(StrEnum):
    """The outcome of a payment (rules 7.2, 7.3). NO_ANSWER is not a failure, but unknown."""

    SUCCEEDED = "succeeded"
    INVALID_CARD = "invalid_card"
    EXPIRED = "expired"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    VALIDATION_FAILED = "validation_failed"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A charge. A gateway charges once per key, however often the request is repeated."""

    key: str
    token: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """The outcome of a request, the reference of the gateway, and its message (`words`)."""

    outcome: PaymentOutcome
    reference: str | None = None
    words: str | None = None


class Gateway(Protocol):
    """Charges payment methods. Called outside of transactions; the process can die during a call.

    The methods do not raise for the fate of a payment: an unknown outcome is NO_ANSWER.
    """

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """Charges. A repeated request with the same key returns the same answer."""

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """The answer to an earlier charge; None if the gateway does not know the key."""

    async def check(self) -> None:
        """Raises ConfigurationError if its configuration is invalid."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The current state of an account."""

    number: str
    name: str
    status: Status
    rank: str | None
    currency: str
    credit_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The current state of a service."""

    kind: str
    name: str
    login: str | None
    status: Status
    account: AccountFacts


@dataclass(frozen=True, slots=True)
class Entity:
    """The entity to change. `kind` is account, service or offer.

    `service_kind` and `login` are set for a service; `login` is the one before it was closed.
    """

    kind: str
    name: str
    status: Status
    account: AccountFacts
    service_kind: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of status, made by a user or (`deferred`) by a deferred action of a user.

    `login` is a new login for a service that is reopened.
    """

    to: Status
    actor: str
    effective_at: datetime
    deferred: bool
    reason: str | None = None
    note: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """Values that replace those of a change, unless None.

    `login` is possible if a service is closed or reopened.
    """

    reason: str | None = None
    note: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """A failed payment, and the setting `inactivateAfterDaysPastDue`."""

    outcome: PaymentOutcome
    amount: Decimal
    currency: str
    inactivate_after_days_past_due: int


@dataclass(frozen=True, slots=True)
class LimitEvent:
    """The event with which the balance reached the credit limit."""

    kind: str
    amount: Decimal
    balance: Decimal
    limit: Decimal
    currency: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """The DEBT hold to set on the account. Effect ACTIVE: none, and no other plug-in is called."""

    effect: Status


@dataclass(frozen=True, slots=True)
class Denial:
    """The reason why usage is denied."""

    reason: str


class Hooks:
    """The hooks. With `firstresult`, plug-ins are called until one returns a result."""

    @_spec(firstresult=True)
    def payment_failed(
        self, account: AccountFacts, result: PaymentResult, days_past_due: int
    ) -> Hold | None:
        """The hold that a failed payment sets on the account, if any."""

    @_spec(firstresult=True)
    def credit_limit_reached(self, account: AccountFacts, event: LimitEvent) -> Hold | None:
        """The hold that is set when the account reaches its credit limit, if any."""

    @_spec(firstresult=True)
    def authorize(self, service: ServiceFacts, amount: Decimal) -> Denial | None:
        """Denies usage that the rules allow."""

    @_spec(firstresult=True)
    def payment_gateway(
        self, settings: GatewaySettings
    ) -> AbstractAsyncContextManager[Gateway] | None:
        """Opens the gateway that TENURE_GATEWAY names; None if it is not of this plug-in."""

    @_spec
    def prepare_status_change(self, entity: Entity, change: StatusChange) -> Amendment | None:
        """Amends a change before it is made, or raises to refuse it. All plug-ins are called."""


class Defaults:
    """The default behaviour. It does not prepare status changes, so their facts are not read."""

    @policy(trylast=True)
    def payment_failed(
        self, account: AccountFacts, result: PaymentResult, days_past_due: int
    ) -> Hold | None:
        """Rules 7.3: an invalid or expired card, or a failed validation if long past due."""
        long_past_due = days_past_due >= result.inactivate_after_days_past_due
        sets_hold = {
            PaymentOutcome.INVALID_CARD: True,
            PaymentOutcome.EXPIRED: True,
            PaymentOutcome.VALIDATION_FAILED: long_past_due,
        }
        return Hold(Status.INACTIVE) if sets_hold.get(result.outcome, False) else None

    @policy(trylast=True)
    def credit_limit_reached(self, account: AccountFacts, event: LimitEvent) -> Hold | None:
        """Rules 7.5: no change of status."""
        return None

    @policy(trylast=True)
    def authorize(self, service: ServiceFacts, amount: Decimal) -> Denial | None:
        """Rules 7.5: no denial beyond the rules."""
        return None


def merged(answers: list[Amendment]) -> Amendment:
    """For each field the first value that is not None, in the order of the calls."""
    return Amendment(
        reason=next((it.reason for it in answers if it.reason is not None), None),
        note=next((it.note for it in answers if it.note is not None), None),
        login=next((it.login for it in answers if it.login is not None), None),
    )
