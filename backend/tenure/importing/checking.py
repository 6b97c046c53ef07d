"""Decides which lines of a chunk are accepted, and why others are not.

Pure, given the known rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tenure.catalog.models import OfferKind
from tenure.holds.models import Status
from tenure.importing.lines import AccountLine, OfferPart, PaymentMethodPart, ServicePart
from tenure.kernel.errors import TenureError
from tenure.kernel.text import excerpt, login_key
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import checked_expiration


@dataclass(slots=True)
class ImportedAccount:
    """An account as its children need it.

    The ids are None until it is written. `payer` pays for it.
    """

    status: Status
    currency: str
    billing_day: int
    next_bill_on: date
    account_id: int | None = None
    bill_unit_id: int | None = None
    payer: "ImportedAccount | None" = None

    @property
    def paying(self) -> "ImportedAccount":
        """The account that pays."""
        return self.payer or self


@dataclass(slots=True)
class CatalogOffer:
    """A catalog offer, existing or added by a line; `id` is None until it is written."""

    code: str
    name: str
    kind: OfferKind
    service_kind: str | None
    currency: str
    purchase_fee: Decimal | None
    monthly_fee: Decimal | None
    cancel_fee: Decimal | None
    id: int | None = None


@dataclass(slots=True)
class KnownRows:
    """The existing rows that a chunk refers to, and the accepted lines of the chunk itself."""

    today: date
    closed_login_prefix: str | None
    digests: dict[str, str | None] = field(default_factory=dict)
    accounts: dict[str, ImportedAccount] = field(default_factory=dict)
    logins: set[tuple[str, str]] = field(default_factory=set)
    offers: dict[str, CatalogOffer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that will be written."""

    line: AccountLine
    digest: str
    account: ImportedAccount
    parent: ImportedAccount | None


@dataclass(frozen=True, slots=True)
class AlreadyImported:
    """The account exists already, with the same content."""


@dataclass(frozen=True, slots=True)
class AwaitsParent:
    """The parent does not exist yet."""

    parent: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the line is rejected."""

    reason: str


Verdict = Draft | AlreadyImported | AwaitsParent | Rejected


def verdicts(
    lines: list[AccountLine], known: KnownRows, next_bill_on: dict[int, date]
) -> list[Verdict]:
    """One verdict per line.

    A parent may follow its children, so lines are checked until nothing changes.
    """
    found: list[Verdict] = [AwaitsParent(line.parent or "") for line in lines]
    waiting = list(range(len(lines)))
    before = -1
    while waiting and len(waiting) != before:
        before = len(waiting)
        for position in waiting:
            found[position] = verdict(lines[position], known, next_bill_on)
        waiting = [position for position in waiting if isinstance(found[position], AwaitsParent)]
    return found


def verdict(line: AccountLine, known: KnownRows, next_bill_on: dict[int, date]) -> Verdict:
    """The verdict of a line. An accepted line reserves its number, logins and offers."""
    digest = line.digest()
    if line.number in known.digests:
        same = known.digests[line.number] == digest
        return (
            AlreadyImported()
            if same
            else Rejected(f"There is an account {line.number} already, with different content.")
        )
    parent = known.accounts.get(line.parent) if line.parent else None
    if line.parent and parent is None:
        return AwaitsParent(line.parent)
    logins = logins_of(line, known.closed_login_prefix)
    offers = dict(known.offers)
    for reason in _objections(line, parent, logins, offers, known):
        return Rejected(reason)
    payer = parent.paying if parent and line.parent_pays else None
    day = payer.billing_day if payer else line.billing_day_of_month or known.today.day
    day_of_bill = payer.next_bill_on if payer else next_bill_on[day]
    account = ImportedAccount(line.status, line.currency, day, day_of_bill, payer=payer)
    known.digests[line.number] = digest
    known.accounts[line.number] = account
    known.logins.update(logins)
    known.offers.update(offers)
    return Draft(line, digest, account, parent)


def logins_of(line: AccountLine, closed_login_prefix: str | None) -> list[tuple[str, str]]:
    """The logins that a line reserves.

    With a prefix, a closed service has released its login (rules 3.2).
    """
    return [
        (service.kind, login_key(service.login))
        for service in line.services
        if service.login
        and (closed_login_prefix is None or Status.CLOSED not in (line.status, service.status))
    ]


def _objections(
    line: AccountLine,
    parent: ImportedAccount | None,
    logins: list[tuple[str, str]],
    offers: dict[str, CatalogOffer],
    known: KnownRows,
) -> Iterable[str]:
    """The reasons against a line; the first one counts. Adds new catalog offers to `offers`."""
    if line.created_on and line.created_on > known.today:
        yield "created_on is in the future."
    if line.payment_method and line.payment_method.kind is PaymentMethodKind.CREDIT_CARD:
        yield from _card_objections(line.payment_method, known.today)
    if parent and line.parent_pays and parent.paying.currency != line.currency:
        yield (
            f"The payer is billed in {parent.paying.currency}, this account in {line.currency}. "
            "The currencies must match."
        )
    if parent and line.parent_pays and parent.paying.status is Status.CLOSED:
        yield "The paying account is CLOSED."
    for position, (kind, login) in enumerate(logins):
        if (kind, login) in known.logins or (kind, login) in logins[:position]:
            yield f"The {kind} login {excerpt(login)} is taken."
    bought: list[tuple[OfferPart, ServicePart | None]] = [(offer, None) for offer in line.offers]
    bought += [(offer, service) for service in line.services for offer in service.offers]
    for offer, service in bought:
        yield from _offer_objections(offer, service, line.currency, offers)


def _card_objections(card: PaymentMethodPart, today: date) -> Iterable[str]:
    """Expired cards are rejected, as in the API (rules 7.1)."""
    try:
        checked_expiration(card.expiration_month, card.expiration_year, today)
    except TenureError as refusal:
        yield f"payment_method.{'.'.join(map(str, refusal.path))}: {refusal.message}"


def _offer_objections(
    part: OfferPart, service: ServicePart | None, currency: str, offers: dict[str, CatalogOffer]
) -> Iterable[str]:
    fees = (part.purchase_fee, part.monthly_fee, part.cancel_fee)
    offer = offers.get(part.code)
    if offer is None:
        offers[part.code] = CatalogOffer(
            part.code, part.name or part.code, OfferKind.CHARGE, None, currency, *fees
        )
        return
    if offer.currency != currency:
        yield f"{offer.code} is sold in {offer.currency}; the account is billed in {currency}."
    if offer.service_kind is not None and (service is None or service.kind != offer.service_kind):
        yield f"{offer.code} is for {offer.service_kind} services."
    if offer.kind is OfferKind.DISCOUNT and fees != (None, None, None):
        yield f"{offer.code} is a discount offer and can't have fees."
    if part.purchase_fee not in (None, offer.purchase_fee) or part.cancel_fee not in (
        None,
        offer.cancel_fee,
    ):
        yield (
            f"{offer.code} has different fees in the catalog. "
            "Only the monthly fee can be set per customer."
        )
