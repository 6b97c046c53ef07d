"""The days on which a bill is collected, what can be collected by hand, and the event of a failed
payment (rules 7.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from tenure.billing.bills.models import Bill, BillStatus
from tenure.events.models import EventOperation
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import money_text, rounded
from tenure.payments.models import Payment, PaymentMethod, PaymentMethodKind, PaymentStatus
from tenure.payments.rules import Expiration, label, method_details
from tenure.policies.rules import GatewayAnswer, PaymentOutcome, PaymentRequest
from tenure.receivables.receipts.rules import checked_amount

# Days after the bill was made, or first collected again; the due date is added.
COLLECTED_AFTER = (0, 3, 7, 14)

FAILURE_TEXTS = {
    PaymentOutcome.INVALID_CARD: "the card or account is not valid",
    PaymentOutcome.EXPIRED: "the card has expired",
    PaymentOutcome.INSUFFICIENT_FUNDS: "insufficient funds",
    PaymentOutcome.VALIDATION_FAILED: "the validation failed",
}

# The gateway's answer by payment; None for an unknown payment that is not wanted any more.
Answers: TypeAlias = Mapping[int, GatewayAnswer | None]


@dataclass(frozen=True, slots=True)
class PendingPayment:
    """A payment without a result, with its method and the number of its bill."""

    payment: Payment
    method: PaymentMethod
    bill_number: str

    @property
    def name(self) -> str:
        """Visa ···· 4242, bill B-12-20261201."""
        return f"{label(self.method)}, bill {self.bill_number}"


def next_collection(bill: Bill, after: date) -> date | None:
    """The next day of collection of an open bill; None after the last one."""
    if bill.billed_on is None or bill.due_on is None:
        return None
    first = retry_start(bill, after) or bill.billed_on
    days = {bill.due_on, *(first + timedelta(days=days) for days in COLLECTED_AFTER)}
    return min((day for day in days if day > after), default=None)


def retry_start(bill: Bill, on: date) -> date | None:
    """For a bill that became due again: the first bill day that collected it since, possibly
    this one.
    """
    is_first = bill.due_again_on is not None and bill.collect_on == bill.due_again_on
    return on if is_first else bill.due_again_on


def next_collection_columns(bill: Bill, on: date) -> dict[str, object]:
    """The columns of a bill collected on this day: its next day, and the day from which its days
    count.
    """
    return {"id": bill.id, "day": next_collection(bill, on), "again": retry_start(bill, on)}


def days_past_due(due_on: date | None, on: date) -> int:
    """1 on the day after the due date; 0 where nothing is past due."""
    return 0 if due_on is None else max(0, (on - due_on).days)


def payment_columns(bill: Bill, method: PaymentMethod, on: date) -> dict[str, object]:
    """The columns of a new payment.

    Its key depends only on the bill and the day, so that it is the same in a restored database.
    """
    return {
        "key": f"{bill.number}/{on:%Y%m%d}",
        "account_id": bill.account_id,
        "bill_unit_id": bill.bill_unit_id,
        "bill_id": bill.id,
        "payment_method_id": method.id,
        "amount": bill.open_amount,
        "currency": bill.currency,
        "status": PaymentStatus.PENDING,
        "business_date": on,
        "held": False,
    }


def checked_part(amount: Decimal | None, bill: Bill) -> Decimal:
    """The amount to collect of a bill, by default all that is open.

    Raises OUT_OF_RANGE for zero or less and for more than is open, INVALID for too many decimals.
    """
    if amount is None:
        return bill.open_amount
    if checked_amount(amount, bill.currency) > bill.open_amount:
        still_open = money_text(bill.open_amount, bill.currency)
        message = f"Only {still_open} is open on bill {bill.number}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("amount",))
    return amount


def check_may_collect(account_status: Status, bill: Bill, *, has_unknown: bool) -> None:
    """Raises NOT_ALLOWED for a closed account, for a bill on which nothing is open, and while an
    earlier payment of the bill has no result.
    """
    if account_status is Status.CLOSED:
        message = "The account is closed. Record a payment that was received otherwise instead."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("account_id",))
    if bill.status is BillStatus.PENDING:
        message = f"Bill {bill.number} is not final yet."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("bill_id",))
    if not bill.open_amount:
        message = f"Nothing is open on bill {bill.number}."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("bill_id",))
    if has_unknown:
        message = f"An earlier payment of bill {bill.number} has no result yet. Wait for it."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("bill_id",))


def check_chargeable(method: PaymentMethod, today: date) -> None:
    """Raises NOT_ALLOWED for an invoice and for an expired card."""
    path = ("payment_method_id",)
    if method.kind is PaymentMethodKind.INVOICE:
        message = "An invoice is paid by the customer. Choose a card or a direct debit."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, path)
    if method.expiration_month is None or method.expiration_year is None:
        return
    expiration = Expiration(method.expiration_month, method.expiration_year)
    if expiration.is_past(today):
        message = f"{label(method)} expired at the end of {expiration}. Choose another method."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, path)


def payment_request(payment: Payment, method: PaymentMethod) -> PaymentRequest:
    """The request to the gateway."""
    return PaymentRequest(payment.key, method.token or "", payment.amount, payment.currency)


def failure_reason(payment: Payment) -> str:
    """Why the payment failed."""
    return FAILURE_TEXTS[PaymentOutcome(payment.result or "")]


def failure_event(pending: PendingPayment, answer: GatewayAnswer) -> dict[str, object]:
    """The columns of the event of a failed payment: it has no amount."""
    payment = pending.payment
    amount = money_text(payment.amount, payment.currency)
    return {
        "account_id": payment.account_id,
        "description": f"Payment of {amount} failed ({pending.name}): {failure_reason(payment)}",
        "currency": payment.currency,
        "details": {
            "payment": payment.id,
            "amount": str(rounded(payment.amount, payment.currency)),
            "currency": payment.currency,
            "result": payment.result,
            **collection_details(EventOperation.PAYMENT_FAILED, pending, answer),
        },
    }


def collection_details(
    operation: EventOperation, pending: PendingPayment, answer: GatewayAnswer
) -> dict[str, object]:
    """How a payment was made, and the gateway's own reference and message, if any."""
    gateway = {"gateway": answer.reference, "words": answer.words}
    return {
        "operation": operation,
        "bill": pending.bill_number,
        **method_details(pending.method),
        **{name: value for name, value in gateway.items() if value},
    }
