"""What every answer carries, and what no request gets past: headers, content security, foreign pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

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
    return connection.url.scheme in ("https", "wss") or public_url.startswith("https://")


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
            refusal = JSONResponse({"error": "This page may not send requests to Tenure."}, status_code=403)
            await refusal(scope, receive, send)

    def _is_foreign(self, connection: HTTPConnection) -> bool:
        """A browser names the origin of every such request; a bearer token is never sent by a browser by itself."""
        origin = connection.headers.get("origin")
        harmless = connection.scope["type"] == "http" and connection.scope["method"] in HARMLESS
        by_token = connection.headers.get("authorization", "").lower().startswith("bearer ")
        return origin is not None and not harmless and not by_token and not self.is_ours(connection, origin)


def ours(allowed: tuple[str, ...], public_url: str) -> Callable[[HTTPConnection, str], bool]:
    """Tells whether an origin is our own: the host that was asked, the public URL's, or one that the operator allows."""
    public = urlsplit(public_url).netloc
    known = {origin.rstrip("/") for origin in allowed}

    def is_ours(connection: HTTPConnection, origin: str) -> bool:
        host = urlsplit(origin).netloc
        return bool(host) and (host in (connection.headers.get("host"), public) or origin in known)

    return is_ours
