"""Bills to collect on a day, and payments with an unknown result."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import and_, exists, or_, select

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.billing.credits.queries import is_open
from tenure.kernel.dialects import in_ids
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentMethod, PaymentMethodKind, PaymentStatus
from tenure.receivables.collection.rules import payment_name

# Collected through the gateway; an invoice is paid by the customer.
COLLECTED = (PaymentMethodKind.CREDIT_CARD, PaymentMethodKind.DIRECT_DEBIT)
FRESH_ROWS = {"populate_existing": True}


async def bills_to_collect(
    unit: Unit, on: date, *, limit: int, quarantined: Collection[int] = ()
) -> Sequence[tuple[Bill, PaymentMethod]]:
    """Bills to collect by this day, each with its payment method; locked.

    A bill is not tried again while an earlier payment of it has no result (rules 7.3).
    """
    unknown = exists().where(Payment.bill_id == Bill.id, Payment.status == PaymentStatus.PENDING)
    method = and_(PaymentMethod.account_id == Bill.account_id, PaymentMethod.is_default)
    wanted = select(Bill, PaymentMethod).join(PaymentMethod, method)
    wanted = wanted.where(
        is_open(), Bill.collect_on <= on, PaymentMethod.kind.in_(COLLECTED), ~unknown
    )
    locked = wanted.where(~in_ids(Bill.account_id, quarantined)).order_by(Bill.id).limit(limit)
    locked = for_no_key_update(locked, of=Bill).execution_options(**FRESH_ROWS)
    return [(bill, method) for bill, method in await unit.session.execute(locked)]


async def unresolved_payments(
    unit: Unit, on: date, *, limit: int, quarantined: Collection[int] = ()
) -> Sequence[tuple[Payment, PaymentMethod, Bill]]:
    """Payments with an unknown result: without an answer since an earlier day, or left by a dead
    process.
    """
    unknown = and_(
        Payment.status == PaymentStatus.PENDING,
        or_(Payment.asked_on.is_(None), Payment.asked_on < on),
        ~in_ids(Payment.account_id, quarantined),
    )
    wanted = select(Payment, PaymentMethod, Bill).where(unknown).order_by(Payment.id).limit(limit)
    wanted = wanted.join(PaymentMethod, PaymentMethod.id == Payment.payment_method_id)
    wanted = wanted.join(Bill, Bill.id == Payment.bill_id).execution_options(**FRESH_ROWS)
    return [(payment, method, bill) for payment, method, bill in await unit.session.execute(wanted)]


async def pending_payments(
    unit: Unit, payment_ids: Collection[int]
) -> Sequence[tuple[Payment, str]]:
    """Those of the payments that are not settled, each with its name.

    Locks them, after their accounts.
    """
    of_accounts = select(Payment.account_id).where(in_ids(Payment.id, payment_ids))
    accounts = select(Account.id).where(Account.id.in_(of_accounts)).order_by(Account.id)
    await unit.session.execute(for_no_key_update(accounts))
    wanted = select(Payment, PaymentMethod, Bill.number).where(
        in_ids(Payment.id, payment_ids),
        Payment.status == PaymentStatus.PENDING,
        PaymentMethod.id == Payment.payment_method_id,
        Bill.id == Payment.bill_id,
    )
    locked = for_no_key_update(wanted.order_by(Payment.id), of=Payment).execution_options(
        **FRESH_ROWS
    )
    return [
        (payment, payment_name(method, number))
        for payment, method, number in await unit.session.execute(locked)
    ]
