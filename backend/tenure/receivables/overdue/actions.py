"""Reviewing overdue accounts whose last payment failed (rules 6.5, 7.3)."""

from collections import defaultdict
from datetime import date

import structlog

from tenure.holds.models import Status
from tenure.kernel.actor import Actor
from tenure.kernel.errors import TenureError
from tenure.kernel.faults import is_resumable
from tenure.kernel.unit import Runtime, Unit
from tenure.receivables.collection.actions import effect_of_failure
from tenure.receivables.collection.rules import (
    days_past_due,
    failure_reason,
)
from tenure.receivables.overdue.queries import failed_debtors
from tenure.receivables.receipts.actions import hold_accounts_for_debt
from tenure.receivables.runs.actions import CollectionResult, CollectionRun, RecordResult
from tenure.status.cascades.rules import HoldReason, Kind
from tenure.status.entities.queries import entity_facts

log = structlog.get_logger()


async def review_overdue_chunk(
    runtime: Runtime,
    actor: Actor,
    job_run_id: int,
    on: date,
    *,
    limit: int,
    record_result: RecordResult,
    after: int = 0,
) -> CollectionResult:
    """Review the next overdue accounts after `after`.

    `record_result` is called as in `collect_chunk`.
    """
    job = CollectionRun(runtime, actor, job_run_id, on, record_result)

    async def operation(unit: Unit) -> CollectionResult:
        return await review_overdue(unit, on, after=after, limit=limit)

    try:
        return await job.run_in_unit(operation)
    except Exception as fault:
        if is_resumable(fault):
            raise
        log.exception("overdue accounts could not be reviewed", limit=limit)
        if limit == 1:
            return await job.quarantine(await _next_debtor(job, after), fault)
    return await review_overdue_chunk(
        runtime, actor, job_run_id, on, limit=1, record_result=record_result, after=after
    )


async def _next_debtor(job: CollectionRun, after: int) -> int:
    async with job.runtime.unit(job.actor, job_run_id=job.run_id) as unit:
        [(account_id, _, _)] = await failed_debtors(unit, job.on, after=after, limit=1)
        return account_id


async def review_overdue(unit: Unit, on: date, *, after: int = 0, limit: int) -> CollectionResult:
    """Ask the policy again about overdue accounts whose last collection failed: more days have
    passed.
    """
    found = await failed_debtors(unit, on, after=after, limit=limit)
    account_facts = await entity_facts(
        unit.session, Kind.ACCOUNT, [account_id for account_id, _, _ in found]
    )
    quarantined: dict[int, str] = {}
    wanted: dict[Status, dict[int, HoldReason]] = defaultdict(dict)
    for account_id, payment, due_on in found:
        days = days_past_due(due_on, on)
        try:
            effect = effect_of_failure(unit, account_facts[account_id].account, payment, days)
        except TenureError as refusal:
            quarantined[account_id] = refusal.message
            continue
        if effect is not None:
            payment.held = True
            reason = f"{days} days past due, and the last payment failed: {failure_reason(payment)}"
            wanted[effect][account_id] = HoldReason(reason, payment.event_id)
    await unit.session.flush()
    for effect, accounts in wanted.items():
        await hold_accounts_for_debt(unit, effect, accounts)
    return CollectionResult(
        len(found) - len(quarantined), quarantined, found[-1][0] if found else after
    )
