"""GraphQL over WebSocket (`graphql-transport-ws`), with checks of malformed messages."""

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
from tenure.graphql.http.limits import NAME_CHARACTERS
from tenure.graphql.http.patches import task_callback
from tenure.kernel.actor import Actor
from tenure.kernel.outages import outage_log, outage_of

# In bytes; the limit of a request body is the same.
MAX_MESSAGE_SIZE = 1024 * 1024

# The id is part of each message of the operation and of the reason for closing the connection.
MAX_ID_LENGTH = 64

log = structlog.get_logger()


class NotSignedInError(Exception):
    """A new connection has no valid session or token (rules 10)."""


class JsonWebSocketAdapter(ASGIWebSocketAdapter):
    """Receives and sends JSON in text frames."""

    async def iter_json(
        self, *, ignore_parsing_errors: bool = False
    ) -> AsyncGenerator[object, None]:
        """The messages of the client, until either side closes the connection."""
        while self.ws.application_state is not WebSocketState.DISCONNECTED:
            try:
                text = await self.ws.receive_text()
            except WebSocketDisconnect:
                return
            except KeyError:
                raise NonTextMessageReceived from None
            if (
                len(text) > MAX_MESSAGE_SIZE
                or len(text.encode(errors="surrogatepass")) > MAX_MESSAGE_SIZE
            ):
                await self.close(1009, "A message must not exceed 1 MB.")
                return
            try:
                yield orjson.loads(text)
            except orjson.JSONDecodeError:
                raise NonJsonMessageReceived from None

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send a message. Raises WebSocketDisconnected if the client has disconnected."""
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError):
            raise WebSocketDisconnected from None


class WebSocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection with its operations."""

    recheck_task: asyncio.Task[None] | None = None

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Start to check periodically that the caller is still authorized."""
        await super().handle_connection_init(message)
        if (
            self.connection_acknowledged
            and self.recheck_task is None
            and self.context.recheck is not None
        ):
            self.recheck_task = asyncio.create_task(self._recheck_actor(self.context.recheck))
            self.recheck_task.add_done_callback(task_callback(self))

    async def shutdown(self) -> None:
        """Stop the periodic check."""
        if self.recheck_task is not None:
            self.recheck_task.cancel()
        await super().shutdown()

    async def _recheck_actor(self, recheck: Callable[[], Awaitable[Actor | None]]) -> None:
        """Close the connection within a second after the caller loses access or role (rules 10)."""
        try:
            known = await self.context.current_actor()
        except Exception:  # noqa: BLE001 - without the actor no check is possible
            await self._close(1013, "Try again later.")
            return
        while known is not None:
            current = await recheck()
            if current is None:
                await self._close(4401, "Your session or token has ended.")
            elif not current.role.includes(known.role):
                await self._close(4403, "Your role was changed. Connect again.")
                return
            known = current

    async def _close(self, code: int, reason: str) -> None:
        """Cancel all operations and close, whether or not the client confirms the close."""
        for operation_id in list(self.operations):
            await self.cleanup_operation(operation_id)
        # The client may have disconnected already.
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.websocket.close(code, reason)

    async def handle_message(self, message: Message) -> None:
        """Check the structure of a message, which Strawberry does not."""
        if is_too_long(message):
            await self.handle_invalid_message(
                f"The id and the type of a message must not exceed {MAX_ID_LENGTH} characters."
            )
            return
        if not is_well_formed(message):
            await self.handle_invalid_message("This is not a graphql-transport-ws message.")
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
        """Log the error, unless the client has disconnected."""
        if not isinstance(error, WebSocketDisconnected):
            log.error("a subscription failed", exc_info=error)


def is_too_long(message: object) -> bool:
    """True if the id or the type of the message is too long."""
    return isinstance(message, dict) and any(
        len(str(message.get(key, ""))) > MAX_ID_LENGTH for key in ("id", "type")
    )


def is_well_formed(message: object) -> bool:
    """True if the message has the expected structure. Its type is checked later."""
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
        and len(payload.get("operationName") or "") <= NAME_CHARACTERS
    )


def with_authorization(connection: HTTPConnection, value: str) -> HTTPConnection:
    """The connection with an Authorization header.

    Browsers cannot set the header of a WebSocket, so they send it in the first message.
    """
    header = (b"authorization", value.encode(errors="surrogatepass"))
    others = [it for it in connection.scope["headers"] if it[0] != header[0]]
    return HTTPConnection({**connection.scope, "headers": [*others, header]})
