"""The bill day job: all steps in order, for each missed date and then its own (rules 6.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from tenure.batch.bill_day.actions import STEPS, STEPS_OF_A_MISSED_DATE, BillUnitOperation
from tenure.batch.bill_day.queries import (
    accounts_of,
    claimed_bill_units,
    count_bill_units,
    next_date_due,
    not_quarantined,
)
from tenure.batch.bill_day.rules import BusinessDate
from tenure.batch.deferred_actions_job import run_deferred_actions_job
from tenure.batch.receivables_steps import collect_payments, review_overdue_accounts
from tenure.batch.runs import Run, run_chunks
from tenure.batch.steps import BILL_DAY_ACTOR, Step, StepResult, quarantine_reason
from tenure.batch.totals import of_bills
from tenure.jobs.models import JobKind
from tenure.jobs.queries import last_done, latest_begun_date
from tenure.kernel.unit import Unit

# Bill units per transaction.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class BillUnitClaim:
    """Locked bill units."""

    ids: Sequence[int]


class BillUnitsStep(Step[BillUnitClaim]):
    """An operation on all bill units that are due for it on one date, in the order of their ids."""

    actor = BILL_DAY_ACTOR

    def __init__(self, run: Run, operation: BillUnitOperation, day: BusinessDate) -> None:
        self.name = operation.name
        self.operation = operation
        self.day = day
        self.due = not_quarantined(operation.due(day), run.id)
        self.chunk_size = CHUNK

    async def claim(self, unit: Unit, limit: int, after: int) -> BillUnitClaim:
        """Locks the next bill units that no other worker has locked."""
        ids = await claimed_bill_units(unit, self.due, after=after, limit=limit)
        if not ids and after:
            # Units that were locked by others when they were skipped, and are released now.
            ids = await claimed_bill_units(unit, self.due, after=0, limit=limit)
        return BillUnitClaim(ids)

    async def has_more(self, unit: Unit) -> bool:
        """True if others have locked the bill units that are due."""
        return await count_bill_units(unit.session, self.due) > 0

    async def apply(self, unit: Unit, claim: BillUnitClaim) -> StepResult:
        """Runs the operation; counts the bills that it made."""
        made = await self.operation.run_in_unit(unit, claim.ids, self.day)
        return StepResult(len(claim.ids), totals=of_bills(made) if made else None)

    async def fail(self, unit: Unit, claim: BillUnitClaim, fault: Exception) -> StepResult:
        """Quarantines the account: this run skips it, the next one retries it."""
        account_ids = await accounts_of(unit, claim.ids)
        return StepResult(quarantined=dict.fromkeys(account_ids, quarantine_reason(fault)))


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
        for operation in STEPS if on == last.on else STEPS_OF_A_MISSED_DATE:
            step = BillUnitsStep(run, operation, day)
            if await run.begin(step.name, partial(count_bill_units, bill_units=step.due)):
                await run_chunks(run, step)
        await collect_payments(run, on)
        await review_overdue_accounts(run, on)
        on = await _next_date(run, on, last.on)


async def _begun_date(run: Run) -> date | None:
    async with run.runtime.database.reading() as session:
        return await latest_begun_date(session, run.id)


async def _next_date(run: Run, after: date | None, last: date) -> date | None:
    async with run.runtime.database.reading() as session:
        done_until = await last_done(session, JobKind.BILL_DAY)
        return await next_date_due(session, after=after, done_until=done_until, last=last)
