"""Allocation of a payment to open bills, and the event of a payment (rules 6.9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tenure.billing.bills.rules import Credit, credit_shares
from tenure.billing.credits.rules import OpenBill
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked, money_text, rounded
from tenure.payments.models import Payment


@dataclass(frozen=True, slots=True)
class PaymentSplit:
    """The allocation of an amount to bills, the remainder, and the bills still open afterwards."""

    parts: Sequence[tuple[OpenBill, Decimal]]
    rest: Decimal
    left_open: Sequence[OpenBill]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A received payment: its name in the event, and further details."""

    payment: Payment
    name: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True)
class RecordedPayment:
    """The id of the event of a payment, and whether it had been recorded before."""

    event_id: int
    is_repeated: bool


def split_payment(
    amount: Decimal, bills: Sequence[OpenBill], *, first: int | None = None
) -> PaymentSplit:
    """Allocate to the named bill first, then to the others in order; the remainder is credit
    (rules 6.9).
    """
    in_order = sorted(bills, key=lambda bill: bill.id != first)
    given = {
        it.bill_id: it.amount
        for it in credit_shares([Credit(amount)], {bill.id: bill.open_amount for bill in in_order})
    }
    parts = [(bill, given[bill.id]) for bill in in_order if bill.id in given]
    left = [replace(bill, open_amount=bill.open_amount - given.get(bill.id, 0)) for bill in bills]
    return PaymentSplit(
        parts, amount - sum(given.values()), [bill for bill in left if bill.open_amount]
    )


def payment_event(receipt: Receipt, share: PaymentSplit) -> dict[str, object]:
    """The columns of the event of a received payment."""
    payment = receipt.payment
    currency = payment.currency
    bills = {bill.number: str(rounded(amount, currency)) for bill, amount in share.parts}
    return {
        "account_id": payment.account_id,
        "description": f"Paid {money_text(payment.amount, currency)} ({receipt.name})",
        "amount": -payment.amount,
        "currency": currency,
        "details": {
            "payment": payment.id,
            "amount": str(rounded(payment.amount, currency)),
            "currency": currency,
            **receipt.details,
            "bills": bills,
            "credit": str(rounded(share.rest, currency)),
        },
    }


def checked_amount(amount: Decimal, currency: str, *, path: str = "amount") -> Decimal:
    """A valid payment amount.

    Raises OUT_OF_RANGE for zero or less, INVALID for too many decimals.
    """
    if checked(amount, path=(path,)) <= 0:
        raise TenureError(ErrorCode.OUT_OF_RANGE, "Enter an amount greater than 0.", (path,))
    if amount != rounded(amount, currency):
        raise TenureError(
            ErrorCode.INVALID, f"{amount} has too many decimals for {currency}.", (path,)
        )
    return amount
