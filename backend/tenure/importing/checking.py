"""Decides which lines of a chunk are accepted, and why others are not.

Pure, given the known rows. The checks are those of the actions that create accounts, services,
purchases and payment methods.
"""

from dataclasses import dataclass, field
from datetime import date

from tenure.assets.rules import LoginKey, check_login_free
from tenure.catalog.models import Offer, OfferKind
from tenure.hierarchy.payers.rules import check_payer
from tenure.holds.models import Status
from tenure.importing.lines import AccountLine, OfferPart, ServicePart
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.outcomes import outcome_of
from tenure.kernel.text import login_key
from tenure.payments.rules import NewPaymentMethod, checked_payment_method
from tenure.purchases.rules import check_fit


@dataclass(slots=True)
class KnownAccount:
    """An account as its children need it.

    The ids are None until it is written. `payer` pays for it.
    """

    status: Status
    currency: str
    billing_day: int
    next_bill_on: date
    account_id: int | None = None
    bill_unit_id: int | None = None
    payer: "KnownAccount | None" = None

    @property
    def paying(self) -> "KnownAccount":
        """The account that pays."""
        return self.payer or self


@dataclass(slots=True)
class KnownRows:
    """The existing rows that a chunk refers to, and the accepted lines of the chunk itself.

    `offers` has the offers of the catalog by code; those that a line adds have no id until they
    are written.
    """

    today: date
    closed_login_prefix: str | None
    digests: dict[str, str | None] = field(default_factory=dict)
    accounts: dict[str, KnownAccount] = field(default_factory=dict)
    logins: set[LoginKey] = field(default_factory=set)
    offers: dict[str, Offer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that will be written. The payment method gets its account then."""

    line: AccountLine
    digest: str
    account: KnownAccount
    parent: KnownAccount | None
    payment_method: NewPaymentMethod | None


@dataclass(frozen=True, slots=True)
class AlreadyImported:
    """The account exists already, with the same content."""


@dataclass(frozen=True, slots=True)
class AwaitsParent:
    """The parent does not exist yet."""

    parent: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the line is rejected.

    `part` is the part of the line that the path of the error is in. Without it, the message names
    what is wrong.
    """

    error: TenureError
    part: str = ""

    @property
    def reason(self) -> str:
        """The message, after the path of the field where the part is given."""
        if not self.part:
            return self.error.message
        return f"{'.'.join([self.part, *map(str, self.error.path)])}: {self.error.message}"


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
        if known.digests[line.number] == digest:
            return AlreadyImported()
        message = f"There is an account {line.number} already, with different content."
        return Rejected(TenureError(ErrorCode.TAKEN, message))
    parent = known.accounts.get(line.parent) if line.parent else None
    if line.parent and parent is None:
        return AwaitsParent(line.parent)
    payer = parent.paying if parent and line.parent_pays else None
    method = outcome_of(_checked_method, line, known.today)
    if isinstance(method, TenureError):
        return Rejected(method, part="payment_method")
    try:
        _check_account(line, payer, known.today)
        logins = _checked_logins(line, known)
        offers = _checked_offers(line, known)
    except TenureError as error:
        return Rejected(error)
    day = payer.billing_day if payer else line.billing_day_of_month or known.today.day
    day_of_bill = payer.next_bill_on if payer else next_bill_on[day]
    account = KnownAccount(line.status, line.currency, day, day_of_bill, payer=payer)
    known.digests[line.number] = digest
    known.accounts[line.number] = account
    known.logins.update(logins)
    known.offers.update(offers)
    return Draft(line, digest, account, parent, method)


def logins_of(line: AccountLine, closed_login_prefix: str | None) -> list[tuple[str, str]]:
    """The kinds and logins that a line reserves.

    With a prefix, a closed service has released its login (rules 3.2).
    """
    return [
        (service.kind, service.login)
        for service in line.services
        if service.login
        and (closed_login_prefix is None or Status.CLOSED not in (line.status, service.status))
    ]


def _check_account(line: AccountLine, payer: KnownAccount | None, today: date) -> None:
    """Raises OUT_OF_RANGE for a date in the future, INVALID or NOT_ALLOWED for the payer."""
    if line.created_on and line.created_on > today:
        message = "created_on is in the future."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("created_on",))
    if payer is not None:
        check_payer(payer.currency, payer.status, line.currency, path="parent")


def _checked_method(line: AccountLine, today: date) -> NewPaymentMethod | None:
    part = line.payment_method
    if part is None:
        return None
    new = NewPaymentMethod(account_id=0, **part.model_dump(), imported=True)
    return checked_payment_method(new, today)


def _checked_logins(line: AccountLine, known: KnownRows) -> set[LoginKey]:
    """The logins that the line reserves. Raises TAKEN."""
    reserved: set[LoginKey] = set()
    for kind, login in logins_of(line, known.closed_login_prefix):
        check_login_free(kind, login, known.logins)
        check_login_free(kind, login, reserved)
        reserved.add((kind, login_key(login)))
    return reserved


def _checked_offers(line: AccountLine, known: KnownRows) -> dict[str, Offer]:
    """The offers that the line adds to the catalog. Raises INVALID for one that does not fit."""
    bought: list[tuple[OfferPart, ServicePart | None]] = [(offer, None) for offer in line.offers]
    bought += [(offer, service) for service in line.services for offer in service.offers]
    added: dict[str, Offer] = {}
    for part, service in bought:
        offer = added.get(part.code) or known.offers.get(part.code)
        if offer is None:
            added[part.code] = _catalog_offer(part, line.currency)
            continue
        check_fit(offer, line.currency, service.kind if service else None, path="code")
        _check_fees(part, offer)
    return added


def _catalog_offer(part: OfferPart, currency: str) -> Offer:
    return Offer(
        code=part.code,
        name=part.name or part.code,
        kind=OfferKind.CHARGE,
        currency=currency,
        purchase_fee=part.purchase_fee,
        monthly_fee=part.monthly_fee,
        cancel_fee=part.cancel_fee,
    )


def _check_fees(part: OfferPart, offer: Offer) -> None:
    """Raises INVALID for fees that the catalog does not allow to set per customer."""
    fees = (part.purchase_fee, part.monthly_fee, part.cancel_fee)
    if offer.kind is OfferKind.DISCOUNT and fees != (None, None, None):
        message = f"{offer.code} is a discount offer and can't have fees."
        raise TenureError(ErrorCode.INVALID, message)
    if part.purchase_fee not in (None, offer.purchase_fee) or part.cancel_fee not in (
        None,
        offer.cancel_fee,
    ):
        message = (
            f"{offer.code} has different fees in the catalog. "
            "Only the monthly fee can be set per customer."
        )
        raise TenureError(ErrorCode.INVALID, message)
