"""What every command starts from: the settings, a database that can be worked with, and a unit.

Heavy modules are imported where they are needed (PLC0415), so that `tenure --help` answers at once.
"""
# ruff: noqa: PLC0415

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tenure.kernel.settings import Settings
    from tenure.kernel.unit import Runtime, Unit

T = TypeVar("T")


def read_settings() -> "Settings":
    """The settings, and the log set up as they say. Names that are no setting are warned of.

    Raises ValidationError and ConfigurationError.
    """
    import structlog

    from tenure.kernel.errors import printable
    from tenure.kernel.logs import configure_logs
    from tenure.kernel.setting_names import unknown_settings
    from tenure.kernel.settings import Settings

    unknown = unknown_settings(Settings.model_fields, Path(".env"))
    settings = Settings()
    configure_logs(settings)
    for warning in unknown:
        structlog.get_logger(__name__).warning(printable(warning))
    return settings


def load_settings() -> "Settings":
    """The settings of an installation that can work. Raises ConfigurationError, with a line for each problem."""
    from tenure.kernel.errors import ConfigurationError
    from tenure.payments.gateways import gateway

    settings = read_settings()
    problems = []
    for attempt in (lambda: settings.origins, lambda: gateway(settings.payment_gateway)):
        try:
            attempt()
        except ConfigurationError as fault:
            problems.append(str(fault))
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


@asynccontextmanager
async def opened(settings: "Settings") -> AsyncIterator["Runtime"]:
    """A runtime on a database that can be worked with. Raises ConfigurationError."""
    from tenure.kernel.db import Database
    from tenure.kernel.errors import ConfigurationError
    from tenure.kernel.readiness import what_is_wrong
    from tenure.settings.queries import runtime_of

    database = Database(
        settings.database_url, pool_size=settings.pool_size, timeouts=settings.job_timeouts
    )
    try:
        for problem in await what_is_wrong(database):
            raise ConfigurationError(problem)
        yield runtime_of(settings, database)
    finally:
        await database.close()


@contextmanager
def stoppable() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl+C does, so that it can remove what is unfinished."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def in_runtime(work: Callable[["Runtime"], Awaitable[T]]) -> T:
    """Do the work on the database that the settings name."""

    async def whole() -> T:
        async with opened(load_settings()) as runtime:
            return await work(runtime)

    return asyncio.run(whole())


def in_unit(verb: Callable[["Unit"], Awaitable[T]]) -> T:
    """Carry out one verb, as the program itself: who may run it here may do everything."""
    from tenure.kernel.actor import SYSTEM

    return in_runtime(lambda runtime: runtime.run_in_unit(SYSTEM, verb))
