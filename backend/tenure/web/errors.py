"""Error responses in the form of the requested API. No exception passes this middleware.

`/graphql` answers with GraphQL errors that have a code, every other path with {"error": …}. Plain
text errors of Starlette are replaced: unknown paths, methods, bodies that are too large. A client
that disconnects during its request is not an error.
"""

import secrets

import orjson
import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenure.kernel.outages import RETRY_AFTER_SECONDS, message_of, outage_log, outage_of

GRAPHQL_PATHS = ("/graphql", "/graphql/")
CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 429: "RATE_LIMITED", 503: "UNAVAILABLE"}
MESSAGES = {
    400: "The request is malformed.",
    404: "There is nothing at this address.",
    405: "This address does not support this method.",
    413: "A request body has at most 1 MB.",
}

log = structlog.get_logger()


def refusal(
    scope: Scope, status: int, message: str, headers: dict[str, str] | None = None
) -> Response:
    """An error in the form of the API that was requested."""
    body: dict[str, object] = {"error": message}
    if scope["path"] in GRAPHQL_PATHS:
        code = CODES.get(status, "INTERNAL" if status >= 500 else "INVALID")
        body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return Response(orjson.dumps(body), status, headers, "application/json")


class Errors:
    """Converts exceptions and plain-text errors of inner layers to errors in the right form."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply = Reply(scope, receive, send)
        if _is_encoded(scope):
            message = "Send the body without a Content-Encoding."
            await reply.refuse(415, message, {"accept-encoding": "identity"})
            return
        try:
            await self.app(scope, receive, reply.send_converted)
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001 - Every fault gets a response.
            await _send_fault(reply, fault)


class Reply:
    """The response to one request: whether it has begun, and whether it was replaced."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.is_started = False
        self.is_replaced = False

    async def send_converted(self, message: Message) -> None:
        """Send the message, or an error in the right form in place of a plain-text one."""
        if self.is_replaced:
            return
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = Headers(raw=message["headers"]) if status >= 400 else None
            if headers and headers.get("content-type", "").startswith("text/plain"):
                self.is_replaced = True
                kept = {name: headers[name] for name in ("allow", "vary") if name in headers}
                await self.refuse(status, MESSAGES.get(status, "The request is refused."), kept)
                return
            self.is_started = True
        await self.send(message)

    async def refuse(self, status: int, message: str, headers: dict[str, str]) -> None:
        """Send this error. A response that has begun is cut off instead."""
        if not self.is_started:
            self.is_started = True
            response = refusal(self.scope, status, message, headers)
            await response(self.scope, self.receive, self.send)


def _is_encoded(scope: Scope) -> bool:
    """True if the body has a Content-Encoding."""
    encodings = (value for name, value in scope["headers"] if name == b"content-encoding")
    return next(encodings, b"").strip().lower() not in (b"", b"identity")


async def _send_fault(reply: Reply, fault: Exception) -> None:
    """Send 503 during an outage of the database, otherwise 500 with a reference to the log."""
    outage = outage_of(fault)
    if outage is not None:
        outage_log.report(outage, fault)
        await reply.refuse(503, message_of(fault), {"retry-after": str(RETRY_AFTER_SECONDS)})
        return
    reference = secrets.token_hex(6)
    path = reply.scope["path"]
    log.error("a request failed", reference=reference, path=path, exc_info=fault)
    await reply.refuse(500, f"Something went wrong on our side (reference {reference}).", {})
