"""What commands share: reading the settings, opening the runtime, running an operation in a unit.

Heavy modules are imported where they are needed (PLC0415), so that `tenure --help` is fast.
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
    """Read the settings and configure the log. Unknown TENURE_ names are logged as warnings.

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
    """Read and check the settings. Raises ConfigurationError with a line for each problem."""
    from tenure.kernel.errors import ConfigurationError
    from tenure.payments.gateways import gateway

    settings = read_settings()
    problems = []
    for check in (
        lambda: settings.origins,
        lambda: settings.identity_provider,
        lambda: gateway(settings.payment_gateway),
    ):
        try:
            check()
        except ConfigurationError as fault:
            problems.append(str(fault))
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


@asynccontextmanager
async def open_runtime(settings: "Settings") -> AsyncIterator["Runtime"]:
    """A runtime on a database with the schema of this version. Raises ConfigurationError."""
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
def sigterm_as_interrupt() -> Iterator[None]:
    """Treat SIGTERM like Ctrl+C during the block, so that it can remove unfinished files."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def in_runtime(operation: Callable[["Runtime"], Awaitable[T]]) -> T:
    """Run the operation on the database of the settings."""

    async def run() -> T:
        async with open_runtime(load_settings()) as runtime:
            return await operation(runtime)

    return asyncio.run(run())


def in_unit(operation: Callable[["Unit"], Awaitable[T]]) -> T:
    """Run the operation in a unit of SYSTEM, which has every permission."""
    from tenure.kernel.actor import SYSTEM

    return in_runtime(lambda runtime: runtime.run_in_unit(SYSTEM, operation))
