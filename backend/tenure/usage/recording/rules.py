"""Validation of usage lines, and the offers that rate them (rules 6.4), as pure functions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from tenure.activity.rules import Interval, is_within
from tenure.assets.rules import exact_key
from tenure.billing.bills.rules import Charge
from tenure.billing.charges.rules import amount_text, percent_text
from tenure.billing.rating.rules import ItemKey, Price, RemainderKey, Remainders, price_usage
from tenure.catalog.rules import LONGEST_KIND
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import (
    LARGEST_NOTE,
    excerpt,
    kind_key,
    login_key,
    optional_text,
    required_text,
)
from tenure.policies.rules import AccountFacts

# A kind of service, and a login in its normalized form (rules 3.1).
LoginKey: TypeAlias = tuple[str, str]

LONGEST_UNIT = 32
ZERO = Decimal(0)


@dataclass(frozen=True)
class UsageLine:
    """One measured use of a service. A reference of a service is rated once."""

    service_kind: str
    login: str
    quantity: Decimal
    unit: str
    occurred_at: datetime
    reference: str
    description: str | None = None

    @cached_property
    def login_key(self) -> LoginKey:
        """The key that finds its service (rules 3.1)."""
        return kind_key(self.service_kind), login_key(self.login)

    @cached_property
    def exact_key(self) -> LoginKey:
        """The key for an ambiguous login (see `assets.rules.exact_key`)."""
        return kind_key(self.service_kind), exact_key(self.service_kind, self.login)


@dataclass(frozen=True, slots=True)
class EarlierUsage:
    """The event of rated usage, with the content of its line."""

    event_id: int
    quantity: Decimal
    unit: str
    rate: Decimal
    currency: str
    occurred_at: datetime
    description: str

    def is_of(self, line: UsageLine) -> bool:
        """True if the line has the same content."""
        said = (
            line.quantity,
            line.unit,
            line.occurred_at,
            description_of(line, self.rate, self.currency),
        )
        return said == (self.quantity, self.unit, self.occurred_at, self.description)


@dataclass(frozen=True, slots=True)
class RecordedUsage:
    """The event of a usage line; `is_duplicate` if its reference was rated before."""

    event_id: int
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """Since when there is a service or an offer, and when it was active.

    `inactive` is None where its status has not changed since the earliest usage in question.
    """

    since: datetime
    status: Status
    inactive: Sequence[Interval] | None = None

    def was_active(self, at: datetime) -> bool:
        """The status at that instant as all recorded changes tell it, backdated ones too."""
        if self.inactive is None:
            return self.since <= at and self.status is Status.ACTIVE
        return self.since <= at and not is_within(at, self.inactive)


@dataclass(frozen=True, slots=True)
class UsedService:
    """A service and its account."""

    id: int
    account_id: int
    bill_unit_id: int
    history: StatusHistory
    account: AccountFacts


@dataclass(frozen=True, slots=True)
class UsageOffer:
    """A purchased offer that concerns usage: a charge offer has a rate and its unit, a discount
    has per cent.
    """

    id: int
    name: str
    account_id: int
    service_id: int | None
    rate: Decimal | None
    unit: str | None
    percent_off: Decimal | None
    history: StatusHistory

    def was_active(self, at: datetime) -> bool:
        """True if it was active at that time."""
        return self.history.was_active(at)


def checked_line(line: UsageLine, now: datetime) -> UsageLine:
    """The trimmed line.

    Raises REQUIRED, INVALID or OUT_OF_RANGE for errors that need no database.
    """
    if checked(line.quantity, path=("quantity",)) <= ZERO:
        raise TenureError(ErrorCode.OUT_OF_RANGE, "Enter a quantity greater than 0.", ("quantity",))
    if line.occurred_at > now:
        message = f"Usage can't be in the future. It is {now:%Y-%m-%d %H:%M:%S} UTC now."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("occurred_at",))
    return UsageLine(
        required_text(line.service_kind, path="service_kind", longest=LONGEST_KIND),
        required_text(line.login, path="login"),
        line.quantity,
        required_text(line.unit, path="unit", longest=LONGEST_UNIT),
        line.occurred_at,
        required_text(line.reference, path="reference"),
        optional_text(line.description, path="description", longest=LARGEST_NOTE),
    )


def used_service(services: Sequence[UsedService], line: UsageLine) -> UsedService:
    """Of the services that have or had the login, the one that was active at the time of use (rules
    6.4).

    Raises NOT_FOUND if there is none, NOT_ALLOWED if none was active.
    """
    if not services:
        raise TenureError(
            ErrorCode.NOT_FOUND,
            f"No {line.service_kind} service has the login {excerpt(line.login)}.",
            ("login",),
        )
    at = line.occurred_at
    active = next((service for service in services if service.history.was_active(at)), None)
    if active is not None:
        return active
    begins = min(service.history.since for service in services)
    message = f"{line.service_kind.capitalize()} {excerpt(line.login)} "
    message += (
        f"was not active at {at:%Y-%m-%d %H:%M} UTC."
        if begins <= at
        else f"did not exist before {begins:%Y-%m-%d %H:%M} UTC."
    )
    raise TenureError(ErrorCode.NOT_ALLOWED, message, ("occurred_at",))


def usage_charges(
    line: UsageLine,
    service: UsedService,
    offers: Iterable[UsageOffer],
    *,
    day: date,
    index: int,
    item: ItemKey,
    remainders: Remainders,
) -> tuple[list[Charge], Price]:
    """The charge of the line and its discounts; the first has the given index.

    `offers` are those of the service and of its account. Raises INVALID for a unit without a rate,
    OUT_OF_RANGE for an excessive price.
    """
    in_force = [offer for offer in offers if offer.was_active(line.occurred_at)]
    by = _rating_offer(in_force, line.unit)
    discounts = sorted((it for it in in_force if it.percent_off is not None), key=lambda it: it.id)
    rate = by.rate or ZERO
    currency = service.account.currency
    percents = [(it.id, it.percent_off or ZERO) for it in discounts]
    key = RemainderKey(item, by.id)
    price = price_usage(line.quantity, rate, currency, percents, key=key, remainders=remainders)
    usage = Charge(
        account_id=service.account_id,
        bill_unit_id=service.bill_unit_id,
        kind=EventKind.USAGE,
        amount=price.amount,
        currency=currency,
        description=description_of(line, rate, currency),
        occurred_at=line.occurred_at,
        day=day,
        service_id=service.id,
        offer_id=by.id,
        quantity=line.quantity,
        unit=line.unit,
        rate=rate,
        details={"reference": line.reference},
    )
    return [usage, *_discounts(usage, zip(discounts, price.takes_off, strict=True), index)], price


def description_of(line: UsageLine, rate: Decimal, currency: str) -> str:
    """The line's own description, else "12.5 MB at 0.05"."""
    return (
        line.description
        or f"{line.quantity.normalize():f} {line.unit} at {amount_text(rate, currency)}"
    )


