"""Running a process until a signal, and supervising several worker processes.

Decision 12 says why Dramatiq's own supervision is not used.
"""

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
from tenure.worker.broker import broker_connection, make_broker
from tenure.worker.process import work

# Longer than STOP_MILLISECONDS of a worker, and closing its connections.
STOP_SECONDS = 9
# Before a process is replaced, so that one that ends at once does not use up the machine.
RESTART_SECONDS = 1
# EX_CONFIG of sysexits.h: a replacement with the same settings would fail as well.
MISCONFIGURED_EXIT_CODE = 78

logger = structlog.get_logger(__name__)


def run_until_signal(process: Coroutine[None, None, None]) -> None:
    """Run the coroutine until SIGTERM or SIGINT, or until the parent process has died."""
    asyncio.run(_run_until_signal(process))


async def supervise(settings: Settings, processes: int) -> None:
    """Run this number of worker processes, and replace one that dies.

    Each process has its own event loop and database connections. Raises ConfigurationError if no
    worker can run with these settings.
    """
    broker_connection(make_broker(settings)).close()
    supervisors = [asyncio.create_task(_supervise_one(settings)) for _ in range(processes)]
    try:
        await asyncio.wait(supervisors, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for supervisor in supervisors:
            supervisor.cancel()
        for outcome in await asyncio.gather(*supervisors, return_exceptions=True):
            if isinstance(outcome, ConfigurationError):
                raise outcome


async def _run_until_signal(process: Coroutine[None, None, None]) -> None:
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled.set)
    if (parent := parent_process()) is not None:
        loop.add_reader(parent.sentinel, signalled.set)
    tasks = (asyncio.create_task(process), asyncio.create_task(signalled.wait()))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
            raise outcome


async def _supervise_one(settings: Settings) -> None:
    while True:
        # Spawned, not forked: event loops and connections must not be shared.
        process = get_context("spawn").Process(target=_run_worker, args=(settings,))
        process.start()
        try:
            await _until_exit(process)
        except asyncio.CancelledError:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(_until_exit(process), STOP_SECONDS)
            raise
        finally:
            process.kill()
            process.join()
        if process.exitcode == MISCONFIGURED_EXIT_CODE:
            raise ConfigurationError(
                "No worker process can run with these settings; the log line above says why."
            )
        logger.error(
            "a worker process died and is replaced", pid=process.pid, exit_code=process.exitcode
        )
        await asyncio.sleep(RESTART_SECONDS)


async def _until_exit(process: BaseProcess) -> None:
    loop, exited = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, exited.set)
    try:
        await exited.wait()
    finally:
        loop.remove_reader(process.sentinel)


def _run_worker(settings: Settings) -> None:
    configure_logs(settings)
    try:
        run_until_signal(work(settings))
    except ConfigurationError as fault:
        logger.error(str(fault))
        sys.exit(MISCONFIGURED_EXIT_CODE)
