"""A process that is killed during a bill day: `dying.py URL DATE STEP PLACE`.

PLACE is the chunk of the step in whose transaction it is killed, `begin`, or `asked`: after the
gateway has answered and before the answer is stored.
"""

import asyncio
import os
import signal
import sys
from datetime import date
from typing import Any

from tenure.batch import execute_run, receivables_steps
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun
from tenure.kernel.actor import SYSTEM
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader

URL, DATE, STEP, PLACE = sys.argv[1:]
seen: list[int] = []


def die() -> None:
    """As if the power had failed."""
    os.kill(os.getpid(), signal.SIGKILL)


async def add_progress(unit: Unit, run_id: int, **counts: int) -> None:
    """What it stands for; then perhaps the end."""
    await count(unit, run_id, **counts)
    run = await unit.session.get_one(JobRun, run_id, populate_existing=True)
    if run.step == STEP:
        seen.append(run.done)
    if str(len(seen)) == PLACE:
        die()


async def begin(unit: Unit, run: JobRun, *, step: str, on: date, total: int) -> int:
    """What it stands for; then perhaps the end."""
    step_id = await start(unit, run, step=step, on=on, total=total)
    if (step, PLACE) == (STEP, "begin"):
        die()
    return step_id


async def answers_to(*asked: Any) -> Any:
    """What it stands for; then perhaps the end."""
    answers = await answered(*asked)
    if PLACE == "asked":
        die()
    return answers


async def main() -> None:
    """Join the run that is live, or start one."""
    runtime = Runtime(Database(URL), BusinessReader(clock_settable=True))
    async with runtime.unit(SYSTEM) as unit:
        run_id = (
            await jobs.start(unit, kind=JobKind.BILL_DAY, business_date=date.fromisoformat(DATE))
        ).id
    await execute_run(runtime, run_id)


count, start = jobs.add_progress, jobs.begin
answered = receivables_steps.gateway_answers
jobs.add_progress, jobs.begin = add_progress, begin
receivables_steps.gateway_answers = answers_to
asyncio.run(main())
