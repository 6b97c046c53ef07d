"""A process that is killed during a bill day, in a given step, at a given place.

The place is the number of the chunk in whose transaction it is killed, `begin`, or `asked`: after
the gateway has answered and before the answer is stored.
"""

import asyncio
import os
import signal
from datetime import date
from typing import Any

from tenure.batch import execute_run, receivables_steps
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun
from tenure.kernel.actor import SYSTEM
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tests.programs import FORKING


def exit_code(url: str, on: date, step: str, place: str) -> int | None:
    """The exit code of the process; negative for a signal."""
    process = FORKING.Process(target=_run, args=(url, on, step, place))
    process.start()
    process.join()
    return process.exitcode


def _run(url: str, on: date, step: str, place: str) -> None:
    _patch(step, place)
    asyncio.run(_bill_day(url, on))


def _patch(fatal_step: str, place: str) -> None:
    """Replaces functions of this process by those that kill it."""
    count, start = jobs.add_progress, jobs.begin
    answered = receivables_steps.gateway_answers
    seen: list[int] = []

    async def add_progress(unit: Unit, run_id: int, **counts: int) -> None:
        await count(unit, run_id, **counts)
        run = await unit.session.get_one(JobRun, run_id, populate_existing=True)
        if run.step == fatal_step:
            seen.append(run.done)
        if str(len(seen)) == place:
            _die()

    async def begin(unit: Unit, run: JobRun, *, step: str, on: date, total: int) -> int:
        step_id = await start(unit, run, step=step, on=on, total=total)
        if (step, place) == (fatal_step, "begin"):
            _die()
        return step_id

    async def answers_to(*asked: Any) -> Any:
        answers = await answered(*asked)
        if place == "asked":
            _die()
        return answers

    jobs.add_progress, jobs.begin = add_progress, begin
    receivables_steps.gateway_answers = answers_to


def _die() -> None:
    """As if the power had failed."""
    os.kill(os.getpid(), signal.SIGKILL)


async def _bill_day(url: str, on: date) -> None:
    """Join the run that is live, or start one."""
    runtime = Runtime(Database(url), BusinessReader(clock_settable=True))
    async with runtime.unit(SYSTEM) as unit:
        run_id = (await jobs.start(unit, kind=JobKind.BILL_DAY, business_date=on)).id
    await execute_run(runtime, run_id)
