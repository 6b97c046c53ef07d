"""Sign-in and sign-out.

Failed attempts are limited by client address and e-mail together, for all processes. Passwords are
checked in threads, several at once, so that users do not wait for the attempts of others.
"""

import asyncio
import os
from functools import partial

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tenure.identity.attempts.actions import count_attempt, record_refusal, uncount_attempt
from tenure.identity.models import User, UserStatus
from tenure.identity.openid.rules import SignInRefusedError
from tenure.identity.queries import seconds_to_wait, user_of_email
from tenure.identity.rules import (
    AttemptKey,
    TooManyAttemptsError,
    attempt_keys,
    matches,
)
from tenure.identity.sessions.actions import close_session, open_session
from tenure.kernel.actor import SYSTEM, Actor
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime, Unit
from tenure.web.oidc_client import ProviderClient
from tenure.web.sessions import Sessions

# Each check takes 64 MiB and about 50 ms of a core.
MAX_CONCURRENT_CHECKS = max(2, min(4, os.cpu_count() or 1))

log = structlog.get_logger()


class SignIn:
    """The routes of sign-in and sign-out."""

    def __init__(self, runtime: Runtime, sessions: Sessions, settings: Settings) -> None:
        self.runtime = runtime
        self.sessions = sessions
        self.by_password = settings.password_sign_in
        provider = settings.identity_provider
        self.provider = None if provider is None else ProviderClient(provider)
        self.checking = asyncio.Semaphore(MAX_CONCURRENT_CHECKS)

    def routes(self) -> list[Route]:
        """`/auth/sign-in` and `/auth/sign-out`."""
        return [
            Route("/auth/sign-in", self.sign_in, methods=["POST"]),
            Route("/auth/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """200 with name, role and the cookie; 400, 401, 403 or 429 with the reason."""
        if not self.by_password:
            return _refusal(403, "Sign-in by password is turned off. Sign in with your company.")
        credentials = await _credentials(request)
        if credentials is None:
            return _refusal(400, 'Send {"email": …, "password": …} as application/json.')
        email, password = credentials
        address = request.client.host if request.client else ""
        keys = attempt_keys(address, email)
        try:
            user = await self._check_password(email, password, keys)
        except TooManyAttemptsError as error:
            return _refusal(429, str(error), {"retry-after": str(error.seconds)})
        secret = None if user is None else await self.open_session(user, keys)
        if user is None or secret is None:
            await self.runtime.run_in_unit(
                SYSTEM, partial(record_refusal, email=email, address=address)
            )
            return _refusal(401, "E-mail or password is wrong.")
        response = _json_response(200, {"name": user.email, "role": user.role})
        self.sessions.set_cookie(response, request, secret)
        return response

    async def sign_out(self, request: Request) -> Response:
        """204: the session has ended, and the cookie is deleted.

        200 with `redirect`, the address that ends the session at the provider too, if it was opened
        through one that has such an address.
        """
        issuer = None
        credential = self.sessions.session_credential(request)
        identity = None if credential is None else await self.sessions.identity_of(credential)
        if credential is not None and identity is not None:
            issuer = await self.runtime.run_in_unit(
                identity.actor, partial(close_session, digest=credential.digest)
            )
            self.sessions.known.forget(credential)
        redirect = await self._end_session_url(issuer)
        response = Response(status_code=204)
        if redirect is not None:
            response = _json_response(200, {"redirect": redirect})
        self.sessions.cookie.expire(response, request)
        return response

    async def _end_session_url(self, issuer: str | None) -> str | None:
        """Where to end the session at the provider; None if it cannot be asked."""
        if self.provider is None or issuer != self.provider.provider.issuer:
            return None
        try:
            return await self.provider.end_session_url()
        except SignInRefusedError as fault:
            log.warning("the provider cannot end a session", detail=fault.detail)
            return None

    async def _check_password(
        self, email: str, password: str, keys: tuple[AttemptKey, ...]
    ) -> User | None:
        """The user with this address and password. Raises TooManyAttemptsError."""
        await self.check_attempts(keys)
        async with self.checking:
            # Read before counting, so that a rejected attempt writes nothing.
            await self.check_attempts(keys)
            await self.runtime.run_in_unit(SYSTEM, partial(count_attempt, keys=keys))
            async with self.runtime.database.reading() as session:
                user = await user_of_email(session, email)
            is_active = user is not None and user.status is UserStatus.ACTIVE
            password_hash = user.password_hash if user is not None and is_active else None
            return user if await asyncio.to_thread(matches, password, password_hash) else None

    async def check_attempts(self, keys: tuple[AttemptKey, ...]) -> None:
        """Raises TooManyAttemptsError if a key has no attempt left."""
        async with self.runtime.database.connection() as connection:
            seconds = await seconds_to_wait(connection, keys)
        if seconds:
            raise TooManyAttemptsError(seconds)

    async def open_session(
        self, user: User, keys: tuple[AttemptKey, ...], issuer: str | None = None
    ) -> str | None:
        """Open a session, and no longer count the attempt. Returns the secret for the cookie.

        Returns None if the user was disabled or the password changed meanwhile.
        """

        async def operation(unit: Unit) -> str | None:
            secret = await open_session(
                unit, user_id=user.id, password_hash=user.password_hash, issuer=issuer
            )
            if secret is not None:
                await uncount_attempt(unit, keys=keys)
            return secret

        return await self.runtime.run_in_unit(Actor(user.email, user.role), operation)


async def _credentials(request: Request) -> tuple[str, str] | None:
    """E-mail and password, or None. Forms of other origins cannot send this content type."""
    if (
        request.headers.get("content-type", "").partition(";")[0].strip().lower()
        != "application/json"
    ):
        return None
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return None
    email, password = (
        (body.get("email"), body.get("password")) if isinstance(body, dict) else (None, None)
    )
    return (email, password) if isinstance(email, str) and isinstance(password, str) else None


def _refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return _json_response(status, {"error": reason}, headers)


def _json_response(
    status: int, body: dict[str, str], headers: dict[str, str] | None = None
) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")
