"""The checks of `tenure check`. Each finding is one line of its output."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from tenure.batch.heartbeat import stuck_jobs
from tenure.identity.openid.rules import SignInRefusedError
from tenure.kernel.clock import is_time_zone
from tenure.kernel.db import Database
from tenure.kernel.disk import disk_problems
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.readiness import first_line, schema_notices, what_is_wrong
from tenure.kernel.settings import Settings
from tenure.payments.gateways import gateway
from tenure.settings.queries import read_business, runtime_of
from tenure.web.oidc_client import ProviderClient
from tenure.web.pages import DIST
from tenure.webhooks.deliveries.models import WebhookStatus
from tenure.webhooks.deliveries.queries import webhook_figures
from tenure.worker.broker import BROKER_ERRORS, broker_connection, make_broker

# The oldest version that PostgreSQL still supports.
OLDEST_POSTGRESQL = 14


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    subject: str
    message: str
    is_ok: bool = True


async def findings(settings: Settings) -> list[Finding]:
    """The results of all checks, in the order in which faults should be corrected."""
    found = [
        _of(settings.session_key, "sessions", "signed"),
        _of_broker(settings),
        _of(lambda: settings.origins, "origins", ", ".join(("same origin", *_origins(settings)))),
        await _of_gateway(settings),
        await _of_identity_provider(settings),
    ]
    try:
        database = Database(settings.database_url)
    except ConfigurationError as fault:
        return [Finding("database", str(fault), is_ok=False), *found]
    try:
        found = [*await _of_database(database, settings), *found]
    finally:
        await database.close()
    built = (DIST / "index.html").exists()
    return [
        *found,
        Finding("page", "built" if built else "not built: run `make setup`", is_ok=built),
    ]


def _of_broker(settings: Settings) -> Finding:
    if settings.embedded:
        return Finding("broker", "embedded")
    try:
        connection = broker_connection(make_broker(settings))
        connection.ping()
        connection.close()
    except ConfigurationError as fault:
        return Finding("broker", str(fault), is_ok=False)
    except BROKER_ERRORS as fault:
        return Finding("broker", f"cannot be reached: {first_line(fault)}", is_ok=False)
    return Finding("broker", "answers")


async def _of_gateway(settings: Settings) -> Finding:
    try:
        async with gateway(settings.payment_gateway) as payment_gateway:
            await payment_gateway.check()
    except ConfigurationError as fault:
        return Finding("gateway", str(fault), is_ok=False)
    is_simulated = settings.gateway == "simulated"
    return Finding(
        "gateway",
        "simulated: no money is charged" if is_simulated else f"{settings.gateway} answers",
    )


async def _of_identity_provider(settings: Settings) -> Finding:
    try:
        provider = settings.identity_provider
    except ConfigurationError as fault:
        return Finding("sign-in", str(fault), is_ok=False)
    if provider is None:
        return Finding("sign-in", "by password")
    ways = "by password, or through" if settings.password_sign_in else "through"
    try:
        await ProviderClient(provider).check()
    except SignInRefusedError as fault:
        # A warning: other users can work, and the provider may be back soon.
        return Finding("sign-in", f"warning: {provider.issuer} cannot be used: {fault.detail}")
    return Finding("sign-in", f"{ways} {provider.name}, which answers")


async def _of_database(database: Database, settings: Settings) -> list[Finding]:
    try:
        version = await database.ping()
    except (SQLAlchemyError, OSError) as fault:
        unreachable = Finding("database", f"cannot be reached: {first_line(fault)}", is_ok=False)
        return [unreachable, *(await _of_disk(database) if database.is_sqlite else [])]
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    is_old = not database.is_sqlite and int(version.split(".")[0]) < OLDEST_POSTGRESQL
    requirement = f", but {OLDEST_POSTGRESQL} or newer is needed" if is_old else ""
    found = [Finding("database", f"{kind} {version}{requirement}", is_ok=not is_old)]
    problems = await what_is_wrong(database)
    found += await _of_disk(database)
    if problems:
        return [*found, *(Finding("schema", problem, is_ok=False) for problem in problems)]
    async with database.reading() as session:
        business = await read_business(session, runtime_of(settings, database))
    kind_of_clock = "set" if business.clock_is_set else "real"
    clock = f"{business.now:%Y-%m-%d %H:%M} UTC, {kind_of_clock}; days in {business.time_zone}"
    return [
        *found,
        Finding("schema", " ".join(await schema_notices(database)) or "current"),
        Finding("clock", clock, is_ok=is_time_zone(business.time_zone)),
        *await _of_jobs(database, settings),
        *await _of_webhooks(database),
    ]


async def _of_jobs(database: Database, settings: Settings) -> list[Finding]:
    problems = await stuck_jobs(database, settings.worker_timeout)
    return [Finding("jobs", problem, is_ok=False) for problem in problems]


async def _of_webhooks(database: Database) -> list[Finding]:
    """A line for each webhook that has stopped by itself; one for all if none has."""
    async with database.reading() as session:
        found = await webhook_figures(session)
    failing = [
        Finding(
            "webhooks",
            f"{it.webhook_id} ({it.url}) is FAILING with {it.pending:,} pending: repair the "
            f"endpoint, then `tenure webhook resume {it.webhook_id}`",
            is_ok=False,
        )
        for it in found
        if it.status is WebhookStatus.FAILING
    ]
    return failing or [Finding("webhooks", f"{len(found)}, none is FAILING" if found else "none")]


async def _of_disk(database: Database) -> list[Finding]:
    return [Finding("disk", problem, is_ok=False) for problem in await disk_problems(database)]


def _origins(settings: Settings) -> tuple[str, ...]:
    try:
        return settings.origins
    except ConfigurationError:
        return ()


def _of(check: Callable[[], object], subject: str, message: str) -> Finding:
    try:
        check()
    except (ConfigurationError, OSError) as fault:
        return Finding(subject, str(fault), is_ok=False)
    return Finding(subject, message)
