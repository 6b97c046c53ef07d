"""The totals of a bill day run: bills made, payments collected and failed, by currency."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from tenure.billing.bills.models import Bill
from tenure.jobs.models import JobTotal, JobTotalKind
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.money import Millionths
from tenure.kernel.sums import PART
from tenure.payments.models import Payment, PaymentStatus

OUTCOMES = {
    PaymentStatus.SUCCEEDED: JobTotalKind.PAYMENTS_COLLECTED,
    PaymentStatus.FAILED: JobTotalKind.PAYMENTS_FAILED,
}


def of_bills(bill_ids: Collection[int]) -> AnySelect:
    """Count and total due of these bills."""
    kind = literal(JobTotalKind.BILLS_MADE, JobTotal.kind.type)
    return _summed(kind, Bill.currency, Bill.total_due).where(in_ids(Bill.id, bill_ids))


def of_payments(payment_ids: Collection[int]) -> AnySelect:
    """Count and amount of these payments, collected and failed."""
    kinds = {status: literal(kind, JobTotal.kind.type) for status, kind in OUTCOMES.items()}
    kind = case(kinds, value=Payment.status)
    return _summed(kind, Payment.currency, Payment.amount).where(in_ids(Payment.id, payment_ids))


def _summed(
    kind: ColumnElement[JobTotalKind],
    currency: InstrumentedAttribute[str],
    amount: InstrumentedAttribute[object],
) -> AnySelect:
    # In two parts: in a currency with small units the sum of a large run exceeds 64 bits.
    stored = type_coerce(amount, BigInteger)
    part = literal_column(str(PART), BigInteger)
    millions = cast(func.sum(stored // part), BigInteger).label("millions")
    rest = type_coerce(cast(func.sum(stored % part), BigInteger), Millionths()).label("amount")
    return select(
        kind.label("kind"), currency, func.count().label("count"), millions, rest
    ).group_by("kind", currency)
