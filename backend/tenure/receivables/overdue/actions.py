"""Reviewing overdue accounts whose last payment failed (rules 6.5, 7.3)."""

from collections import defaultdict
from datetime import date

import structlog

from tenure.holds.models import Status
from tenure.kernel.actor import Actor
from tenure.kernel.errors import TenureError
from tenure.kernel.faults import is_resumable
from tenure.kernel.unit import Runtime, Unit
from tenure.receivables.collection.actions import CollectionResult, Job, Tell, effect_of_failure
from tenure.receivables.collection.rules import (
    days_past_due,
    reason_of,
)
from tenure.receivables.overdue.queries import debtors
from tenure.receivables.receipts.actions import hold_all
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
    tell: Tell,
    after: int = 0,
) -> CollectionResult:
    """Look at the next overdue accounts, behind `after`; `tell` as above."""
    job = Job(runtime, actor, job_run_id, on, tell)

    async def verb(unit: Unit) -> CollectionResult:
        return await review_overdue(unit, on, after=after, limit=limit)

    try:
        return await job.run_in_unit(verb)
    except Exception as fault:
        if is_resumable(fault):
            raise
        log.exception("overdue accounts could not be looked at", limit=limit)
        if limit == 1:
            return await job.quarantine(await _next_debtor(job, after), fault)
    return await review_overdue_chunk(
        runtime, actor, job_run_id, on, limit=1, tell=tell, after=after
    )


async def _next_debtor(job: Job, after: int) -> int:
    async with job.runtime.unit(job.actor, job_run_id=job.run_id) as unit:
        [(account_id, _, _)] = await debtors(unit, job.on, after=after, limit=1)
        return account_id


async def review_overdue(unit: Unit, on: date, *, after: int = 0, limit: int) -> CollectionResult:
    """Ask the policy again for overdue accounts behind `after` whose last collection failed: more days have passed."""
    found = await debtors(unit, on, after=after, limit=limit)
    told = await entity_facts(
        unit.session, Kind.ACCOUNT, [account_id for account_id, _, _ in found]
    )
    aside: dict[int, str] = {}
    wanted: dict[Status, dict[int, HoldReason]] = defaultdict(dict)
    for account_id, payment, due_on in found:
        days = days_past_due(due_on, on)
        try:
            effect = effect_of_failure(unit, told[account_id].account, payment, days)
        except TenureError as refusal:
            aside[account_id] = refusal.message
            continue
        if effect is not None:
            payment.held = True
            reason = f"{days} days past due, and the last payment failed: {reason_of(payment)}"
            wanted[effect][account_id] = HoldReason(reason, payment.event_id)
    await unit.session.flush()
    for effect, accounts in wanted.items():
        await hold_all(unit, effect, accounts)
    return CollectionResult(len(found) - len(aside), aside, found[-1][0] if found else after)
