"""`tenure serve`: make the embedded default ready, say where it listens and how to sign in, then serve until stopped."""

import asyncio
import socket
import sys
from collections.abc import Sequence
from functools import partial

import typer
import uvicorn
from starlette.types import ASGIApp

from tenure.demo import company
from tenure.identity.actions import create_user
from tenure.identity.queries import has_users
from tenure.kernel.actor import SYSTEM, Role
from tenure.kernel.db import Database
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.gc_tuning import freeze_gc
from tenure.kernel.migrating import migrate
from tenure.kernel.networks import Network, contains
from tenure.kernel.readiness import what_is_wrong
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import runtime_of
from tenure.web.app import create_app
from tenure.web.connections import HttpProtocol, Limits, OpenConnections, WebSocketProtocol

ADMIN = "admin@example.com"
SECONDS_TO_FINISH = 5


def serve(settings: Settings, *, host: str, port: int, demo: bool) -> None:
    """Serve until a signal. Raises ConfigurationError where it cannot begin."""
    listening = _listen(host, port)
    app = create_app(settings)
    # With a broker set there are other servers, and whoever operates them: this one serves, and /readyz says the rest.
    if settings.embedded or demo:
        for line in asyncio.run(prepare(settings, demo=demo)):
            typer.echo(line)
    typer.echo(
        f"Tenure serves {settings.public_url or _address(host, listening)} — Ctrl+C stops it."
    )
    server = uvicorn.Server(configured(app, limits_of(settings), settings.trusted_networks))
    freeze_gc()
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        return
    if not server.started:
        raise ConfigurationError("The server could not start: the log above says why.")


def limits_of(settings: Settings) -> Limits:
    """How many connections there may be."""
    return Limits(
        connections=settings.connections, connections_per_address=settings.connections_per_address
    )


def configured(app: ASGIApp, limits: Limits, proxies: Sequence[Network] = ()) -> uvicorn.Config:
    """How uvicorn serves the application. A trusted proxy may hold any number of connections: it holds them for others."""
    opened = OpenConnections(limits, is_proxy=partial(contains, proxies))
    return uvicorn.Config(
        app,
        http=partial(HttpProtocol, opened=opened),  # type: ignore[arg-type] # Any factory will do.
        ws=partial(WebSocketProtocol, opened=opened),  # type: ignore[arg-type]
        log_config=None,
        # A line per request helps a machine that reads the log, and hides from a person what matters.
        access_log=not sys.stderr.isatty(),
        server_header=False,
        # Uvicorn would believe every process of this machine. The application does it, by TENURE_TRUSTED_PROXIES.
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )


async def prepare(settings: Settings, *, demo: bool) -> list[str]:
    """The schema (on the embedded default), demonstration data, a first admin. Answers with what to tell."""
    database = Database(settings.database_url)
    try:
        if database.is_sqlite and settings.embedded:
            await migrate(database)
        for problem in await what_is_wrong(database):
            raise ConfigurationError(problem)
        runtime = runtime_of(settings, database)
        return await _fill(runtime, demo=demo)
    finally:
        await database.close()


async def _fill(runtime: Runtime, *, demo: bool) -> list[str]:
    async with runtime.database.reading() as session:
        someone, empty = await has_users(session), await company.is_empty(session)
    lines = []
    if demo and empty:
        lines.append(
            f"{await company.build_company(runtime):,} demonstration accounts were put in."
        )
    if someone:
        lines.append(
            "Sign in with your e-mail and password; `tenure user password EMAIL` makes a new password."
        )
    elif demo:

        async def admin(unit: Unit) -> str | None:
            return (await create_user(unit, email=ADMIN, role=Role.ADMIN))[1]

        password = await runtime.run_in_unit(SYSTEM, admin)
        lines.append(f"Sign in as {ADMIN} with the password {password} (it is not shown again).")
    else:
        lines.append(
            "Nobody can sign in yet: `tenure user create EMAIL --role ADMIN` lets somebody in."
        )
    return lines


def _listen(host: str, port: int) -> socket.socket:
    """Taken first, so that a port in use is said before anything is changed."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, OverflowError) as fault:
        # `create_server` repeats the address in brackets.
        reason = str(getattr(fault, "strerror", None) or fault).partition(" (while")[0]
        raise ConfigurationError(
            f"Port {port} of {host} cannot be used: {reason}. --port N takes another one."
        ) from None


def _address(host: str, listening: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}"
