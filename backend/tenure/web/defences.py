"""Security headers of every response, and rejection of requests from other origins."""

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from tenure.kernel.origins import Origin, origin_of
from tenure.web.errors import refusal

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

POLICY = (
    "default-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "font-src 'self' data:; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; "
)


def policy_of_page(nonce: str) -> str:
    """Own style sheets, or with the nonce; React sets styles by script, not by attributes."""
    return POLICY + f"style-src 'self' 'nonce-{nonce}'"


def policy_of_graphiql() -> str:
    """The editor of GraphiQL inserts style elements without a nonce."""
    return POLICY + "style-src 'self' 'unsafe-inline'"


def is_secure(scope: Scope, public_url: str) -> bool:
    """True if the browser uses TLS, directly or to the proxy."""
    return scope["scheme"] in ("https", "wss") or public_url.startswith("https://")


class Headers:
    """Adds the headers to every response. Only files of the page may be cached."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self.public_url = public_url
        headers = {
            **HEADERS,
            "cache-control": "no-store",
            "content-security-policy": POLICY + "style-src 'self'",
        }
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.secure_headers = [*self.headers, (b"strict-transport-security", b"max-age=31536000")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = self.secure_headers if is_secure(scope, self.public_url) else self.headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in added if header[0] not in own),
                ]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Rejects changes and WebSockets that a page of another origin sends with a user's cookie."""

    def __init__(self, app: ASGIApp, is_allowed: Callable[[HTTPConnection, str], bool]) -> None:
        self.app = app
        self.is_allowed = is_allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI connection."""
        if scope["type"] == "lifespan" or not self._is_foreign(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason="Origin not allowed.")(scope, receive, send)
        else:
            refused = refusal(scope, 403, "This origin may not send requests to Tenure.")
            await refused(scope, receive, send)

    def _is_foreign(self, scope: Scope) -> bool:
        """Browsers send the origin of such requests, and never send a bearer token on their own."""
        if all(name != b"origin" for name, _ in scope["headers"]):
            return False
        connection = HTTPConnection(scope)
        is_safe = scope["type"] == "http" and scope["method"] in SAFE_METHODS
        by_token = connection.headers.get("authorization", "").lower().startswith("bearer ")
        return (
            not is_safe
            and not by_token
            and not self.is_allowed(connection, connection.headers["origin"])
        )


def allowed_origins(
    allowed: tuple[str, ...], public_url: str
) -> Callable[[HTTPConnection, str], bool]:
    """A predicate: true for the origin of the request, of the public URL, or an allowed one."""
    known = {origin_of(origin) for origin in (*allowed, public_url)} - {None}

    def is_allowed(connection: HTTPConnection, text: str) -> bool:
        origin = origin_of(text)
        return origin is not None and (origin in known or origin == _own_origin(connection))

    return is_allowed


def _own_origin(connection: HTTPConnection) -> Origin | None:
    """Scheme, host and port of the request."""
    secure = connection.scope["scheme"] in ("https", "wss")
    host = connection.headers.get("host", "")
    return origin_of(f"{'https' if secure else 'http'}://{host}")
