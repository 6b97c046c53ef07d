"""What a line of usage may say, what it is rated by, and who may use a service (rules 6.4 and 7.5): pure functions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from tenure.activity.rules import Interval, is_within
from tenure.assets.rules import exact_key
from tenure.billing.bills.rules import Charge
from tenure.billing.charges.rules import money_words, percent_words
from tenure.billing.rating.rules import ItemKey, Price, RemainderKey, Remainders, priced
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

# A kind of service, and a login of it as it is compared (rules 3.1).
LoginKey: TypeAlias = tuple[str, str]

LONGEST_UNIT = 32
NOTHING = Decimal(0)


@dataclass(frozen=True)
class UsageLine:
    """One use of a service, as it was measured. The same reference of a service is rated once."""

    service_kind: str
    login: str
    quantity: Decimal
    unit: str
    occurred_at: datetime
    reference: str
    description: str | None = None

    @cached_property
    def login_key(self) -> LoginKey:
        """By which its service is found (rules 3.1)."""
        return kind_key(self.service_kind), login_key(self.login)

    @cached_property
    def exact_key(self) -> LoginKey:
        """By which it is found where its login is ambiguous (see `assets.rules.exact_key`)."""
        return kind_key(self.service_kind), exact_key(self.service_kind, self.login)


@dataclass(frozen=True, slots=True)
class RatedBefore:
    """The event of usage that has been rated, with what its line said."""

    event_id: int
    quantity: Decimal
    unit: str
    rate: Decimal
    currency: str
    occurred_at: datetime
    description: str

    def is_of(self, line: UsageLine) -> bool:
        """True where the line says the same."""
        said = (
            line.quantity,
            line.unit,
            line.occurred_at,
            description_of(line, self.rate, self.currency),
        )
        return said == (self.quantity, self.unit, self.occurred_at, self.description)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The event of a line of usage; `again` where its reference had been rated before."""

    event_id: int
    again: bool = False


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
    """A service, with the account whose it is."""

    id: int
    account_id: int
    bill_unit_id: int
    standing: StatusHistory
    account: AccountFacts


@dataclass(frozen=True, slots=True)
class UsageOffer:
    """An offer that was bought, as far as it is about usage: a charge has a rate and its unit, a discount per cent."""

    id: int
    name: str
    account_id: int
    service_id: int | None
    rate: Decimal | None
    unit: str | None
    percent_off: Decimal | None
    ends_at: datetime | None
    standing: StatusHistory

    def was_active(self, at: datetime) -> bool:
        """True where it was in force."""
        return self.standing.was_active(at) and (self.ends_at is None or at < self.ends_at)


def checked_line(line: UsageLine, now: datetime) -> UsageLine:
    """The line, trimmed. Raises REQUIRED, INVALID or OUT_OF_RANGE for what no database has to be asked about."""
    if checked(line.quantity, path=("quantity",)) <= NOTHING:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "Give a quantity greater than zero.", ("quantity",)
        )
    if line.occurred_at > now:
        words = f"Usage cannot lie in the future: it is {now:%Y-%m-%d %H:%M:%S} UTC now."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("occurred_at",))
    return UsageLine(
        required_text(line.service_kind, path="service_kind", longest=LONGEST_KIND),
        required_text(line.login, path="login"),
        line.quantity,
        required_text(line.unit, path="unit", longest=LONGEST_UNIT),
        line.occurred_at,
        required_text(line.reference, path="reference"),
        optional_text(line.description, path="description", longest=LARGEST_NOTE),
    )


def service_used(services: Sequence[UsedService], line: UsageLine) -> UsedService:
    """Of the services that have or had the login, the one that was active when it was used (rules 6.4).

    Raises NOT_FOUND where there is none, NOT_ALLOWED where none was active.
    """
    if not services:
        raise TenureError(
            ErrorCode.NOT_FOUND,
            f"There is no {line.service_kind} login {excerpt(line.login)}.",
            ("login",),
        )
    at = line.occurred_at
    active = next((service for service in services if service.standing.was_active(at)), None)
    if active is not None:
        return active
    begins = min(service.standing.since for service in services)
    words = f"{line.service_kind.capitalize()} {excerpt(line.login)} "
    words += (
        f"was not active at {at:%Y-%m-%d %H:%M} UTC."
        if begins <= at
        else f"is new since {begins:%Y-%m-%d %H:%M} UTC."
    )
    raise TenureError(ErrorCode.NOT_ALLOWED, words, ("occurred_at",))


def charges_of(
    line: UsageLine,
    service: UsedService,
    offers: Iterable[UsageOffer],
    *,
    day: date,
    place: int,
    item: ItemKey,
    remainders: Remainders,
) -> tuple[list[Charge], Price]:
    """What the line adds to its item and what discounts take off it; the first stands at `place` of the list.

    `offers` are those of the service and of its account. Raises INVALID for a unit that nothing rates, OUT_OF_RANGE for
    a price beyond all bounds.
    """
    in_force = [offer for offer in offers if offer.was_active(line.occurred_at)]
    by = _rating_offer(in_force, line.unit)
    discounts = sorted((it for it in in_force if it.percent_off is not None), key=lambda it: it.id)
    rate, currency = by.rate or NOTHING, service.account.currency
    percents = [(it.id, it.percent_off or NOTHING) for it in discounts]
    key = RemainderKey(item, by.id)
    price = priced(line.quantity, rate, currency, percents, key=key, remainders=remainders)
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
    return [usage, *_discounts(usage, zip(discounts, price.takes_off, strict=True), place)], price


def description_of(line: UsageLine, rate: Decimal, currency: str) -> str:
    """What the line says of itself, else 12.5 MB at 0.05."""
    return (
        line.description
        or f"{line.quantity.normalize():f} {line.unit} at {money_words(rate, currency)}"
    )


def reference_taken(reference: str) -> TenureError:
    """The service has other usage under this reference."""
    words = f"Other usage of this service has the reference {excerpt(reference)}: send it under another reference."
    return TenureError(ErrorCode.TAKEN, words, ("reference",))


def _rating_offer(in_force: Iterable[UsageOffer], unit: str) -> UsageOffer:
    """An offer of the service goes before one of the account, of several the one that was bought last."""
    charging = [offer for offer in in_force if offer.rate is not None]
    fitting = [offer for offer in charging if offer.unit == unit]
    if not fitting:
        units = ", ".join(sorted({offer.unit for offer in charging if offer.unit}))
        by_what = (
            f"its usage is rated by {units}" if units else "it had no offer then that rates usage"
        )
        raise TenureError(
            ErrorCode.INVALID, f"Nothing rates {unit} of this service: {by_what}.", ("unit",)
        )
    return max(fitting, key=lambda offer: (offer.service_id is not None, offer.id))


def _discounts(
    usage: Charge, discounts: Iterable[tuple[UsageOffer, Decimal]], place: int
) -> Iterator[Charge]:
    for discount, off in discounts:
        if off:
            words = f"{discount.name}: {percent_words(discount.percent_off or NOTHING)} off {usage.description}"
            yield replace(
                usage,
                kind=EventKind.DISCOUNT,
                amount=-off,
                description=words,
                offer_id=discount.id,
                quantity=None,
                unit=None,
                rate=None,
                followed=place,
                details={"off": usage.offer_id},
            )
