"""The bill day: for each date that was missed, and then its own, every step in its order (rules 6.5)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from tenure.batch.bill_day.actions import STEPS, STEPS_OF_A_MISSED_DATE, Step
from tenure.batch.bill_day.queries import (
    BillUnits,
    accounts_of,
    claimed,
    how_many,
    next_date_due,
    not_quarantined,
)
from tenure.batch.bill_day.rules import BusinessDate
from tenure.batch.deferred_actions_job import run_deferred_actions_job
from tenure.batch.runs import Chunk, ProgressCheck, Run, run_chunks
from tenure.batch.totals import of_bills, of_payments
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind
from tenure.jobs.queries import is_live, last_done, quarantined_accounts
from tenure.kernel.actor import Actor, Role
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.receivables.collection.actions import CollectionResult as Collected
from tenure.receivables.collection.actions import collect_chunk
from tenure.receivables.overdue.actions import review_overdue_chunk

# So many bill units are one transaction.
CHUNK = 2000
THE_JOB = Actor("bill day job", Role.ADMIN)
PAYMENTS, OVERDUE = "payments", "overdue accounts"


@dataclass(slots=True)
class BillDayStep:
    """A step on one date. Bill units are taken in the order of their ids, from behind the last one that is done."""

    step: Step
    day: BusinessDate
    due: BillUnits
    after: int = 0


async def run_bill_day(run: Run, last: BusinessDate, now: datetime) -> None:
    """A step starts when the one before it is done, whoever did it."""
    on = await _next_date(run, None, last.on)
    while on is not None:
        run.on, day = on, BusinessDate(on, last.time_zone)
        await run_deferred_actions_job(run, min(now, day.last_instant))
        for step in STEPS if on == last.on else STEPS_OF_A_MISSED_DATE:
            await _run_step(run, step, day)
        await _collect(run, on)
        await _review_overdue(run, on)
        on = await _next_date(run, on, last.on)


async def _next_date(run: Run, after: date | None, last: date) -> date | None:
    async with run.runtime.database.reading() as session:
        done_until = await last_done(session, JobKind.BILL_DAY)
        return await next_date_due(session, after=after, done_until=done_until, last=last)


async def _run_step(run: Run, step: Step, day: BusinessDate) -> None:
    due = not_quarantined(step.due(day), run.id)
    if await run.begin(step.name, partial(how_many, bill_units=due)):
        part = BillDayStep(step, day, due)
        await run_chunks(
            run, partial(_run_chunk, run, part), partial(_quarantine, run, part), size=CHUNK
        )


async def _run_chunk(run: Run, part: BillDayStep, chunk: Chunk, limit: int) -> None:
    """Effects and progress of one chunk in one transaction."""

    async def verb(unit: Unit) -> None:
        run.require_begun(unit)
        chunk.tried = list(await claimed(unit, part.due, after=part.after, limit=limit))
        if not chunk.tried and part.after:
            # What others had in hand when it was passed by, and have let go.
            chunk.tried = list(await claimed(unit, part.due, after=0, limit=limit))
        if not chunk.tried:
            chunk.is_last = not await is_live(unit, run.id) or not await how_many(
                unit.session, part.due
            )
            return
        made = await part.step.run_in_unit(unit, chunk.tried, part.day)
        chunk.done = len(chunk.tried)
        await run.count_on(unit, done=chunk.done, failed=0)
        if made:
            await jobs.add_up(unit, run.id, of_bills(made))
        chunk.is_last = not await is_live(unit, run.id)

    await run.runtime.run_in_unit(THE_JOB, verb, job_run_id=run.id)
    part.after = max(part.after, chunk.tried[-1]) if chunk.tried else 0


async def _quarantine(run: Run, part: BillDayStep, chunk: Chunk, fault: Exception) -> None:
    """The account at fault is left out of the rest of the run; the next run tries it again."""
    is_refused = isinstance(fault, TenureError)
    words = (
        str(fault) if is_refused else f"An unforeseen fault stopped it ({type(fault).__name__})."
    )

    async def verb(unit: Unit) -> None:
        reasons = dict.fromkeys(await accounts_of(unit, chunk.tried), words)
        chunk.failed = await jobs.quarantine(unit, run.id, step=part.step.name, reasons=reasons)
        await run.count_on(unit, done=0, failed=chunk.failed)

    await run.runtime.run_in_unit(THE_JOB, verb, job_run_id=run.id)


async def _collect(run: Run, on: date) -> None:
    """Payments, with the gateway between two transactions of a chunk (rules 7.3)."""
    if not await run.begin(PAYMENTS, _unknown):
        return
    progress = ProgressCheck()
    while await _is_live(run):
        async with run.runtime.database.reading() as session:
            aside = await quarantined_accounts(session, run.id)
        tell = partial(_tell, run, PAYMENTS)
        chunk = await collect_chunk(
            run.runtime, THE_JOB, run.id, on, limit=CHUNK, tell=tell, aside=aside
        )
        if chunk.is_last:
            return
        progress.claimed(chunk.tried)
        run.add(done=chunk.done, failed=len(chunk.aside))


async def _review_overdue(run: Run, on: date) -> None:
    """Accounts that have been past due for longer (rules 7.3)."""
    if not await run.begin(OVERDUE, _unknown):
        return
    chunk, progress = Collected(), ProgressCheck()
    while await _is_live(run):
        tell = partial(_tell, run, OVERDUE)
        chunk = await review_overdue_chunk(
            run.runtime, THE_JOB, run.id, on, limit=CHUNK, tell=tell, after=chunk.last
        )
        if chunk.is_last:
            return
        progress.claimed([chunk.last])
        run.add(done=chunk.done, failed=len(chunk.aside))


async def _tell(run: Run, step: str, unit: Unit, chunk: Collected) -> None:
    """Progress, and who was set aside, in the transaction of what was done."""
    failed = await jobs.quarantine(unit, run.id, step=step, reasons=chunk.aside)
    await run.count_on(unit, done=chunk.done, failed=failed)
    if chunk.settled:
        await jobs.add_up(unit, run.id, of_payments(chunk.settled))


async def _is_live(run: Run) -> bool:
    async with run.runtime.unit(THE_JOB, job_run_id=run.id) as unit:
        run.require_begun(unit)
        return await is_live(unit, run.id)


async def _unknown(_: AsyncSession) -> int:
    """How much there is to do is seen while it is done."""
    return 0
