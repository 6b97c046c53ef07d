"""Collecting due bills through the gateway (rules 6.5, 7.3).

A collection is two transactions with the gateway in between. The first commits PENDING payments,
each with a key of its own; the second records the answers. A process that dies in between leaves
PENDING payments, and the next run looks them up by key: nobody is charged twice.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from uuid import uuid4

import structlog
from sqlalchemy import Date, update

from tenure.accounts.queries import lock_account
from tenure.billing.bills.actions import NO_SESSION_SYNC
from tenure.billing.bills.models import Bill
from tenure.events.actions import record_all
from tenure.events.models import EventKind, EventOperation
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.errors import TenureError
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit
from tenure.payments.gateways.requests import Attempt
from tenure.payments.models import Payment, PaymentStatus
from tenure.policies.queries import installed
from tenure.policies.rules import AccountFacts, GatewayAnswer, PaymentOutcome, PaymentResult
from tenure.receivables.collection.queries import (
    bills_to_collect,
    has_unknown_payment,
    locked_bill,
    method_to_charge,
    pending_payments,
    unresolved_payments,
)
from tenure.receivables.collection.rules import (
    Answers,
    PendingPayment,
    check_chargeable,
    check_may_collect,
    checked_part,
    collection_details,
    days_past_due,
    failure_event,
    next_collection_columns,
    payment_columns,
    payment_request,
)
from tenure.receivables.receipts.actions import (
    book_payments,
    hold_accounts_for_debt,
    restart_collection,
)
from tenure.receivables.receipts.queries import past_due_since
from tenure.receivables.receipts.rules import Receipt
from tenure.settings.queries import settings_of
from tenure.status.cascades.rules import HoldReason, Kind
from tenure.status.entities.queries import entity_facts

# The result of a payment that never reached the gateway, and is not wanted any more.
WITHDRAWN = "withdrawn"

log = structlog.get_logger()


async def claim_payments(
    unit: Unit, on: date, *, limit: int, quarantined: Collection[int] = ()
) -> list[Attempt]:
    """The next payments of this bill day: bills to collect, then payments with an unknown result.

    They are PENDING rows: commit them before calling the gateway.
    """
    bills = await bills_to_collect(unit, on, limit=limit, quarantined=quarantined)
    if not bills:
        unknown = await unresolved_payments(unit, on, limit=limit, quarantined=quarantined)
        return [
            Attempt(
                it.id,
                it.account_id,
                payment_request(it, method),
                is_new=False,
                is_wanted=bill.open_amount >= it.amount,
            )
            for it, method, bill in unknown
        ]
    rows = [payment_columns(bill, method, on) | {"created_at": unit.now} for bill, method in bills]
    statement = insert_rows(Payment).returning(Payment, sort_by_parameter_order=True)
    payments = (await unit.session.execute(statement, rows)).scalars().all()
    await _put_off(unit, [bill for bill, _ in bills], on)
    return [
        Attempt(payment.id, payment.account_id, payment_request(payment, method), is_new=True)
        for payment, (_, method) in zip(payments, bills, strict=True)
    ]


async def claim_payment(
    unit: Unit,
    account_id: int,
    *,
    bill_id: int | None = None,
    amount: Decimal | None = None,
    payment_method_id: int | None = None,
) -> Attempt:
    """A payment of an open bill by hand: by default of all that is open on the oldest one, by the
    default payment method (rules 7.3).

    It is a PENDING row: commit it before calling the gateway. If it gets no answer, the next bill
    day looks it up as it does its own. Raises NOT_FOUND, NOT_ALLOWED, REQUIRED, INVALID or
    OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    account = await lock_account(unit, account_id)
    method = None
    if payment_method_id is not None:
        method = await method_to_charge(unit, account_id, payment_method_id)
    bill = await locked_bill(unit, account_id, bill_id)
    check_may_collect(account.status, bill, has_unknown=await has_unknown_payment(unit, bill.id))
    part = checked_part(amount, bill)
    method = method or await method_to_charge(unit, account_id, None)
    check_chargeable(method, unit.today)
    own = {"key": f"collected/{uuid4()}", "amount": part, "created_at": unit.now}
    payment = Payment(**payment_columns(bill, method, unit.today) | own)
    unit.session.add(payment)
    await unit.session.flush()
    # A bill day that waits for the lock of the bill must not collect it as well.
    await _put_off(unit, [bill], unit.today)
    return Attempt(payment.id, account_id, payment_request(payment, method), is_new=True)


