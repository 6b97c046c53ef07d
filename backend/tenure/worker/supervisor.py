"""What runs until it is told to stop: one process, or several that one more looks after."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

import structlog

from tenure.kernel.errors import ConfigurationError
from tenure.kernel.logs import configure_logs
from tenure.kernel.settings import Settings
from tenure.worker.broker import connection_to, make_broker
from tenure.worker.process import work

# Seconds that a process has to stop; one more than its own patience, and what it takes to close.
SECONDS_TO_STOP = 9
# Seconds before one that died is replaced, so that one that cannot live does not eat the machine.
PAUSE = 1
# The exit code of one that was set up so that it cannot work (EX_CONFIG of sysexits.h): another one could not either.
MISCONFIGURED = 78

logger = structlog.get_logger(__name__)


def until_told(task: Coroutine[None, None, None]) -> None:
    """Run it until SIGTERM or SIGINT, or until the process that started this one has died."""
    asyncio.run(_until_told(task))


async def supervise(settings: Settings, processes: int) -> None:
    """So many processes that work, each with its own event loop and database. One that dies is replaced.

    Raises ConfigurationError where none of them could work.
    """
    connection_to(make_broker(settings)).close()
    keeping = [asyncio.create_task(_keep_one(settings)) for _ in range(processes)]
    try:
        await asyncio.wait(keeping, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for one in keeping:
            one.cancel()
        for outcome in await asyncio.gather(*keeping, return_exceptions=True):
            if isinstance(outcome, ConfigurationError):
                raise outcome


async def _until_told(task: Coroutine[None, None, None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if (parent := parent_process()) is not None:
        loop.add_reader(parent.sentinel, told.set)
    running, ended = asyncio.create_task(task), asyncio.create_task(told.wait())
    await asyncio.wait((running, ended), return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    ended.cancel()
    for outcome in await asyncio.gather(running, ended, return_exceptions=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
            raise outcome


async def _keep_one(settings: Settings) -> None:
    while True:
        # Spawned, not forked: event loops and connections are not to be shared.
        process = get_context("spawn").Process(target=_work_in_child, args=(settings,))
        process.start()
        try:
            await _end_of(process)
        except asyncio.CancelledError:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(_end_of(process), SECONDS_TO_STOP)
            raise
        finally:
            process.kill()
            process.join()
        if process.exitcode == MISCONFIGURED:
            raise ConfigurationError(
                "No worker process can work with these settings; the line above says why."
            )
        logger.error(
            "a worker process died and is replaced", pid=process.pid, exit_code=process.exitcode
        )
        await asyncio.sleep(PAUSE)


async def _end_of(process: BaseProcess) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)


def _work_in_child(settings: Settings) -> None:
    configure_logs(settings)
    try:
        until_told(work(settings))
    except ConfigurationError as fault:
        logger.error(str(fault))
        sys.exit(MISCONFIGURED)
