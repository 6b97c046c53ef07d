"""The hook points, the facts that hooks are given, what they may answer, and today's behaviour as a plug-in (rules 9).

Facts and answers are frozen: a hook decides, it changes nothing. None means no opinion: the next plug-in is asked.
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
    """A plug-in raises it to refuse. Any other exception refuses as well, and is logged as the fault that it is."""


class PaymentOutcome(StrEnum):
    """What came of asking for money (rules 7.2 and 7.3). No answer is not a failure: nobody knows yet."""

    SUCCEEDED = "succeeded"
    INVALID_CARD = "invalid_card"
    EXPIRED = "expired"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    VALIDATION_FAILED = "validation_failed"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Money that a gateway is asked for. The same key means the same money: it is taken once, however often it is asked."""

    key: str
    token: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """What became of it; by which reference the gateway knows it, and its words for a person, where it gave them."""

    outcome: PaymentOutcome
    reference: str | None = None
    words: str | None = None


class Gateway(Protocol):
    """Who takes the money. It is called outside of any transaction, and may be killed in the middle of a call.

    Neither call raises for what happens to a payment: what is not known is NO_ANSWER.
    """

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """Take the money. Asked again with the same key it takes nothing more, and answers as before."""

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """What became of a charge whose answer was not heard; takes nothing. None where it never heard of the key."""

    async def check(self) -> None:
        """Raises ConfigurationError where it cannot work as it is set up."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """A customer, as it stands."""

    number: str
    name: str
    status: Status
    rank: str | None
    currency: str
    credit_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service of an account, as it stands."""

    kind: str
    name: str
    login: str | None
    status: Status
    account: AccountFacts


@dataclass(frozen=True, slots=True)
class Entity:
    """What is to change: an account, or an asset of one. `kind` is account, service or offer.

    `service_kind` and `login` are a service's; the login is the one that the customer used before it was closed.
    """

    kind: str
    name: str
    status: Status
    account: AccountFacts
    service_kind: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of status by hand, or by a deferred action that somebody asked for (`deferred`).

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
    """What a plug-in changes of a change; None leaves it as it is. A login only where a service is closed or reopened."""

    reason: str | None = None
    note: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """A payment that failed, and after how many days past due the business lets a failed validation count."""

    outcome: PaymentOutcome
    amount: Decimal
    currency: str
    inactivate_after_days_past_due: int


@dataclass(frozen=True, slots=True)
class LimitEvent:
    """The event by which the balance reached the credit limit."""

    kind: str
    amount: Decimal
    balance: Decimal
    limit: Decimal
    currency: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """The DEBT hold to put on the account; with effect ACTIVE none, whatever others would say."""

    effect: Status


@dataclass(frozen=True, slots=True)
class Denial:
    """The usage is denied, and why."""

    reason: str


class Hooks:
    """The hook points. Where one answer counts, the plug-ins are asked until one has an opinion, the default last."""

    @_spec(firstresult=True)
    def payment_failed(
        self, account: AccountFacts, result: PaymentResult, days_past_due: int
    ) -> Hold | None:
        """Which hold a failed payment puts on the account, if any."""

    @_spec(firstresult=True)
    def credit_limit_reached(self, account: AccountFacts, event: LimitEvent) -> Hold | None:
        """Which hold reaching the credit limit puts on the account, if any."""

    @_spec(firstresult=True)
    def authorize(self, service: ServiceFacts, amount: Decimal) -> Denial | None:
        """Deny usage that the rules would allow."""

    @_spec(firstresult=True)
    def payment_gateway(
        self, settings: GatewaySettings
    ) -> AbstractAsyncContextManager[Gateway] | None:
        """Open the gateway that TENURE_GATEWAY names; None where it is not this plug-in's."""

    @_spec
    def prepare_status_change(self, entity: Entity, change: StatusChange) -> Amendment | None:
        """Amend a change before it is made, or refuse it by raising. Every plug-in is asked: each may refuse."""


class Defaults:
    """The behaviour without any other plug-in. It prepares no change of status, so that none costs anything."""

    @policy(trylast=True)
    def payment_failed(
        self, account: AccountFacts, result: PaymentResult, days_past_due: int
    ) -> Hold | None:
        """Rules 7.3: a card that is not valid, or a validation that fails when something is long past due."""
        long_past_due = days_past_due >= result.inactivate_after_days_past_due
        held = {
            PaymentOutcome.INVALID_CARD: True,
            PaymentOutcome.EXPIRED: True,
            PaymentOutcome.VALIDATION_FAILED: long_past_due,
        }
        return Hold(Status.INACTIVE) if held.get(result.outcome, False) else None

    @policy(trylast=True)
    def credit_limit_reached(self, account: AccountFacts, event: LimitEvent) -> Hold | None:
        """Rules 7.5: it changes no status."""
        return None

    @policy(trylast=True)
    def authorize(self, service: ServiceFacts, amount: Decimal) -> Denial | None:
        """Rules 7.5 say when usage is denied; no denial beyond that."""
        return None


def merged(answers: list[Amendment]) -> Amendment:
    """Of each field the first answer that says anything: that of the plug-in that was asked first."""
    return Amendment(
        reason=next((it.reason for it in answers if it.reason is not None), None),
        note=next((it.note for it in answers if it.note is not None), None),
        login=next((it.login for it in answers if it.login is not None), None),
    )
