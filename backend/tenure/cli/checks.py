"""`tenure check`: can this installation work? Each finding is a line, good or not."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from tenure.batch.heartbeat import stuck_jobs
from tenure.kernel.clock import is_time_zone
from tenure.kernel.db import Database
from tenure.kernel.disk import disk_problems
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.readiness import first_line, schema_notices, what_is_wrong
from tenure.kernel.settings import Settings
from tenure.payments.gateways import gateway
from tenure.settings.queries import read_business, runtime_of
from tenure.web.pages import DIST
from tenure.worker.broker import BROKER_ERRORS, broker_connection, make_broker

# PostgreSQL 14 is the oldest that is still looked after.
OLDEST_POSTGRESQL = 14


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    words: str
    good: bool = True


async def findings(settings: Settings) -> list[Finding]:
    """All that was looked at, in the order in which somebody would mend it."""
    found = [
        _of(settings.session_key, "sessions", "signed"),
        _of_broker(settings),
        _of(lambda: settings.origins, "origins", ", ".join(("our own", *_origins(settings)))),
        await _of_gateway(settings),
    ]
    try:
        database = Database(settings.database_url)
    except ConfigurationError as fault:
        return [Finding("database", str(fault), good=False), *found]
    try:
        found = [*await _of_database(database, settings), *found]
    finally:
        await database.close()
    built = (DIST / "index.html").exists()
    return [
        *found,
        Finding("page", "built" if built else "not built: run `make setup`", good=built),
    ]


def _of_broker(settings: Settings) -> Finding:
    if settings.embedded:
        return Finding("broker", "embedded")
    try:
        connection = broker_connection(make_broker(settings))
        connection.ping()
        connection.close()
    except ConfigurationError as fault:
        return Finding("broker", str(fault), good=False)
    except BROKER_ERRORS as fault:
        return Finding("broker", f"cannot be reached: {first_line(fault)}", good=False)
    return Finding("broker", "answers")


async def _of_gateway(settings: Settings) -> Finding:
    try:
        async with gateway(settings.payment_gateway) as opened:
            await opened.check()
    except ConfigurationError as fault:
        return Finding("gateway", str(fault), good=False)
    takes_nothing = settings.gateway == "simulated"
    return Finding(
        "gateway",
        "simulated: no money is taken" if takes_nothing else f"{settings.gateway} answers",
    )


async def _of_database(database: Database, settings: Settings) -> list[Finding]:
    try:
        version = await database.ping()
    except (SQLAlchemyError, OSError) as fault:
        unreachable = Finding("database", f"cannot be reached: {first_line(fault)}", good=False)
        return [unreachable, *(await _of_disk(database) if database.is_sqlite else [])]
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    old = not database.is_sqlite and int(version.split(".")[0]) < OLDEST_POSTGRESQL
    words = f"{kind} {version}" + (f", but {OLDEST_POSTGRESQL} or newer is needed" if old else "")
    found = [Finding("database", words, good=not old)]
    problems = await what_is_wrong(database)
    found += await _of_disk(database)
    if problems:
        return [*found, *(Finding("schema", problem, good=False) for problem in problems)]
    async with database.reading() as session:
        business = await read_business(session, runtime_of(settings, database))
    clock = f"{business.now:%Y-%m-%d %H:%M} UTC, {'set' if business.clock_is_set else 'real'}; days in {business.time_zone}"
    return [
        *found,
        Finding("schema", " ".join(await schema_notices(database)) or "current"),
        Finding("clock", clock, good=is_time_zone(business.time_zone)),
        *await _of_jobs(database, settings),
    ]


async def _of_jobs(database: Database, settings: Settings) -> list[Finding]:
    problems = await stuck_jobs(database, settings.worker_timeout)
    return [Finding("jobs", problem, good=False) for problem in problems]


async def _of_disk(database: Database) -> list[Finding]:
    return [Finding("disk", problem, good=False) for problem in await disk_problems(database)]


def _origins(settings: Settings) -> tuple[str, ...]:
    try:
        return settings.origins
    except ConfigurationError:
        return ()


def _of(attempt: Callable[[], object], what: str, words: str) -> Finding:
    try:
        attempt()
    except (ConfigurationError, OSError) as fault:
        return Finding(what, str(fault), good=False)
    return Finding(what, words)
