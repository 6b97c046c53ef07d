"""What every answer carries, and what no request gets past: headers, content security, foreign pages."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from tenure.kernel.origins import Origin, origin_of
from tenure.web.errors import refusal

HARMLESS = {"GET", "HEAD", "OPTIONS"}

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

POLICY = (
    "default-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self' data:; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
)


def policy_of_page(nonce: str) -> str:
    """Style sheets from here or with the nonce. Mantine also sets `style` attributes, which no nonce can allow."""
    return POLICY + f"style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"


def policy_of_graphiql() -> str:
    """Its editor writes style elements and knows no nonce."""
    return POLICY + "style-src 'self' 'unsafe-inline'"


def is_secure(connection: HTTPConnection, public_url: str) -> bool:
    """True where the browser came by TLS, straight or as far as the proxy in front of us."""
    return connection.scope["scheme"] in ("https", "wss") or public_url.startswith("https://")


class Headers:
    """Puts the headers on every answer. What is no file of the page must not be kept by a cache."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self.public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure = is_secure(HTTPConnection(scope), self.public_url)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                headers.setdefault("content-security-policy", POLICY + "style-src 'self'")
                if secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuses what a foreign page sends with its visitor's cookie: changes, and WebSockets, which ask no leave."""

    def __init__(self, app: ASGIApp, is_ours: Callable[[HTTPConnection, str], bool]) -> None:
        self.app = app
        self.is_ours = is_ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI call."""
        if scope["type"] == "lifespan" or not self._is_foreign(HTTPConnection(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason="Foreign origin.")(scope, receive, send)
        else:
            refused = refusal(scope, 403, "This page may not send requests to Tenure.")
            await refused(scope, receive, send)

    def _is_foreign(self, connection: HTTPConnection) -> bool:
        """A browser names the origin of every such request; a bearer token is never sent by a browser by itself."""
        origin = connection.headers.get("origin")
        harmless = connection.scope["type"] == "http" and connection.scope["method"] in HARMLESS
        by_token = connection.headers.get("authorization", "").lower().startswith("bearer ")
        return (
            origin is not None
            and not harmless
            and not by_token
            and not self.is_ours(connection, origin)
        )


def ours(allowed: tuple[str, ...], public_url: str) -> Callable[[HTTPConnection, str], bool]:
    """Tells whether an origin is ours: that of the request, the public URL's, or an allowed one."""
    known = {origin_of(origin) for origin in (*allowed, public_url)} - {None}

    def is_ours(connection: HTTPConnection, text: str) -> bool:
        origin = origin_of(text)
        return origin is not None and (origin in known or origin == _own_origin(connection))

    return is_ours


def _own_origin(connection: HTTPConnection) -> Origin | None:
    """Scheme, host and port by which the request came."""
    secure = connection.scope["scheme"] in ("https", "wss")
    host = connection.headers.get("host", "")
    return origin_of(f"{'https' if secure else 'http'}://{host}")
