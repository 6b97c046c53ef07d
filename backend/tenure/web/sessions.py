"""Authentication of requests: users by a session cookie, partner systems by a bearer token.

The cookie contains a signed random secret. The session is a row, which a process reads again if it
has not done so within a second: the end of a session or token, or a lower role, takes effect within
that time in every process.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from tenure.identity.queries import Identity, identities_of, identity_of
from tenure.identity.rules import (
    SESSION_LIFETIME,
    Credential,
    CredentialKind,
    digest_of,
    use_is_due,
)
from tenure.identity.sessions.actions import note_uses
from tenure.kernel.actor import SYSTEM, Actor
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.faults import is_transient
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.web.cookies import HostCookie
from tenure.web.known_identities import KnownIdentities

COOKIE = "tenure_session"
SESSION_SECONDS = int(SESSION_LIFETIME.total_seconds())
RECHECK_SECONDS = 0.5

Authenticate = Callable[[HTTPConnection], Awaitable[Actor | None]]

log = structlog.get_logger()


class Sessions:
    """Authenticates connections."""

    def __init__(self, settings: Settings, runtime: Runtime) -> None:
        self.signer = URLSafeTimedSerializer(settings.session_key(), salt="tenure session")
        self.cookie = HostCookie(COOKIE, settings.public_url)
        self.database = runtime.database
        self.known = KnownIdentities()
        self.last_uses = LastUses(runtime)
        self.rechecks = Rechecks(runtime.database)

    async def authenticate(self, connection: HTTPConnection) -> Actor | None:
        """The actor of the bearer token or of the session; None if invalid. Counts as use.

        For a WebSocket it is always read, because it is not checked again for half a second.
        """
        credential = self.credential_of(connection)
        if credential is None:
            return None
        if connection.scope["type"] == "websocket":
            identity = await self.identity_of(credential)
        else:
            identity = await self.known.identity_of(credential, self.identity_of)
        if identity is None:
            return None
        if use_is_due(identity.last_used_at, real_now()):
            self.known.forget(credential)
            self.last_uses.record(credential)
        return identity.actor

    async def recheck(self, connection: HTTPConnection) -> Actor | None:
        """The same for an open WebSocket, within half a second. Does not count as use."""
        credential = self.credential_of(connection)
        identity = None if credential is None else await self.rechecks.identity_of(credential)
        return identity.actor if identity else None

    async def identity_of(self, credential: Credential) -> Identity | None:
        """Read the identity in one statement."""
        async with self.database.connection() as connection:
            return await identity_of(connection, credential)

    def credential_of(self, connection: HTTPConnection) -> Credential | None:
        """The credential of the connection: its Authorization header, otherwise its cookie."""
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if scheme:
            is_bearer = scheme.lower() == "bearer"
            return (
                Credential(CredentialKind.TOKEN, digest_of(secret.strip())) if is_bearer else None
            )
        return self.session_credential(connection)

    def session_credential(self, connection: HTTPConnection) -> Credential | None:
        """The credential of the cookie; None if it is missing, was modified, or is too old."""
        cookie = self.cookie.read(connection)
        try:
            secret = self.signer.loads(cookie, max_age=SESSION_SECONDS) if cookie else None
        except BadSignature:
            return None
        return (
            Credential(CredentialKind.SESSION, digest_of(secret))
            if isinstance(secret, str)
            else None
        )

    def set_cookie(self, response: Response, connection: HTTPConnection, secret: str) -> None:
        """Add the cookie of a new session to the response."""
        signed = self.signer.dumps(secret)
        self.cookie.set(response, connection, signed, seconds=SESSION_SECONDS)

    async def close(self) -> None:
        """Finish background tasks. Call this before the database is closed."""
        await self.last_uses.close()
        await self.rechecks.close()


class LastUses:
    """Writes the times of last use in the background, so that no request waits."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.pending: set[Credential] = set()
        self.task: asyncio.Task[None] | None = None

    def record(self, credential: Credential) -> None:
        """Record that the credential is used now."""
        self.pending.add(credential)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Wait for the current write."""
        if self.task is not None:
            await self.task

    async def _write(self) -> None:
        """One transaction at a time, with all credentials that are pending."""
        while self.pending:
            credentials = frozenset(self.pending)
            try:
                await self.runtime.run_in_unit(
                    SYSTEM, partial(note_uses, credentials=credentials), attempts=1
                )
            except Exception as fault:  # noqa: BLE001 - The next use repeats it.
                log.warning("the time of last use could not be written", fault=type(fault).__name__)
            finally:
                self.pending -= credentials


class Rechecks:
    """Checks the credentials of all open WebSockets together twice a second.

    A check takes at most two statements.
    """

    def __init__(self, database: Database, interval: float = RECHECK_SECONDS) -> None:
        self.database = database
        self.interval = interval
        self.waiting: dict[Credential, asyncio.Future[Identity | None]] = {}
        self.task: asyncio.Task[None] | None = None

    async def identity_of(self, credential: Credential) -> Identity | None:
        """The identity at the next check. Waits while the database cannot be read."""
        answer = self.waiting.get(credential)
        if answer is None:
            answer = self.waiting[credential] = asyncio.get_running_loop().create_future()
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._check())
        return await asyncio.shield(answer)

    async def close(self) -> None:
        """Stop the checks."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def _check(self) -> None:
        while self.waiting:
            await asyncio.sleep(self.interval)
            requested, self.waiting = self.waiting, {}
            try:
                async with self.database.connection() as connection:
                    found = await identities_of(connection, requested)
            except Exception as fault:
                if not is_transient(fault):
                    log.exception("open connections could not be checked")
                self.waiting = requested | self.waiting
                continue
            for credential, answer in requested.items():
                answer.set_result(found.get(credential))
