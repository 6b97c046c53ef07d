"""How much of a bill, an item or an event can be disputed or credited (rules 8)."""

from dataclasses import dataclass
from decimal import Decimal

from tenure.billing.bills.models import Bill, BillItem
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked, money_text, rounded

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is disputed or adjusted: a bill, one of its items, or an event of that item.

    `path` is the argument that named it, `available` its amount without open disputes.
    """

    path: str
    bill: Bill
    item: BillItem | None
    event: Event | None
    available: Decimal

    @property
    def name(self) -> str:
        """Its name in a sentence."""
        if self.event is not None:
            return self.event.description
        return (
            f"bill {self.bill.number}"
            if self.item is None
            else f"{self.item.name}, bill {self.bill.number}"
        )

    @property
    def currency(self) -> str:
        """The currency of the bill."""
        return self.bill.currency

    @property
    def item_id(self) -> int | None:
        """None for a whole bill."""
        return None if self.item is None else self.item.id

    @property
    def event_id(self) -> int | None:
        """None unless it is a single event."""
        return None if self.event is None else self.event.id


def single_subject(**subjects: int | None) -> tuple[str, int]:
    """The one argument that is set, and its id. Raises REQUIRED for none, INVALID for several."""
    named = [(name, value) for name, value in subjects.items() if value is not None]
    choice = ", ".join(name.removesuffix("_id") for name in subjects)
    if not named:
        raise TenureError(ErrorCode.REQUIRED, f"Specify one of these: {choice}.")
    if len(named) > 1:
        raise TenureError(ErrorCode.INVALID, f"Give only one of these: {choice}.", (named[1][0],))
    return named[0]


def checked_money(amount: Decimal, currency: str, *, path: str) -> Decimal:
    """The amount. Raises INVALID for too many decimals, and the errors of `checked`."""
    if checked(amount, path=(path,)) != (payable := rounded(amount, currency)):
        raise TenureError(
            ErrorCode.INVALID,
            f"{amount} has too many decimals for {currency}. Use {payable}.",
            (path,),
        )
    return amount


def disputed_amount(subject: Subject, amount: Decimal | None) -> Decimal:
    """The disputed amount, by default all of it.

    Raises OUT_OF_RANGE for zero or less, or too much.
    """
    wanted = (
        subject.available
        if amount is None
        else checked_money(amount, subject.currency, path="amount")
    )
    if subject.available <= ZERO:
        message = f"Nothing of {subject.name} is left to dispute."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (subject.path,))
    if not ZERO < wanted <= subject.available:
        most = money_text(subject.available, subject.currency)
        message = f"Enter an amount greater than 0 and up to {most} of {subject.name}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("amount",))
    return wanted


def granted_amount(granted: Decimal, disputed: Decimal, currency: str) -> Decimal:
    """The granted amount. Raises OUT_OF_RANGE below zero, or above the disputed amount."""
    if not ZERO <= checked_money(granted, currency, path="granted") <= disputed:
        whole = money_text(disputed, currency)
        message = f"Enter an amount from 0 (denied) to {whole} (granted in full)."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("granted",))
    return granted


def settled_status(granted: Decimal, disputed: Decimal) -> DisputeStatus:
    """The status of the settled dispute."""
    if granted == ZERO:
        return DisputeStatus.DENIED
    return DisputeStatus.GRANTED if granted == disputed else DisputeStatus.PARTLY_GRANTED


def settlement_text(dispute: Dispute, name: str) -> str:
    """Dispute partly granted, 5.00 of 12.00 USD: bill B-7-20261201."""
    whole = money_text(dispute.amount, dispute.currency)
    part = f"{rounded(dispute.granted or ZERO, dispute.currency)} of {whole}"
    return {
        DisputeStatus.DENIED: f"Dispute denied, {whole}: {name}",
        DisputeStatus.GRANTED: f"Dispute granted, {whole}: {name}",
    }.get(dispute.status, f"Dispute partly granted, {part}: {name}")


def checked_adjustment(amount: Decimal, currency: str) -> Decimal:
    """The credit (negative) or charge. Raises INVALID for zero."""
    if checked_money(amount, currency, path="amount") == ZERO:
        raise TenureError(
            ErrorCode.INVALID,
            "Enter an amount below 0 to credit, or above 0 to charge.",
            ("amount",),
        )
    return amount


def check_credit(subject: Subject, amount: Decimal) -> None:
    """Raises OUT_OF_RANGE for a credit above the amount available."""
    if amount < ZERO and subject.available + amount < ZERO:
        most = money_text(max(subject.available, ZERO), subject.currency)
        raise TenureError(
            ErrorCode.OUT_OF_RANGE,
            f"Up to {most} of {subject.name} can be credited.",
            ("amount",),
        )


def adjustment_text(amount: Decimal, currency: str, name: str) -> str:
    """Credited 5.00 USD: bill B-7-20261201."""
    return (
        f"{'Credited' if amount < ZERO else 'Charged'} {money_text(abs(amount), currency)}: {name}"
    )
