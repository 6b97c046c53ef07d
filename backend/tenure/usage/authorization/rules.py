"""Whether a service may be used (rules 7.5), as pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tenure.holds.models import Status
from tenure.policies.rules import ServiceFacts

ZERO = Decimal(0)


class DenialReason(StrEnum):
    """Why a service may not be used, in the order of the checks.

    A policy may return a reason of its own.
    """

    UNKNOWN_LOGIN = "UNKNOWN_LOGIN"
    ACCOUNT_NOT_ACTIVE = "ACCOUNT_NOT_ACTIVE"
    SERVICE_NOT_ACTIVE = "SERVICE_NOT_ACTIVE"
    CREDIT_LIMIT_REACHED = "CREDIT_LIMIT_REACHED"


@dataclass(frozen=True, slots=True)
class Authorization:
    """Whether a service may be used, else the first reason.

    `available` is the rest of the credit limit.
    """

    authorized: bool
    denial: str | None = None
    service_id: int | None = None
    available: Decimal | None = None
    currency: str | None = None


def available_credit(limits: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    """The smallest remainder of these limits, each with its balance; None without limits."""
    left = [max(limit - balance, ZERO) for limit, balance in limits if limit is not None]
    return min(left) if left else None


def denial_reason(
    service: ServiceFacts, available: Decimal | None, amount: Decimal
) -> DenialReason | None:
    """The first reason to deny the use of a service (rules 7.5)."""
    if service.account.status is not Status.ACTIVE:
        return DenialReason.ACCOUNT_NOT_ACTIVE
    if service.status is not Status.ACTIVE:
        return DenialReason.SERVICE_NOT_ACTIVE
    if available is not None and (available == ZERO or amount > available):
        return DenialReason.CREDIT_LIMIT_REACHED
    return None
