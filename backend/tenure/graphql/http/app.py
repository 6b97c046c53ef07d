"""The GraphQL endpoint: HTTP POST with JSON, and WebSocket with `graphql-transport-ws`.

Responses use the media types of the GraphQL-over-HTTP specification.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import orjson
from cross_web import HTTPException, StarletteRequestAdapter
from graphql import GraphQLError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UnsetType

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.errors import (
    INVALID,
    UNAUTHENTICATED,
    UNAVAILABLE,
    unauthenticated_error,
)
from tenure.graphql.http.feed import EventFeed
from tenure.graphql.http.idempotency import is_mutation, run_idempotent
from tenure.graphql.http.known_queries import known_query
from tenure.graphql.http.limits import NAME_CHARACTERS
from tenure.graphql.http.patches import graphql_schema
from tenure.graphql.http.schema import schema
from tenure.graphql.http.sockets import (
    JsonWebSocketAdapter,
    NotSignedInError,
    WebSocketHandler,
    with_authorization,
)
from tenure.kernel.actor import Actor
from tenure.kernel.outages import RETRY_AFTER_SECONDS
from tenure.kernel.unit import Runtime
from tenure.policies.queries import installed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
# The time limit for the first message of a WebSocket, and its limit of concurrent operations.
INIT_TIMEOUT = timedelta(seconds=10)
MAX_SUBSCRIPTIONS = 20

Authenticate: TypeAlias = Callable[[HTTPConnection], Awaitable[Actor | None]]


def graphql_app(
    runtime: Runtime, authenticate: Authenticate, recheck: Authenticate | None = None
) -> "Endpoint":
    """The endpoint. `authenticate` returns the actor of a request, or None.

    `recheck` returns the current actor of an open WebSocket; without it open WebSockets are not
    checked again. Raises ConfigurationError at startup if a plug-in cannot be loaded.
    """
    installed()
    return Endpoint(runtime, authenticate, recheck)


class JsonRequestAdapter(StarletteRequestAdapter):
    """A request whose content type `_check` has accepted, whatever its case and parameters."""

    @property
    def content_type(self) -> str:
        """The media type, which Strawberry compares with its case."""
        return JSON


class Endpoint(GraphQL[Context, None]):
    """Strawberry's view without its IDE, GET requests, batches and uploads."""

    request_adapter_class = JsonRequestAdapter
    websocket_adapter_class = JsonWebSocketAdapter
    graphql_transport_ws_handler_class = WebSocketHandler

    def __init__(
        self, runtime: Runtime, authenticate: Authenticate, recheck: Authenticate | None = None
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=MAX_SUBSCRIPTIONS,
        )
        self.runtime = runtime
        self.authenticate = authenticate
        self.recheck = recheck
        self.feed = EventFeed(runtime.database)
        self.compiled = CompiledReads(schema)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request. A malformed request also gets a response in GraphQL format."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            _check(request)
            response = await self._respond(request)
        except GraphQLError as error:
            sub_response = await self.get_sub_response(request)
            response = self.create_response({"errors": [error.formatted]}, sub_response)
        except HTTPException as error:
            response = _error_response(error.status_code, error.reason)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        """Authenticate before reading the body (rules 10), then execute the operation.

        A query that was sent before is answered without Strawberry's view, if possible. A mutation
        with an Idempotency-Key is executed once; other requests are always executed.
        """
        actor = request.state.actor = await self.authenticate(request)
        if actor is None:
            raise unauthenticated_error()
        known = known_query(graphql_schema(schema), await request.body())
        if known is not None:
            context = request.state.context = Context(self.runtime, actor)
            data = await self.compiled.answer(context, known.document, known.request)
            if data is not None:
                return _data_response(request, data)
        key = request.headers.get("idempotency-key")
        if key is None or not self._is_mutation(await request.body()):
            return await self.run(request)

        async def run(runtime: Runtime) -> Response:
            request.state.runtime = runtime
            return await self.run(request)

        return await run_idempotent(
            self.runtime, actor, key=key, body=await request.body(), run=run
        )

    def _is_mutation(self, body: bytes) -> bool:
        data = self.parse_json(body)
        return isinstance(data, dict) and is_mutation(data.get("query"), data.get("operationName"))

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """A context for each request; for a WebSocket, the context that its operations copy."""
        if isinstance(request, WebSocket):
            context = Context(self.runtime, feed=self.feed, compiled=self.compiled)
            self._bind(context, request)
            return context
        # The context of a query that was attempted already.
        attempted: Context | None = getattr(request.state, "context", None)
        if attempted is not None:
            return attempted
        runtime = getattr(request.state, "runtime", self.runtime)
        return Context(runtime, request.state.actor, compiled=self.compiled)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Authenticate: a token in the first message has priority over header and cookie.

        Raises NotSignedInError.
        """
        authorization = context.connection_params.get(
            "Authorization", context.connection_params.get("authorization")
        )
        if isinstance(authorization, str) and isinstance(context.identify, partial):
            [connection] = context.identify.args
            self._bind(context, with_authorization(connection, authorization))
        if await context.current_actor() is None:
            raise NotSignedInError
        return await super().on_ws_connect(context)

    def _bind(self, context: Context, connection: HTTPConnection) -> None:
        """Make the context authenticate with this connection."""
        context.identify = partial(self.authenticate, connection)
        context.recheck = None if self.recheck is None else partial(self.recheck, connection)

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Always true: `SameOrigin` in web/defences.py has checked the origin."""
        return True

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The response that resolvers can modify, with the requested media type."""
        response = await super().get_sub_response(request)
        response.media_type = _media_type(request.headers.get("accept", ""))
        return response

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """The response body. It has no `data` if the operation was not executed."""
        body: GraphQLHTTPResponse = {}
        if result.errors:
            body["errors"] = [error.formatted for error in result.errors]
        if (
            result.data is not None
            or not result.errors
            or any(error.path for error in result.errors)
        ):
            body["data"] = result.data
        if result.extensions:
            body["extensions"] = result.extensions
        return body

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The response. Plain JSON has status 200 even for errors, as such clients expect.

        The status is 503 if nothing could be answered because the database is busy or away.
        """
        media_type = sub_response.media_type or JSON
        status = (
            _status(response_data)
            if media_type == GRAPHQL and isinstance(response_data, dict)
            else 200
        )
        headers = {"content-type": f"{media_type}; charset=utf-8"}
        if isinstance(response_data, dict) and _is_unavailable(response_data):
            status, headers["retry-after"] = 503, str(RETRY_AFTER_SECONDS)
        response = Response(
            self.encode_json(response_data), sub_response.status_code or status, headers
        )
        response.headers.raw.extend(sub_response.headers.raw)
        return response

    def encode_json(self, data: object) -> bytes:
        """Encode JSON without escaping non-ASCII text."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Decode JSON and check its type, which Strawberry does not."""
        decoded = orjson.loads(data)
        if not isinstance(decoded, dict | list):
            raise HTTPException(400, "The body is not a GraphQL request.")
        if isinstance(decoded, dict) and not isinstance(decoded.get("operationName"), str | None):
            raise HTTPException(400, "`operationName` must be a string or null.")
        if isinstance(decoded, dict) and len(decoded.get("operationName") or "") > NAME_CHARACTERS:
            raise HTTPException(
                400, f"`operationName` may have at most {NAME_CHARACTERS} characters."
            )
        return decoded


