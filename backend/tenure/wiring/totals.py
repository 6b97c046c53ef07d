"""What a run of the bill day adds up: bills made, payments collected and failed, by currency."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from tenure.billing.models import Bill
from tenure.jobs.models import JobTotal, JobTotalKind
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import among
from tenure.payments.models import Payment, PaymentStatus

OUTCOMES = {
    PaymentStatus.SUCCEEDED: JobTotalKind.PAYMENTS_COLLECTED,
    PaymentStatus.FAILED: JobTotalKind.PAYMENTS_FAILED,
}


def of_bills(bill_ids: Collection[int]) -> AnySelect:
    """Their totals due."""
    kind = literal(JobTotalKind.BILLS_MADE, JobTotal.kind.type)
    return _summed(kind, Bill.currency, Bill.total_due).where(among(Bill.id, bill_ids))


def of_payments(payment_ids: Collection[int]) -> AnySelect:
    """Those that were collected, and those that failed."""
    kinds = {status: literal(kind, JobTotal.kind.type) for status, kind in OUTCOMES.items()}
    kind = case(kinds, value=Payment.status)
    return _summed(kind, Payment.currency, Payment.amount).where(among(Payment.id, payment_ids))


def _summed(
    kind: ColumnElement[JobTotalKind], currency: InstrumentedAttribute[str], amount: InstrumentedAttribute[object]
) -> AnySelect:
    columns = (kind.label("kind"), currency, func.count().label("count"), func.sum(amount).label("amount"))
    return select(*columns).group_by("kind", currency)
