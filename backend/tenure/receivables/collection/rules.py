"""When a bill is collected, and what is told of a payment that failed (rules 7.3)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeAlias

from tenure.billing.bills.models import Bill
from tenure.payments.models import Payment, PaymentMethod, PaymentStatus
from tenure.payments.rules import label
from tenure.policies.rules import GatewayAnswer, PaymentOutcome, PaymentRequest
from tenure.receivables.receipts.rules import shown

# Days after the one that made the bill, or on which it was first collected anew; besides, the due date.
COLLECTED_AFTER = (0, 3, 7, 14)

WORDS = {
    PaymentOutcome.INVALID_CARD: "the card or account is not valid",
    PaymentOutcome.EXPIRED: "the card has expired",
    PaymentOutcome.INSUFFICIENT_FUNDS: "insufficient funds",
    PaymentOutcome.VALIDATION_FAILED: "the validation failed",
}

# What a gateway said, by payment; None where it knows of none, and none is wanted any more.
Answers: TypeAlias = Mapping[int, GatewayAnswer | None]


def next_collection(bill: Bill, after: date) -> date | None:
    """The next day on which a bill that was made is collected if it is still open; None where there is no more."""
    if bill.billed_on is None or bill.due_on is None:
        return None
    first = counted_from(bill, after) or bill.billed_on
    days = {bill.due_on, *(first + timedelta(days=days) for days in COLLECTED_AFTER)}
    return min((day for day in days if day > after), default=None)


def counted_from(bill: Bill, on: date) -> date | None:
    """For a bill that became due again: the bill day that was the first to collect it since, which may be this one."""
    is_first = bill.due_again_on is not None and bill.collect_on == bill.due_again_on
    return on if is_first else bill.due_again_on


def put_off_to(bill: Bill, on: date) -> dict[str, object]:
    """The columns of a bill that is collected on this day: when it is next, and from when on its days count."""
    return {"id": bill.id, "day": next_collection(bill, on), "again": counted_from(bill, on)}


def days_past_due(due_on: date | None, on: date) -> int:
    """1 on the day after the due date; 0 where nothing is past due."""
    return 0 if due_on is None else max(0, (on - due_on).days)


def attempted(bill: Bill, method: PaymentMethod, on: date) -> dict[str, object]:
    """The columns of a payment that is about to be tried.

    What the gateway knows it by is the same for the same bill and day, also in a database that was restored.
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


def request_of(payment: Payment, method: PaymentMethod) -> PaymentRequest:
    """What the gateway is asked for."""
    return PaymentRequest(payment.key, method.token or "", payment.amount, payment.currency)


def name_of(method: PaymentMethod, bill_number: str) -> str:
    """Visa ···· 4242, bill B-12-20261201."""
    return f"{label(method)}, bill {bill_number}"


def reason_of(payment: Payment) -> str:
    """Why it failed, in words."""
    return WORDS[PaymentOutcome(payment.result or "")]


def failure_of(payment: Payment, name: str, answer: GatewayAnswer) -> dict[str, object]:
    """The columns of the event of a payment that failed: it moves no money."""
    return {
        "account_id": payment.account_id,
        "description": f"Payment of {shown(payment.amount, payment.currency)} failed ({name}): {reason_of(payment)}",
        "currency": payment.currency,
        "details": {"payment": payment.id, "result": payment.result, **said(answer)},
    }


def said(answer: GatewayAnswer | None) -> dict[str, object]:
    """What else the gateway said, for the details of an event."""
    told = {} if answer is None else {"gateway": answer.reference, "words": answer.words}
    return {name: value for name, value in told.items() if value}