def reference_taken(reference: str) -> TenureError:
    """The error of a reference that the service has used for other content."""
    message = (
        f"Another usage of this service has the reference {excerpt(reference)}. "
        "Use a different reference."
    )
    return TenureError(ErrorCode.TAKEN, message, ("reference",))


def _rating_offer(in_force: Iterable[UsageOffer], unit: str) -> UsageOffer:
    """An offer of the service precedes one of the account; among several, the latest purchase."""
    charge_offers = [offer for offer in in_force if offer.rate is not None]
    fitting = [offer for offer in charge_offers if offer.unit == unit]
    if not fitting:
        units = ", ".join(sorted({offer.unit for offer in charge_offers if offer.unit}))
        by_what = (
            f"its usage is rated by {units}" if units else "it had no offer with a usage rate then"
        )
        raise TenureError(
            ErrorCode.INVALID, f"Nothing rates {unit} of this service: {by_what}.", ("unit",)
        )
    return max(fitting, key=lambda offer: (offer.service_id is not None, offer.id))


def _discounts(
    usage: Charge, discounts: Iterable[tuple[UsageOffer, Decimal]], index: int
) -> Iterator[Charge]:
    for discount, off in discounts:
        if off:
            percent = percent_text(discount.percent_off or ZERO)
            description = f"{discount.name}: {percent} off {usage.description}"
            yield replace(
                usage,
                kind=EventKind.DISCOUNT,
                amount=-off,
                description=description,
                offer_id=discount.id,
                quantity=None,
                unit=None,
                rate=None,
                followed=index,
                details={"off": usage.offer_id},
            )
