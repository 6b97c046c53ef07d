"""Who asks: people by a signed cookie of twelve hours, partner systems by a bearer token."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import orjson
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenure.identity.models import User
from tenure.identity.queries import actor_of_token, actor_of_user, sign_in
from tenure.kernel.actor import Actor
from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tenure.kernel.text import key_of
from tenure.web.defences import is_secure

COOKIE = "tenure_session"
SESSION_SECONDS = 12 * 60 * 60
FAILURES = RateLimitItemPerMinute(10, 5)

Authenticate = Callable[[HTTPConnection], Awaitable[Actor | None]]


@dataclass(slots=True)
class Failures:
    """Failed tries of the last five minutes, by e-mail address and by client address, as far as this process saw."""

    limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    async def too_many(self, keys: tuple[str, ...]) -> bool:
        """True where one of the keys has used up its tries."""
        return not all([await self.limiter.test(FAILURES, key) for key in keys])

    async def count(self, keys: tuple[str, ...]) -> None:
        """One more failure for each key."""
        for key in keys:
            await self.limiter.hit(FAILURES, key)


class Sessions:
    """Signs people in and out, and says who stands behind a request."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.signer = URLSafeTimedSerializer(settings.session_key(), salt="tenure session")
        self.database = database
        self.public_url = settings.public_url
        self.failures = Failures()
        # One try after the other: tries side by side would all be let in before the first of them has failed.
        self.turn = asyncio.Lock()

    def routes(self) -> list[Route]:
        """The two paths of the contract with the page."""
        return [
            Route("/auth/sign-in", self.sign_in, methods=["POST"]),
            Route("/auth/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def authenticate(self, connection: HTTPConnection) -> Actor | None:
        """The actor of a bearer token, else of the session; None where neither holds."""
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if scheme:
            return await self.actor_of_token(secret.strip()) if scheme.lower() == "bearer" else None
        user_id = self._user_id(connection.cookies.get(COOKIE, ""))
        if user_id is None:
            return None
        async with self.database.looking() as database:
            return await actor_of_user(database, user_id)

    async def actor_of_token(self, secret: str) -> Actor | None:
        """The actor of a token by itself: a WebSocket client sends it in its first message."""
        async with self.database.looking() as database:
            return await actor_of_token(database, secret)

    async def sign_in(self, request: Request) -> Response:
        """200 with name, role and the cookie; 400, 401 or 429 with the reason."""
        given = await _credentials(request)
        if given is None:
            return _refusal(400, 'Send {"email": …, "password": …} as application/json.')
        email, password = given
        keys = (f"e-mail {key_of(email.strip())[:255]}", f"address {request.client.host if request.client else ''}")
        async with self.turn:
            if await self.failures.too_many(keys):
                return _refusal(429, "Too many failed tries. Wait five minutes, then try again.")
            async with self.database.reading() as session:
                user = await sign_in(session, email, password)
            if user is None:
                await self.failures.count(keys)
                return _refusal(401, "E-mail or password is wrong.")
        return self._welcome(request, user)

    async def sign_out(self, request: Request) -> Response:
        """204, and the browser forgets the cookie."""
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=is_secure(request, self.public_url))
        return response

    def _welcome(self, request: Request, user: User) -> Response:
        response = JSONResponse({"name": user.email, "role": user.role})
        response.set_cookie(
            COOKIE,
            self.signer.dumps(user.id),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=is_secure(request, self.public_url),
        )
        return response

    def _user_id(self, cookie: str) -> int | None:
        try:
            user_id = self.signer.loads(cookie, max_age=SESSION_SECONDS) if cookie else None
        except BadSignature:
            return None
        return user_id if isinstance(user_id, int) else None


async def _credentials(request: Request) -> tuple[str, str] | None:
    """A form of a foreign page cannot send this content type."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return None
    email, password = (body.get("email"), body.get("password")) if isinstance(body, dict) else (None, None)
    return (email, password) if isinstance(email, str) and isinstance(password, str) else None


def _refusal(status: int, reason: str) -> Response:
    return JSONResponse({"error": reason}, status_code=status)
