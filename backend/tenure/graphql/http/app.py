"""GraphQL over HTTP: POST alone, JSON alone, with the media types of the GraphQL-over-HTTP specification.

Over WebSocket, `graphql-transport-ws` alone.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UnsetType

from tenure.graphql.http.context import Context
from tenure.graphql.http.errors import INVALID, UNAUTHENTICATED, unauthenticated
from tenure.graphql.http.feed import EventFeed
from tenure.graphql.http.idempotency import answered_once, is_mutation
from tenure.graphql.http.schema import schema
from tenure.graphql.http.sockets import Conversation, NotSignedInError, Socket, with_authorization
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tenure.policies.actions import installed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
# How long a WebSocket may say nothing, and how many operations it may carry at once.
SILENCE = timedelta(seconds=10)
OPERATIONS = 20

Authenticate: TypeAlias = Callable[[HTTPConnection], Awaitable[Actor | None]]


def graphql_app(
    runtime: Runtime, authenticate: Authenticate, recheck: Authenticate | None = None
) -> ASGIApp:
    """The endpoint. `authenticate` says who stands behind a request; None is nobody.

    `recheck` says the same of an open WebSocket, when it is next checked; without it, open WebSockets are not checked.
    Raises ConfigurationError where a plug-in cannot be loaded: better now than at the first change.
    """
    installed()
    return Endpoint(runtime, authenticate, recheck)


class Endpoint(GraphQL[Context, None]):
    """Strawberry's view without an IDE of its own, without GET, batches and uploads."""

    websocket_adapter_class = Socket
    graphql_transport_ws_handler_class = Conversation

    def __init__(
        self, runtime: Runtime, authenticate: Authenticate, recheck: Authenticate | None = None
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=SILENCE,
            max_subscriptions_per_connection=OPERATIONS,
        )
        self.runtime = runtime
        self.authenticate = authenticate
        self.recheck = recheck
        self.feed = EventFeed(runtime.database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is not a well-formed request is answered in the form of GraphQL, too."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            _check(request)
            response = await self._answer(request)
        except GraphQLError as refusal:
            sub_response = await self.get_sub_response(request)
            response = self.create_response({"errors": [refusal.formatted]}, sub_response)
        except HTTPException as refusal:
            response = _refused(refusal.status_code, refusal.reason)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """First who asks, then what: the body of whoever has not signed in is not even read (rules 10).

        A mutation under an Idempotency-Key is carried out once; everything else whenever it comes.
        """
        actor = request.state.actor = await self.authenticate(request)
        if actor is None:
            raise unauthenticated()
        key = request.headers.get("idempotency-key")
        if key is None or not self._is_mutation(await request.body()):
            return await self.run(request)

        async def run(runtime: Runtime) -> Response:
            request.state.runtime = runtime
            return await self.run(request)

        return await answered_once(self.runtime, actor, key=key, body=await request.body(), run=run)

    def _is_mutation(self, body: bytes) -> bool:
        sent = self.parse_json(body)
        return isinstance(sent, dict) and is_mutation(sent.get("query"), sent.get("operationName"))

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """One for each request, with loaders of its own; for a WebSocket one that its operations start from."""
        if isinstance(request, WebSocket):
            context = Context(self.runtime, feed=self.feed)
            self._bind(context, request)
            return context
        runtime = getattr(request.state, "runtime", self.runtime)
        return Context(runtime, request.state.actor)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """A token in the first message counts before the header and the cookie. Raises NotSignedInError."""
        given = context.connection_params.get(
            "Authorization", context.connection_params.get("authorization")
        )
        if isinstance(given, str) and isinstance(context.identify, partial):
            [connection] = context.identify.args
            self._bind(context, with_authorization(connection, given))
        if await context.identified() is None:
            raise NotSignedInError
        return await super().on_ws_connect(context)

    def _bind(self, context: Context, connection: HTTPConnection) -> None:
        """Who is behind the context is whoever is behind the connection, now and later."""
        context.identify = partial(self.authenticate, connection)
        context.recheck = None if self.recheck is None else partial(self.recheck, connection)

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Foreign pages were refused before: see `SameOrigin` in web/defences.py."""
        return True

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Strawberry lets resolvers write to it; it also carries the media type that the caller asked for."""
        response = await super().get_sub_response(request)
        response.media_type = _media_type(request.headers.get("accept", ""))
        return response

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """An operation that was not carried out has no `data`."""
        answer: GraphQLHTTPResponse = {}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        if (
            result.data is not None
            or not result.errors
            or any(error.path for error in result.errors)
        ):
            answer["data"] = result.data
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """200 for every well-formed request where the caller speaks plain JSON: that is what such clients expect."""
        media_type = sub_response.media_type or JSON
        status = (
            _status(response_data)
            if media_type == GRAPHQL and isinstance(response_data, dict)
            else 200
        )
        headers = {"content-type": f"{media_type}; charset=utf-8"}
        response = Response(
            self.encode_json(response_data), sub_response.status_code or status, headers
        )
        response.headers.raw.extend(sub_response.headers.raw)
        return response

    def encode_json(self, data: object) -> bytes:
        """Orjson writes text that is not ASCII as it is."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Strawberry takes objects and lists for granted."""
        decoded = orjson.loads(data)
        if not isinstance(decoded, dict | list):
            raise HTTPException(400, "The body is not a GraphQL request.")
        if isinstance(decoded, dict) and not isinstance(decoded.get("operationName"), str | None):
            raise HTTPException(400, "`operationName` is a string or null.")
        return decoded


def _check(request: Request) -> None:
    """A form or a link of another site can send neither this method nor this content type unasked."""
    if request.method != "POST":
        raise HTTPException(405, "Send GraphQL by POST.")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Send GraphQL as {JSON}.")


def _refused(status: int, message: str, code: str = INVALID) -> Response:
    error = {"message": message, "extensions": {"code": code}}
    headers = {"allow": "POST"} if status == 405 else None
    return Response(orjson.dumps({"errors": [error]}), status, headers, JSON)


def _status(answer: GraphQLHTTPResponse) -> int:
    if "data" in answer:
        return 200
    codes = {error["extensions"]["code"] for error in answer["errors"] or ()}  # type: ignore[index]
    return 401 if UNAUTHENTICATED in codes else 500 if "INTERNAL" in codes else 400


def _media_type(accept: str) -> str:
    """The first of our two types that the caller names; plain JSON where it names neither."""
    for wanted in accept.split(","):
        name, *parameters = (part.strip().lower() for part in wanted.split(";"))
        if name in (GRAPHQL, JSON) and "q=0" not in parameters:
            return name
    return JSON
