"""Collecting what is due through the gateway, and looking at what is overdue (rules 6.5, 7.3).

A collection is two units with the gateway between them. The first commits payments that are PENDING, each with a key of its
own; the second writes down what became of them. Whoever dies in between leaves PENDING payments, and the next one to
come asks about them under their keys: nobody is charged twice.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

import structlog
from sqlalchemy import Date, insert, update

from tenure.billing.bills.actions import AS_IT_IS
from tenure.billing.bills.models import Bill
from tenure.events.actions import record_all
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.actor import Actor
from tenure.kernel.errors import TenureError
from tenure.kernel.faults import is_resumable
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.gateways import gateway
from tenure.payments.gateways.asking import Attempt, answers_to
from tenure.payments.models import Payment, PaymentStatus
from tenure.policies.actions import installed
from tenure.policies.rules import AccountFacts, GatewayAnswer, PaymentOutcome, PaymentResult
from tenure.receivables.collection.queries import (
    bills_to_collect,
    payments_to_ask_about,
    pending_payments,
)
from tenure.receivables.collection.rules import (
    Answers,
    attempted,
    days_past_due,
    failure_of,
    put_off_to,
    request_of,
    said,
)
from tenure.receivables.receipts.actions import book, failed_later, hold_all
from tenure.receivables.receipts.queries import past_due_since
from tenure.receivables.receipts.rules import Receipt
from tenure.status.cascades.rules import HoldReason, Kind
from tenure.status.entities.queries import entity_facts

# The result of a payment that never reached the gateway, and was not wanted any more when that was found.
WITHDRAWN = "withdrawn"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CollectionResult:
    """What became of one chunk: how many were dealt with, and which accounts could not be, for which reason.

    `last` is the account after which the step goes on; `settled` are payments that were collected or failed;
    `tried` are those that were asked about.
    """

    done: int = 0
    aside: Mapping[int, str] = field(default_factory=dict)
    last: int = 0
    settled: Collection[int] = ()
    tried: Sequence[int] = ()

    @property
    def is_last(self) -> bool:
        """There was nothing left to do."""
        return not self.done and not self.aside


Tell: TypeAlias = Callable[[Unit, CollectionResult], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """For which run of the bill day this is done, of which date, and who counts what is done, in the unit that did it."""

    runtime: Runtime
    actor: Actor
    run_id: int
    on: date
    tell: Tell

    async def run_in_unit(
        self, verb: Callable[[Unit], Awaitable[CollectionResult]]
    ) -> CollectionResult:
        """Do it in a unit of its own, and tell what became of it."""

        async def told(unit: Unit) -> CollectionResult:
            chunk = await verb(unit)
            await self.tell(unit, chunk)
            return chunk

        return await self.runtime.run_in_unit(self.actor, told, job_run_id=self.run_id)

    async def quarantine(self, account_id: int, fault: Exception) -> CollectionResult:
        """An account that cannot be dealt with does not stop the others (rules 6.5)."""
        words = f"Unexpected error ({type(fault).__name__})."

        async def nothing(unit: Unit) -> CollectionResult:  # noqa: ARG001 - a verb
            return CollectionResult(0, {account_id: words}, account_id)

        return await self.run_in_unit(nothing)


async def collect_chunk(
    runtime: Runtime,
    actor: Actor,
    job_run_id: int,
    on: date,
    *,
    limit: int,
    tell: Tell,
    aside: Collection[int] = (),
) -> CollectionResult:
    """Collect the next payments of a bill day, until there are none. Accounts in `aside` are left out.

    `tell` is told what became of them, in the unit that writes it down. What cannot be written down as a whole is written one by one.
    """
    job = Job(runtime, actor, job_run_id, on, tell)

    async def claimed(unit: Unit) -> list[Attempt]:
        # A date that lies ahead since the clock was given back is not collected for.
        return await claim(unit, on, limit=limit, aside=aside) if on <= unit.business.today else []

    async with gateway(runtime.gateway) as opened:
        attempts = await runtime.run_in_unit(actor, claimed, job_run_id=job_run_id)
        if not attempts:
            return CollectionResult()
        answers = await answers_to(opened, attempts)
    tried = [attempt.payment_id for attempt in attempts]
    try:
        return replace(await _write_down(job, attempts, answers), tried=tried)
    except Exception as fault:
        if is_resumable(fault):
            raise
        log.exception("payments could not be written down", payments=len(attempts))
    chunks = [await _write_down_one(job, attempt, answers) for attempt in attempts]
    refused = {account_id: words for chunk in chunks for account_id, words in chunk.aside.items()}
    return CollectionResult(sum(chunk.done for chunk in chunks), refused, tried=tried)


async def _write_down(job: Job, attempts: Sequence[Attempt], answers: Answers) -> CollectionResult:
    async def verb(unit: Unit) -> CollectionResult:
        refused, settled = await settle(
            unit, job.on, {it.payment_id: answers[it.payment_id] for it in attempts}
        )
        return CollectionResult(len(attempts) - len(refused), refused, settled=settled)

    return await job.run_in_unit(verb)


async def _write_down_one(job: Job, attempt: Attempt, answers: Answers) -> CollectionResult:
    """Where that cannot be, the payment stays PENDING: the next run asks about it."""
    try:
        return await _write_down(job, [attempt], answers)
    except Exception as fault:
        if is_resumable(fault):
            raise
        return await job.quarantine(attempt.account_id, fault)


async def claim(unit: Unit, on: date, *, limit: int, aside: Collection[int] = ()) -> list[Attempt]:
    """The next payments of this bill day: for bills to be collected, then those of which nobody knows what became.

    They are PENDING rows: commit them before the gateway is asked.
    """
    bills = await bills_to_collect(unit, on, limit=limit, aside=aside)
    if not bills:
        unknown = await payments_to_ask_about(unit, on, limit=limit, aside=aside)
        return [
            Attempt(
                it.id,
                it.account_id,
                request_of(it, method),
                is_new=False,
                is_wanted=bill.open_amount >= it.amount,
            )
            for it, method, bill in unknown
        ]
    rows = [attempted(bill, method, on) | {"created_at": unit.now} for bill, method in bills]
    statement = insert(Payment).returning(Payment, sort_by_parameter_order=True)
    payments = (await unit.session.execute(statement, rows)).scalars().all()
    columns = {"id": Bill.id.type, "day": Date(), "again": Date()}
    days = [put_off_to(bill, on) for bill, _ in bills]
    next_day = rows_as_table(unit.session, "next_day", columns, days)
    put_off = update(Bill).where(Bill.id == next_day.c.id)
    put_off = put_off.values(collect_on=next_day.c.day, due_again_on=next_day.c.again)
    await unit.session.execute(put_off, execution_options=AS_IT_IS)
    return [
        Attempt(payment.id, payment.account_id, request_of(payment, method), is_new=True)
        for payment, (_, method) in zip(payments, bills, strict=True)
    ]


async def settle(unit: Unit, on: date, answers: Answers) -> tuple[dict[int, str], list[int]]:
    """Write down what became of payments, where nobody has yet (rules 7.3).

    Answers with the accounts where that cannot be, and why, and with the payments that were collected or failed. What
    succeeded is booked, and may lift the DEBT hold; what failed may put it on; no answer stays PENDING.
    """
    taken: list[Receipt] = []
    failed: list[tuple[Payment, str, GatewayAnswer]] = []
    for payment, name in await pending_payments(unit, answers):
        answer = answers[payment.id]
        payment.asked_on, payment.result = on, WITHDRAWN if answer is None else answer.outcome
        if answer is None:
            payment.status, payment.settled_at = PaymentStatus.FAILED, unit.now
        elif answer.outcome is PaymentOutcome.SUCCEEDED:
            taken.append(Receipt(payment, name, said(answer)))
        elif answer.outcome is not PaymentOutcome.NO_ANSWER:
            failed.append((payment, name, answer))
    aside = await _fail(unit, on, failed)
    await book(unit, taken)
    await unit.session.flush()
    settled = [receipt.payment for receipt in taken] + [payment for payment, _, _ in failed]
    return aside, [payment.id for payment in settled if payment.status is not PaymentStatus.PENDING]


async def _fail(
    unit: Unit, on: date, failed: Sequence[tuple[Payment, str, GatewayAnswer]]
) -> dict[int, str]:
    """These payments failed: an event for each, and the hold that the policy wants. Where it refuses, they stay PENDING."""
    if not failed:
        return {}
    account_ids = {payment.account_id for payment, _, _ in failed}
    told = await entity_facts(unit.session, Kind.ACCOUNT, sorted(account_ids))
    due = await past_due_since(unit, account_ids, on)
    aside: dict[int, str] = {}
    decided: list[tuple[Payment, Status | None]] = []
    rows: list[dict[str, object]] = []
    for payment, name, answer in failed:
        days = days_past_due(due.get(payment.account_id), on)
        try:
            decided.append(
                (payment, effect_of_failure(unit, told[payment.account_id].account, payment, days))
            )
            rows.append(failure_of(payment, name, answer))
        except TenureError as refusal:
            aside[payment.account_id] = refusal.message
            payment.asked_on = payment.result = None
    event_ids = await record_all(unit, EventKind.PAYMENT, rows)
    for (payment, effect), event_id in zip(decided, event_ids, strict=True):
        payment.held = effect is not None
        payment.status, payment.event_id, payment.settled_at = (
            PaymentStatus.FAILED,
            event_id,
            unit.now,
        )
    await unit.session.flush()
    await failed_later(
        unit, on, {payment.bill_id or 0 for payment, _ in decided if payment.business_date < on}
    )
    wanted: dict[Status, dict[int, HoldReason]] = defaultdict(dict)
    for (payment, effect), row in zip(decided, rows, strict=True):
        if effect is not None:
            wanted[effect][payment.account_id] = HoldReason(
                str(row["description"]), payment.event_id
            )
    for effect, accounts in wanted.items():
        await hold_all(unit, effect, accounts)
    return aside


def effect_of_failure(
    unit: Unit, account: AccountFacts, payment: Payment, days: int
) -> Status | None:
    """The hold that the policy wants for a payment that failed. Raises NOT_ALLOWED where it refuses to say."""
    most = unit.business.inactivate_after_days_past_due
    result = PaymentResult(
        PaymentOutcome(payment.result or ""), payment.amount, payment.currency, most
    )
    return installed().payment_failed(account, result, days)
