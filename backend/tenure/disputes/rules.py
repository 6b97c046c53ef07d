"""How much of a bill, an item or an event can be disputed or credited (rules 8)."""

from dataclasses import dataclass
from decimal import Decimal

from tenure.billing.bills.models import Bill, BillItem
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked, rounded

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Subject:
    """A bill, or one of its items, or an event of that item: what is disputed, or adjusted.

    `path` is the argument that named it, `there` what it comes to without what is disputed of it already.
    """

    path: str
    bill: Bill
    item: BillItem | None
    event: Event | None
    there: Decimal

    @property
    def name(self) -> str:
        """How a sentence calls it."""
        if self.event is not None:
            return self.event.description
        return (
            f"bill {self.bill.number}"
            if self.item is None
            else f"{self.item.name}, bill {self.bill.number}"
        )

    @property
    def currency(self) -> str:
        """The bill's."""
        return self.bill.currency

    @property
    def item_id(self) -> int | None:
        """None where it is the whole bill."""
        return None if self.item is None else self.item.id

    @property
    def event_id(self) -> int | None:
        """None where it is more than one event."""
        return None if self.event is None else self.event.id


def the_one(**given: int | None) -> tuple[str, int]:
    """The argument that was given and what it says. Raises REQUIRED for none, INVALID for more than one."""
    named = [(name, value) for name, value in given.items() if value is not None]
    choice = ", ".join(name.removesuffix("_id") for name in given)
    if not named:
        raise TenureError(ErrorCode.REQUIRED, f"Say of what: {choice}.")
    if len(named) > 1:
        raise TenureError(ErrorCode.INVALID, f"Give only one of these: {choice}.", (named[1][0],))
    return named[0]


def checked_money(amount: Decimal, currency: str, *, path: str) -> Decimal:
    """The amount itself. Raises INVALID where the currency has none so small, and what `checked` raises."""
    if checked(amount, path=(path,)) != (payable := rounded(amount, currency)):
        raise TenureError(
            ErrorCode.INVALID, f"{currency} has no such amount: give {payable}.", (path,)
        )
    return amount


def disputed_amount(subject: Subject, amount: Decimal | None) -> Decimal:
    """What is disputed: all of it when left out. Raises OUT_OF_RANGE for nothing, or for more than is there."""
    wanted = (
        subject.there if amount is None else checked_money(amount, subject.currency, path="amount")
    )
    if subject.there <= NOTHING:
        words = f"Nothing is left to be disputed of {subject.name}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, (subject.path,))
    if not NOTHING < wanted <= subject.there:
        words = f"Give more than 0 and at most {shown(subject.there, subject.currency)}: no more is there of {subject.name}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("amount",))
    return wanted


def granted_amount(granted: Decimal, disputed: Decimal, currency: str) -> Decimal:
    """What is granted. Raises OUT_OF_RANGE for less than nothing, or more than was disputed."""
    if not NOTHING <= checked_money(granted, currency, path="granted") <= disputed:
        words = f"Give from 0, which denies it, to {shown(disputed, currency)}, which grants it in full."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("granted",))
    return granted


def status_by(granted: Decimal, disputed: Decimal) -> DisputeStatus:
    """How a dispute ends."""
    if granted == NOTHING:
        return DisputeStatus.DENIED
    return DisputeStatus.GRANTED if granted == disputed else DisputeStatus.PARTLY_GRANTED


def settled_words(dispute: Dispute, name: str) -> str:
    """Dispute partly granted, 5.00 of 12.00 USD: bill B-7-20261201."""
    whole = shown(dispute.amount, dispute.currency)
    part = f"{rounded(dispute.granted or NOTHING, dispute.currency)} of {whole}"
    return {
        DisputeStatus.DENIED: f"Dispute denied, {whole}: {name}",
        DisputeStatus.GRANTED: f"Dispute granted, {whole}: {name}",
    }.get(dispute.status, f"Dispute partly granted, {part}: {name}")


def adjusting_amount(amount: Decimal, currency: str) -> Decimal:
    """What is credited (negative) or charged. Raises INVALID for nothing."""
    if checked_money(amount, currency, path="amount") == NOTHING:
        raise TenureError(
            ErrorCode.INVALID,
            "Nothing would change: give less than 0 to credit, more to charge.",
            ("amount",),
        )
    return amount


def check_credit(subject: Subject, amount: Decimal) -> None:
    """Raises OUT_OF_RANGE for a credit of more than there is."""
    if amount < NOTHING and subject.there + amount < NOTHING:
        most = shown(max(subject.there, NOTHING), subject.currency)
        raise TenureError(
            ErrorCode.OUT_OF_RANGE,
            f"At most {most} can be credited: no more is there of {subject.name}.",
            ("amount",),
        )


def adjustment_words(amount: Decimal, currency: str, name: str) -> str:
    """Credited 5.00 USD: bill B-7-20261201."""
    return f"{'Credited' if amount < NOTHING else 'Charged'} {shown(abs(amount), currency)}: {name}"


def shown(amount: Decimal, currency: str) -> str:
    """25.00 USD."""
    return f"{rounded(amount, currency)} {currency}"
