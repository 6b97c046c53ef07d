"""Which job carries out what."""

from tenure.bill_day.rules import BusinessDate
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.unit import Workplace
from tenure.policies.actions import installed
from tenure.wiring.bill_day import carry_out_bill_day
from tenure.wiring.deferred import carry_out_deferred
from tenure.wiring.runs import Progress, Run


async def carry_out_run(workplace: Workplace, job_run_id: int, progress: Progress | None = None) -> None:
    """Carry out everything that is due, a chunk at a time, and end the run. `progress` gets done, failed, total.

    Any number of workers may do so for one run at once. A message that comes late or twice finds a run that has ended,
    and changes nothing (rules 4.6). The run of a day that has passed leaves what came due after it to the run of its own day.
    """
    installed()  # A plug-in that cannot be loaded stops the run here, rather than let action after action fail.
    async with workplace.unit(SYSTEM, job_run_id=job_run_id) as unit:
        asked, business = await unit.session.get_one(JobRun, job_run_id), unit.business
    if asked.status not in LIVE:
        return
    day = BusinessDate(asked.business_date, business.time_zone)
    run = Run(workplace, job_run_id, day.on, progress)
    if asked.kind is JobKind.BILL_DAY:
        await carry_out_bill_day(run, day, business.now)
    else:
        await carry_out_deferred(run, min(business.now, day.last_instant))
    async with workplace.unit(SYSTEM, job_run_id=job_run_id) as unit:
        await jobs.end(unit, job_run_id)
