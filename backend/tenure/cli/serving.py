"""The command `tenure serve`.

An embedded installation is migrated first. The address and how to sign in are printed, then the
server runs until a signal.
"""

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
    """Serve until a signal. Raises ConfigurationError if the server cannot start."""
    listener = _listen(host, port)
    app = create_app(settings)
    # With a broker the operator migrates and creates users; /readyz reports what is missing.
    if settings.embedded or demo:
        for line in asyncio.run(prepare(settings, demo=demo)):
            typer.echo(line)
    typer.echo(
        f"Tenure serves {settings.public_url or _address(host, listener)} — Ctrl+C stops it."
    )
    server = uvicorn.Server(uvicorn_config(app, limits_of(settings), settings.trusted_networks))
    freeze_gc()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    if not server.started:
        raise ConfigurationError("The server could not start: see the log above.")


def limits_of(settings: Settings) -> Limits:
    """The limits of connections."""
    return Limits(
        connections=settings.connections, connections_per_address=settings.connections_per_address
    )


def uvicorn_config(app: ASGIApp, limits: Limits, proxies: Sequence[Network] = ()) -> uvicorn.Config:
    """The configuration of uvicorn.

    The limit per address does not apply to trusted proxies, whose connections are for others.
    """
    connections = OpenConnections(limits, is_proxy=partial(contains, proxies))
    return uvicorn.Config(
        app,
        # Factories instead of the classes that uvicorn declares.
        http=partial(HttpProtocol, open_connections=connections),  # type: ignore[arg-type]
        ws=partial(WebSocketProtocol, open_connections=connections),  # type: ignore[arg-type]
        log_config=None,
        # One line per request is useful in a collected log, but not in a terminal.
        access_log=not sys.stderr.isatty(),
        server_header=False,
        # Uvicorn would trust every local process. The application applies TENURE_TRUSTED_PROXIES.
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )


async def prepare(settings: Settings, *, demo: bool) -> list[str]:
    """Migrate an embedded database, and create demonstration data. Returns messages."""
    database = Database(settings.database_url)
    try:
        if database.is_sqlite and settings.embedded:
            await migrate(database)
        for problem in await what_is_wrong(database):
            raise ConfigurationError(problem)
        runtime = runtime_of(settings, database)
        return await _create_data(runtime, demo=demo)
    finally:
        await database.close()


async def _create_data(runtime: Runtime, *, demo: bool) -> list[str]:
    async with runtime.database.reading() as session:
        is_set_up, is_empty = await has_users(session), await company.is_empty(session)
    lines = []
    if demo and is_empty:
        lines.append(
            f"{await company.build_company(runtime):,} demonstration accounts were created."
        )
    if is_set_up:
        lines.append(
            "Sign in with your e-mail and password. `tenure user password EMAIL` sets a new one."
        )
    elif demo:

        async def admin(unit: Unit) -> str | None:
            return (await create_user(unit, email=ADMIN, role=Role.ADMIN))[1]

        password = await runtime.run_in_unit(SYSTEM, admin)
        lines.append(f"Sign in as {ADMIN} with the password {password} (it is not shown again).")
    else:
        lines.append("There is no user yet: create one with `tenure user add EMAIL --role ADMIN`.")
    return lines


def _listen(host: str, port: int) -> socket.socket:
    """Open the port first, so that a port in use is reported before anything is changed."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, OverflowError) as fault:
        # `create_server` repeats the address in brackets.
        reason = str(getattr(fault, "strerror", None) or fault).partition(" (while")[0]
        raise ConfigurationError(
            f"Port {port} of {host} cannot be used: {reason}. Choose another one with --port."
        ) from None


def _address(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"
