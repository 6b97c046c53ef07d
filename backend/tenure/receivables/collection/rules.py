"""The days on which a bill is collected, and the event of a failed payment (rules 7.3)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeAlias

from tenure.billing.bills.models import Bill
from tenure.kernel.money import money_text
from tenure.payments.models import Payment, PaymentMethod, PaymentStatus
from tenure.payments.rules import label
from tenure.policies.rules import GatewayAnswer, PaymentOutcome, PaymentRequest

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


def payment_request(payment: Payment, method: PaymentMethod) -> PaymentRequest:
    """The request to the gateway."""
    return PaymentRequest(payment.key, method.token or "", payment.amount, payment.currency)


def payment_name(method: PaymentMethod, bill_number: str) -> str:
    """Visa ···· 4242, bill B-12-20261201."""
    return f"{label(method)}, bill {bill_number}"


def failure_reason(payment: Payment) -> str:
    """Why the payment failed."""
    return FAILURE_TEXTS[PaymentOutcome(payment.result or "")]


def failure_event(payment: Payment, name: str, answer: GatewayAnswer) -> dict[str, object]:
    """The columns of the event of a failed payment: it has no amount."""
    amount = money_text(payment.amount, payment.currency)
    return {
        "account_id": payment.account_id,
        "description": f"Payment of {amount} failed ({name}): {failure_reason(payment)}",
        "currency": payment.currency,
        "details": {"payment": payment.id, "result": payment.result, **gateway_details(answer)},
    }


def gateway_details(answer: GatewayAnswer | None) -> dict[str, object]:
    """The gateway's own reference and message, for the details of an event."""
    details = {} if answer is None else {"gateway": answer.reference, "words": answer.words}
    return {name: value for name, value in details.items() if value}