async def settle_payments(
    unit: Unit, on: date, answers: Answers
) -> tuple[dict[int, str], list[int]]:
    """Record the results of payments that are still pending (rules 7.3).

    Returns the refused accounts with the reason, and the payments that were collected or failed. A
    success is booked and may lift the DEBT hold; a failure may add it; a payment without an answer
    stays PENDING.
    """
    taken: list[Receipt] = []
    failed: list[tuple[PendingPayment, GatewayAnswer]] = []
    for pending in await pending_payments(unit, answers):
        payment = pending.payment
        answer = answers[payment.id]
        payment.asked_on = on
        payment.result = WITHDRAWN if answer is None else answer.outcome
        if answer is None:
            payment.status = PaymentStatus.FAILED
            payment.settled_at = unit.now
        elif answer.outcome is PaymentOutcome.SUCCEEDED:
            details = collection_details(EventOperation.PAYMENT_COLLECTED, pending, answer)
            taken.append(Receipt(payment, pending.name, details))
        elif answer.outcome is not PaymentOutcome.NO_ANSWER:
            failed.append((pending, answer))
    quarantined = await _fail_payments(unit, on, failed)
    await book_payments(unit, taken)
    await unit.session.flush()
    settled = [receipt.payment for receipt in taken] + [it.payment for it, _ in failed]
    return quarantined, [
        payment.id for payment in settled if payment.status is not PaymentStatus.PENDING
    ]


async def _put_off(unit: Unit, bills: Sequence[Bill], on: date) -> None:
    """Move the next day of collection of bills that are collected on this day."""
    columns = {"id": Bill.id.type, "day": Date(), "again": Date()}
    days = [next_collection_columns(bill, on) for bill in bills]
    next_day = rows_as_table(unit.session, "next_day", columns, days)
    put_off = update(Bill).where(Bill.id == next_day.c.id)
    put_off = put_off.values(collect_on=next_day.c.day, due_again_on=next_day.c.again)
    await unit.session.execute(put_off, execution_options=NO_SESSION_SYNC)


async def _fail_payments(
    unit: Unit, on: date, failed: Sequence[tuple[PendingPayment, GatewayAnswer]]
) -> dict[int, str]:
    """Record failed payments: an event each, and the hold that the policy asks for.

    Refused ones stay PENDING.
    """
    if not failed:
        return {}
    account_ids = {pending.payment.account_id for pending, _ in failed}
    account_facts = await entity_facts(unit.session, Kind.ACCOUNT, sorted(account_ids))
    due = await past_due_since(unit, account_ids, on)
    quarantined: dict[int, str] = {}
    decided: list[tuple[Payment, Status | None]] = []
    rows: list[dict[str, object]] = []
    for pending, answer in failed:
        payment = pending.payment
        days = days_past_due(due.get(payment.account_id), on)
        try:
            decided.append(
                (
                    payment,
                    effect_of_failure(
                        unit, account_facts[payment.account_id].account, payment, days
                    ),
                )
            )
            rows.append(failure_event(pending, answer))
        except TenureError as refusal:
            quarantined[payment.account_id] = refusal.message
            payment.asked_on = payment.result = None
    event_ids = await record_all(unit, EventKind.PAYMENT, rows)
    for (payment, effect), event_id in zip(decided, event_ids, strict=True):
        payment.held = effect is not None
        payment.status = PaymentStatus.FAILED
        payment.event_id = event_id
        payment.settled_at = unit.now
    await unit.session.flush()
    await restart_collection(
        unit, on, {payment.bill_id or 0 for payment, _ in decided if payment.business_date < on}
    )
    wanted: dict[Status, dict[int, HoldReason]] = defaultdict(dict)
    for (payment, effect), row in zip(decided, rows, strict=True):
        if effect is not None:
            wanted[effect][payment.account_id] = HoldReason(
                str(row["description"]), payment.event_id
            )
    for effect, accounts in wanted.items():
        await hold_accounts_for_debt(unit, effect, accounts)
    return quarantined


def effect_of_failure(
    unit: Unit, account: AccountFacts, payment: Payment, days: int
) -> Status | None:
    """The hold that the policy asks for after a failed payment.

    Raises NOT_ALLOWED if it refuses.
    """
    most = settings_of(unit).inactivate_after_days_past_due
    result = PaymentResult(
        PaymentOutcome(payment.result or ""), payment.amount, payment.currency, most
    )
    return installed().payment_failed(account, result, days)
