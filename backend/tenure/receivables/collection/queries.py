"""Bills to collect on a day, and payments with an unknown result."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import and_, exists, or_, select

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.billing.credits.queries import is_open
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentMethod, PaymentMethodKind, PaymentStatus
from tenure.receivables.collection.rules import PendingPayment

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


async def locked_bill(unit: Unit, account_id: int, bill_id: int | None) -> Bill:
    """The bill of an account, by default its oldest open one; locked until the unit ends.

    Raises NOT_FOUND for a bill of another account, NOT_ALLOWED if no bill is open.
    """
    wanted = select(Bill).where(Bill.account_id == account_id)
    if bill_id is None:
        wanted = wanted.where(is_open()).order_by(Bill.period_end, Bill.id).limit(1)
    else:
        wanted = wanted.where(Bill.id == bill_id)
    locked = for_no_key_update(wanted).execution_options(**FRESH_ROWS)
    bill = (await unit.session.execute(locked)).scalar_one_or_none()
    if bill is not None:
        return bill
    if bill_id is None:
        raise TenureError(ErrorCode.NOT_ALLOWED, "The account has no open bill.", ("bill_id",))
    message = "The bill doesn't belong to this account."
    raise TenureError(ErrorCode.NOT_FOUND, message, ("bill_id",))


async def has_unknown_payment(unit: Unit, bill_id: int) -> bool:
    """True while a payment of the bill has no result."""
    unknown = exists().where(Payment.bill_id == bill_id, Payment.status == PaymentStatus.PENDING)
    return bool((await unit.session.execute(select(unknown))).scalar())


async def method_to_charge(
    unit: Unit, account_id: int, payment_method_id: int | None
) -> PaymentMethod:
    """The payment method of an account, by default its default one.

    Raises NOT_FOUND for a method of another account, REQUIRED if there is no default.
    """
    path = ("payment_method_id",)
    wanted = select(PaymentMethod).where(PaymentMethod.account_id == account_id)
    if payment_method_id is None:
        wanted = wanted.where(PaymentMethod.is_default)
    else:
        wanted = wanted.where(PaymentMethod.id == payment_method_id)
    fresh = wanted.execution_options(**FRESH_ROWS)
    method = (await unit.session.execute(fresh)).scalar_one_or_none()
    if method is not None:
        return method
    if payment_method_id is None:
        message = "The account has no payment method. Add one."
        raise TenureError(ErrorCode.REQUIRED, message, path)
    message = "The payment method doesn't belong to this account."
    raise TenureError(ErrorCode.NOT_FOUND, message, path)


async def pending_payments(unit: Unit, payment_ids: Collection[int]) -> Sequence[PendingPayment]:
    """Those of the payments that are not settled. Locks them, after their accounts."""
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
    return [PendingPayment(*row) for row in await unit.session.execute(locked)]
