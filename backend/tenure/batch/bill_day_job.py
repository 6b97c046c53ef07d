"""The bill day job: all steps in order, for each missed date and then its own (rules 6.5)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from tenure.batch.bill_day.actions import STEPS, STEPS_OF_A_MISSED_DATE, Step
from tenure.batch.bill_day.queries import (
    BillUnits,
    accounts_of,
    claimed_bill_units,
    count_bill_units,
    next_date_due,
    not_quarantined,
)
from tenure.batch.bill_day.rules import BusinessDate
from tenure.batch.deferred_actions_job import run_deferred_actions_job
from tenure.batch.runs import Chunk, ProgressCheck, Run, run_chunks
from tenure.batch.totals import of_bills, of_payments
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind
from tenure.jobs.queries import (
    is_live,
    last_done,
    latest_begun_date,
    quarantined_accounts,
)
from tenure.kernel.actor import Actor, Role
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.receivables.collection.actions import collect_chunk
from tenure.receivables.overdue.actions import review_overdue_chunk
from tenure.receivables.runs.actions import CollectionResult as Collected

# Bill units per transaction.
CHUNK = 2000
JOB_ACTOR = Actor("bill day job", Role.ADMIN)
PAYMENTS = "payments"
OVERDUE = "overdue accounts"


@dataclass(slots=True)
class BillDayStep:
    """A step on one date. Bill units are processed by id; `after` is the last one that is done."""

    step: Step
    day: BusinessDate
    due: BillUnits
    after: int = 0


async def run_bill_day(run: Run, last: BusinessDate, now: datetime) -> None:
    """A step starts when the previous one is done, by whichever worker.

    A run that was interrupted repeats the date that it had begun: its last steps may be missing,
    and steps that are done find nothing due.
    """
    on = await _begun_date(run) or await _next_date(run, None, last.on)
    while on is not None:
        run.on = on
        day = BusinessDate(on, last.time_zone)
        await run_deferred_actions_job(run, min(now, day.last_instant))
        for step in STEPS if on == last.on else STEPS_OF_A_MISSED_DATE:
            await _run_step(run, step, day)
        await _collect(run, on)
        await _review_overdue(run, on)
        on = await _next_date(run, on, last.on)


async def _begun_date(run: Run) -> date | None:
    async with run.runtime.database.reading() as session:
        return await latest_begun_date(session, run.id)


async def _next_date(run: Run, after: date | None, last: date) -> date | None:
    async with run.runtime.database.reading() as session:
        done_until = await last_done(session, JobKind.BILL_DAY)
        return await next_date_due(session, after=after, done_until=done_until, last=last)


async def _run_step(run: Run, step: Step, day: BusinessDate) -> None:
    due = not_quarantined(step.due(day), run.id)
    if await run.begin(step.name, partial(count_bill_units, bill_units=due)):
        part = BillDayStep(step, day, due)
        await run_chunks(
            run, partial(_run_chunk, run, part), partial(_quarantine, run, part), size=CHUNK
        )


async def _run_chunk(run: Run, part: BillDayStep, chunk: Chunk, limit: int) -> None:
    """Runs one chunk: effects and progress in one transaction."""

    async def operation(unit: Unit) -> None:
        run.require_begun(unit)
        chunk.tried = list(await claimed_bill_units(unit, part.due, after=part.after, limit=limit))
        if not chunk.tried and part.after:
            # Units that were locked by others when they were skipped, and are released now.
            chunk.tried = list(await claimed_bill_units(unit, part.due, after=0, limit=limit))
        if not chunk.tried:
            chunk.is_last = not await is_live(unit, run.id) or not await count_bill_units(
                unit.session, part.due
            )
            return
        made = await part.step.run_in_unit(unit, chunk.tried, part.day)
        chunk.done = len(chunk.tried)
        await run.add_progress(unit, done=chunk.done, failed=0)
        if made:
            await jobs.add_totals(unit, run.id, of_bills(made))
        chunk.is_last = not await is_live(unit, run.id)

    await run.runtime.run_in_unit(JOB_ACTOR, operation, job_run_id=run.id)
    part.after = max(part.after, chunk.tried[-1]) if chunk.tried else 0


async def _quarantine(run: Run, part: BillDayStep, chunk: Chunk, fault: Exception) -> None:
    """Quarantines the failed accounts: this run skips them, the next one retries them."""
    is_refused = isinstance(fault, TenureError)
    reason = str(fault) if is_refused else f"Unexpected error ({type(fault).__name__})."

    async def operation(unit: Unit) -> None:
        reasons = dict.fromkeys(await accounts_of(unit, chunk.tried), reason)
        chunk.failed = await jobs.quarantine(unit, run.id, step=part.step.name, reasons=reasons)
        await run.add_progress(unit, done=0, failed=chunk.failed)

    await run.runtime.run_in_unit(JOB_ACTOR, operation, job_run_id=run.id)


async def _collect(run: Run, on: date) -> None:
    """Collects payments; each chunk asks the gateway between two transactions (rules 7.3)."""
    if not await run.begin(PAYMENTS, _count_unknown):
        return
    progress = ProgressCheck()
    while await _is_live(run):
        async with run.runtime.database.reading() as session:
            quarantined = await quarantined_accounts(session, run.id)
        record_result = partial(_record_result, run, PAYMENTS)
        chunk = await collect_chunk(
            run.runtime,
            JOB_ACTOR,
            run.id,
            on,
            limit=CHUNK,
            record_result=record_result,
            quarantined=quarantined,
        )
        if chunk.is_last:
            return
        progress.record(chunk.tried)
        run.add(done=chunk.done, failed=len(chunk.quarantined))


async def _review_overdue(run: Run, on: date) -> None:
    """Reviews accounts that are past due (rules 7.3)."""
    if not await run.begin(OVERDUE, _count_unknown):
        return
    chunk = Collected()
    progress = ProgressCheck()
    while await _is_live(run):
        record_result = partial(_record_result, run, OVERDUE)
        chunk = await review_overdue_chunk(
            run.runtime,
            JOB_ACTOR,
            run.id,
            on,
            limit=CHUNK,
            record_result=record_result,
            after=chunk.last,
        )
        if chunk.is_last:
            return
        progress.record([chunk.last])
        run.add(done=chunk.done, failed=len(chunk.quarantined))


async def _record_result(run: Run, step: str, unit: Unit, chunk: Collected) -> None:
    """Stores progress and quarantined accounts, in the transaction of the effects."""
    failed = await jobs.quarantine(unit, run.id, step=step, reasons=chunk.quarantined)
    await run.add_progress(unit, done=chunk.done, failed=failed)
    if chunk.settled:
        await jobs.add_totals(unit, run.id, of_payments(chunk.settled))


async def _is_live(run: Run) -> bool:
    async with run.runtime.unit(JOB_ACTOR, job_run_id=run.id) as unit:
        run.require_begun(unit)
        return await is_live(unit, run.id)


async def _count_unknown(_: AsyncSession) -> int:
    """The amount of work is not known in advance; the total grows with the counts."""
    return 0