def _check(request: Request) -> None:
    """Require POST and JSON, which a form or link of another site cannot send."""
    if request.method != "POST":
        raise HTTPException(405, "Send GraphQL by POST.")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Send GraphQL as {JSON}.")


def _data_response(request: Request, data: orjson.Fragment) -> Response:
    """The response with the data of a query, as `create_response` makes it."""
    headers = {"content-type": f"{_media_type(request.headers.get('accept', ''))}; charset=utf-8"}
    return Response(orjson.dumps({"data": data}), 200, headers)


def _error_response(status: int, message: str, code: str = INVALID) -> Response:
    error = {"message": message, "extensions": {"code": code}}
    headers = {"allow": "POST"} if status == 405 else None
    return Response(orjson.dumps({"errors": [error]}), status, headers, JSON)


def _status(body: GraphQLHTTPResponse) -> int:
    if "data" in body:
        return 200
    codes = {error["extensions"]["code"] for error in body["errors"] or ()}  # type: ignore[index]
    return 401 if UNAUTHENTICATED in codes else 500 if "INTERNAL" in codes else 400


def _is_unavailable(answer: GraphQLHTTPResponse) -> bool:
    """True if a field is UNAVAILABLE and no other field has a value.

    A client may then repeat the whole request.
    """
    errors = answer.get("errors") or ()
    codes = {error["extensions"]["code"] for error in errors}  # type: ignore[index]
    fields = answer.get("data") or {}
    return UNAVAILABLE in codes and all(it is None for it in fields.values())


def _media_type(accept: str) -> str:
    """The first supported media type in the Accept header; plain JSON if there is none."""
    for accepted in accept.split(","):
        name, *parameters = (part.strip().lower() for part in accepted.split(";"))
        if name in (GRAPHQL, JSON) and "q=0" not in parameters:
            return name
    return JSON
