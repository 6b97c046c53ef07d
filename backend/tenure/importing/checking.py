"""Which lines of a chunk can be taken, and why the others cannot: pure, given what the database knows."""

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
    """An account as its children see it; the ids are None until it is written. `payer` pays for its default bill unit."""

    status: Status
    currency: str
    billing_day: int
    next_bill_on: date
    account_id: int | None = None
    bill_unit_id: int | None = None
    payer: "ImportedAccount | None" = None

    @property
    def paying(self) -> "ImportedAccount":
        """Who pays in the end."""
        return self.payer or self


@dataclass(slots=True)
class CatalogOffer:
    """An offer that is in the catalog, or that a line puts there: then `id` is None until it is written."""

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
    """What is known of everything that a chunk names, the accepted lines of the chunk itself included."""

    today: date
    prefix: str | None
    digests: dict[str, str | None] = field(default_factory=dict)
    accounts: dict[str, ImportedAccount] = field(default_factory=dict)
    logins: set[tuple[str, str]] = field(default_factory=set)
    offers: dict[str, CatalogOffer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that will be written."""

    line: AccountLine
    digest: str
    standing: ImportedAccount
    parent: ImportedAccount | None


@dataclass(frozen=True, slots=True)
class There:
    """The account is there already, with the same content."""


@dataclass(frozen=True, slots=True)
class Waits:
    """The parent is not there, yet or at all."""

    parent: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the line cannot be taken."""

    reason: str


Verdict = Draft | There | Waits | Rejected


def verdicts(
    lines: list[AccountLine], known: KnownRows, next_bill_on: dict[int, date]
) -> list[Verdict]:
    """One verdict per line. A parent may stand behind its children, so that it takes rounds until nothing changes."""
    found: list[Verdict] = [Waits(line.parent or "") for line in lines]
    waiting, before = list(range(len(lines))), -1
    while waiting and len(waiting) != before:
        before = len(waiting)
        for place in waiting:
            found[place] = verdict(lines[place], known, next_bill_on)
        waiting = [place for place in waiting if isinstance(found[place], Waits)]
    return found


def verdict(line: AccountLine, known: KnownRows, next_bill_on: dict[int, date]) -> Verdict:
    """What becomes of a line. What an accepted one takes is taken from then on."""
    digest = line.digest()
    if line.number in known.digests:
        same = known.digests[line.number] == digest
        return (
            There()
            if same
            else Rejected(f"There is an account {line.number} already, with other content.")
        )
    parent = known.accounts.get(line.parent) if line.parent else None
    if line.parent and parent is None:
        return Waits(line.parent)
    logins, offers = logins_of(line, known.prefix), dict(known.offers)
    for reason in _objections(line, parent, logins, offers, known):
        return Rejected(reason)
    payer = parent.paying if parent and line.parent_pays else None
    day = payer.billing_day if payer else line.billing_day_of_month or known.today.day
    day_of_bill = payer.next_bill_on if payer else next_bill_on[day]
    standing = ImportedAccount(line.status, line.currency, day, day_of_bill, payer=payer)
    known.digests[line.number] = digest
    known.accounts[line.number] = standing
    known.logins.update(logins)
    known.offers.update(offers)
    return Draft(line, digest, standing, parent)


def logins_of(line: AccountLine, prefix: str | None) -> list[tuple[str, str]]:
    """The logins that a line takes. Where a prefix is set a closed service has given its own up (rules 3.2)."""
    return [
        (service.kind, login_key(service.login))
        for service in line.services
        if service.login and (prefix is None or Status.CLOSED not in (line.status, service.status))
    ]


def _objections(
    line: AccountLine,
    parent: ImportedAccount | None,
    logins: list[tuple[str, str]],
    offers: dict[str, CatalogOffer],
    known: KnownRows,
) -> Iterable[str]:
    """Reasons against a line, the first counts. On the way `offers` gets what the line puts into the catalog."""
    if line.created_on and line.created_on > known.today:
        yield "created_on lies in the future."
    if line.payment_method and line.payment_method.kind is PaymentMethodKind.CREDIT_CARD:
        yield from _against_card(line.payment_method, known.today)
    if parent and line.parent_pays and parent.paying.currency != line.currency:
        yield f"The payer is billed in {parent.paying.currency}, this account in {line.currency}: they must be the same."
    if parent and line.parent_pays and parent.paying.status is Status.CLOSED:
        yield "The account that would pay is CLOSED."
    for place, (kind, login) in enumerate(logins):
        if (kind, login) in known.logins or (kind, login) in logins[:place]:
            yield f"The {kind} login {excerpt(login)} is taken."
    bought: list[tuple[OfferPart, ServicePart | None]] = [(offer, None) for offer in line.offers]
    bought += [(offer, service) for service in line.services for offer in service.offers]
    for offer, service in bought:
        yield from _against_offer(offer, service, line.currency, offers)


def _against_card(card: PaymentMethodPart, today: date) -> Iterable[str]:
    """A card that has expired is refused here as by the API (rules 7.1)."""
    try:
        checked_expiration(card.expiration_month, card.expiration_year, today)
    except TenureError as refusal:
        yield f"payment_method.{'.'.join(map(str, refusal.path))}: {refusal.message}"


def _against_offer(
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
        yield f"{offer.code} is a discount offer: it has no fees."
    if part.purchase_fee not in (None, offer.purchase_fee) or part.cancel_fee not in (
        None,
        offer.cancel_fee,
    ):
        yield f"{offer.code} has other fees in the catalog: a customer's own price can be given for the month alone."
