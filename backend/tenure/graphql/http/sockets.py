"""GraphQL over WebSocket, `graphql-transport-ws`: Strawberry's protocol, made proof against ill-formed messages."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress

import orjson
import structlog
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import (
    NonJsonMessageReceived,
    NonTextMessageReceived,
    WebSocketDisconnected,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
)

from tenure.graphql.http.context import Context
from tenure.kernel.actor import Actor
from tenure.kernel.outages import outage_log, outage_of

# As long as the body of a request.
LARGEST_MESSAGE = 1024 * 1024

# It comes back in each message about the operation, and in the reason why the connection is closed.
LARGEST_ID = 64

log = structlog.get_logger()


class NotSignedInError(Exception):
    """Nobody stands behind a connection that begins (rules 10)."""


class Socket(ASGIWebSocketAdapter):
    """Text frames of JSON, both ways."""

    async def iter_json(
        self, *, ignore_parsing_errors: bool = False
    ) -> AsyncGenerator[object, None]:
        """What the client sends, until it or we close."""
        while self.ws.application_state is not WebSocketState.DISCONNECTED:
            try:
                text = await self.ws.receive_text()
            except WebSocketDisconnect:
                return
            except KeyError:
                raise NonTextMessageReceived from None
            if (
                len(text) > LARGEST_MESSAGE
                or len(text.encode(errors="surrogatepass")) > LARGEST_MESSAGE
            ):
                await self.close(1009, "A message has at most 1 MB.")
                return
            try:
                yield orjson.loads(text)
            except orjson.JSONDecodeError:
                raise NonJsonMessageReceived from None

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Raises WebSocketDisconnected where nobody is there any more."""
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError):
            raise WebSocketDisconnected from None


class Conversation(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection and the operations that it carries."""

    watching: asyncio.Task[None] | None = None

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """From here on it is checked that who has connected still may."""
        await super().handle_connection_init(message)
        if (
            self.connection_acknowledged
            and self.watching is None
            and self.context.recheck is not None
        ):
            self.watching = asyncio.create_task(self._watch(self.context.recheck))
            self.watching.add_done_callback(self._task_done)

    async def shutdown(self) -> None:
        """The check ends with the connection."""
        if self.watching is not None:
            self.watching.cancel()
        await super().shutdown()

    async def _watch(self, recheck: Callable[[], Awaitable[Actor | None]]) -> None:
        """Close the connection of who was signed out, disabled, revoked or lowered, within a second (rules 10)."""
        try:
            known = await self.context.identified()
        except Exception:  # noqa: BLE001 - who cannot be identified now could not be checked later
            await self._end(1013, "Try again later.")
            return
        while known is not None:
            current = await recheck()
            if current is None:
                await self._end(4401, "Your session or token has ended.")
            elif not current.role.includes(known.role):
                await self._end(4403, "Your role was changed: connect again.")
                return
            known = current

    async def _end(self, code: int, reason: str) -> None:
        """Nothing more is sent, whether the client answers the close or not."""
        for operation_id in list(self.operations):
            await self.cleanup_operation(operation_id)
        # The client may have gone away in the meantime.
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.websocket.close(code, reason)

    async def handle_message(self, message: Message) -> None:
        """Strawberry takes the shape of a message for granted."""
        if is_too_long(message):
            await self.handle_invalid_message(
                f"The id and the type of a message have at most {LARGEST_ID} characters."
            )
            return
        if not is_well_formed(message):
            await self.handle_invalid_message("This is no message of graphql-transport-ws.")
            return
        try:
            await super().handle_message(message)
        except NotSignedInError:
            await self.websocket.close(4401, "Sign in first.")
        except Exception as fault:
            outage = outage_of(fault)
            if outage is None:
                raise
            outage_log.report(outage, fault)
            await self.websocket.close(1013, "Try again later.")

    async def handle_task_exception(self, error: Exception) -> None:
        """That a client has gone away is no fault."""
        if not isinstance(error, WebSocketDisconnected):
            log.error("a subscription failed", exc_info=error)


def is_too_long(message: object) -> bool:
    """True where the id of the operation or the type of the message is longer than any that makes sense."""
    return isinstance(message, dict) and any(
        len(str(message.get(key, ""))) > LARGEST_ID for key in ("id", "type")
    )


def is_well_formed(message: object) -> bool:
    """True for a message that can be taken apart; whether its type is known is asked later."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in ("subscribe", "complete"):
        return True
    if not isinstance(message.get("id"), str):
        return False
    return message["type"] == "complete" or _is_request(message.get("payload"))


def _is_request(payload: object) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )


def with_authorization(connection: HTTPConnection, value: str) -> HTTPConnection:
    """The same connection as if the header had come with it: browsers cannot set it, so the first message brings it."""
    header = (b"authorization", value.encode(errors="surrogatepass"))
    kept = [it for it in connection.scope["headers"] if it[0] != header[0]]
    return HTTPConnection({**connection.scope, "headers": [*kept, header]})
