"""How money is spread over open bills, and what is told of it (rules 6.9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tenure.billing.bills.rules import Credit, shares
from tenure.billing.credits.rules import OpenBill
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked, rounded
from tenure.payments.models import Payment


@dataclass(frozen=True, slots=True)
class Spread:
    """What of an amount goes to which bill, what is over, and what is open afterwards."""

    parts: Sequence[tuple[OpenBill, Decimal]]
    rest: Decimal
    left_open: Sequence[OpenBill]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in for a payment: how its event names it, and what else it tells."""

    payment: Payment
    name: str
    details: dict[str, object]


def spread(amount: Decimal, bills: Sequence[OpenBill], *, first: int | None = None) -> Spread:
    """To the bill that is named, then to the others in their order; what is over is credit (rules 6.9)."""
    in_order = sorted(bills, key=lambda bill: bill.id != first)
    given = {
        it.bill_id: it.amount
        for it in shares([Credit(amount)], {bill.id: bill.open_amount for bill in in_order})
    }
    parts = [(bill, given[bill.id]) for bill in in_order if bill.id in given]
    left = [replace(bill, open_amount=bill.open_amount - given.get(bill.id, 0)) for bill in bills]
    return Spread(parts, amount - sum(given.values()), [bill for bill in left if bill.open_amount])


def event_of(receipt: Receipt, share: Spread) -> dict[str, object]:
    """The columns of the event of money that came in."""
    payment = receipt.payment
    currency = payment.currency
    bills = {bill.number: str(rounded(amount, currency)) for bill, amount in share.parts}
    return {
        "account_id": payment.account_id,
        "description": f"Paid {shown(payment.amount, currency)} ({receipt.name})",
        "amount": -payment.amount,
        "currency": currency,
        "details": {
            "payment": payment.id,
            **receipt.details,
            "bills": bills,
            "credit": str(rounded(share.rest, currency)),
        },
    }


def checked_amount(amount: Decimal, currency: str, *, path: str = "amount") -> Decimal:
    """An amount that can be paid. Raises OUT_OF_RANGE (nothing or less), INVALID (finer than the currency)."""
    if checked(amount, path=(path,)) <= 0:
        raise TenureError(ErrorCode.OUT_OF_RANGE, "A payment is more than 0.", (path,))
    if amount != rounded(amount, currency):
        raise TenureError(
            ErrorCode.INVALID, f"{currency} has no amount as fine as {amount}.", (path,)
        )
    return amount


def shown(amount: Decimal, currency: str) -> str:
    """25.00 USD."""
    return f"{rounded(amount, currency)} {currency}"
