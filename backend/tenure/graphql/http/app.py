"""The GraphQL endpoint: HTTP POST with JSON, and WebSocket with `graphql-transport-ws`.

Responses use the media types of the GraphQL-over-HTTP specification.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UnsetType

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.charging import charge, charge_refused, response_extensions
from tenure.graphql.http.context import Context
from tenure.graphql.http.errors import (
    INVALID,
    request_error,
    translate_error,
    unauthenticated_error,
)
from tenure.graphql.http.feed import EventFeed
from tenure.graphql.http.idempotency import is_mutation, run_idempotent
from tenure.graphql.http.known_queries import KnownQuery, known_query
from tenure.graphql.http.options import EndpointOptions
from tenure.graphql.http.patches import graphql_schema
from tenure.graphql.http.requests import (
    DRY_RUN_HEADER,
    check_request,
    first_headers,
    is_dry_run,
    with_text,
)
from tenure.graphql.http.responses import (
    data_response,
    error_response,
    malformed_response,
    media_type_of,
)
from tenure.graphql.http.schema import schema
from tenure.graphql.http.sockets import (
    NotSignedInError,
    with_authorization,
)
from tenure.graphql.http.sse import (
    EVENT_STREAM,
    HEADERS,
    OpenStreams,
    mark_stream,
    wants_events,
    while_authorized,
)
from tenure.graphql.http.view import View
from tenure.kernel.actor import Actor
from tenure.kernel.dry_run import dry_run
from tenure.kernel.timeouts import OperationTimeoutError, TimeLimit
from tenure.kernel.unit import Runtime
from tenure.policies.queries import installed

# The time limit for the first message of a WebSocket, and its limit of concurrent operations.
INIT_TIMEOUT = timedelta(seconds=10)
MAX_SUBSCRIPTIONS = 20

Authenticate: TypeAlias = Callable[[HTTPConnection], Awaitable[Actor | None]]


def graphql_app(
    runtime: Runtime,
    authenticate: Authenticate,
    recheck: Authenticate | None = None,
    options: EndpointOptions | None = None,
) -> "Endpoint":
    """The endpoint. `authenticate` returns the actor of a request, or None.

    `recheck` returns the current actor of an open WebSocket; without it open WebSockets are not
    checked again. Raises ConfigurationError at startup if a plug-in cannot be loaded.
    """
    installed()
    return Endpoint(runtime, authenticate, recheck, options or EndpointOptions())


class Endpoint(View):
    """The endpoint: authenticates a request and chooses how it is executed."""

    def __init__(
        self,
        runtime: Runtime,
        authenticate: Authenticate,
        recheck: Authenticate | None,
        options: EndpointOptions,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=MAX_SUBSCRIPTIONS,
        )
        self.runtime = runtime
        self.authenticate = authenticate
        self.recheck = recheck
        self.options = options
        self.feed = EventFeed(runtime.database)
        self.compiled = CompiledReads(schema)
        self.streams = OpenStreams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request. A malformed request also gets a response in GraphQL format."""
        if scope["type"] != "http":
            if DRY_RUN_HEADER in Headers(scope=scope):
                # Ignored, it would execute what the client does not want to be executed.
                close = WebSocketClose(1008, f"Send {DRY_RUN_HEADER} with a POST request.")
                await close(scope, receive, send)
                return
            await super().__call__(scope, receive, send)
            return
        request, headers = Request(scope, receive), first_headers(scope)
        try:
            check_request(request, headers)
            response = await self._respond(request, headers)
        except GraphQLError as error:
            rejected, extensions = await _refused(request)
            response = error_response(rejected or error, extensions, _media_type(request))
        except HTTPException as error:
            rejected, extensions = await _refused(request)
            response = (
                error_response(rejected, extensions, _media_type(request))
                if rejected
                else malformed_response(error.status_code, error.reason, extensions)
            )
        await response(scope, receive, send)

    async def _respond(self, request: Request, headers: Mapping[str, str]) -> ASGIApp:
        """Authenticate before reading the body (rules 10), then execute the operation.

        A query that was sent before is answered without Strawberry's view, if possible. A mutation
        with an Idempotency-Key is executed once; other requests are always executed. A dry run
        neither uses nor stores the key.
        """
        actor = await self.authenticate(request)
        if actor is None:
            raise unauthenticated_error()
        context = request.state.context = self._context(actor)
        is_dry = is_dry_run(headers)
        key, accept = headers.get("idempotency-key"), headers.get("accept", "")
        if wants_events(accept):
            return await self._stream(request, is_plain=key is None and not is_dry)
        request = await with_text(request, self.options.operations)
        known = known_query(graphql_schema(schema), await request.body())
        if known is not None:
            data = await self._known_data(context, known)
            if data is not None:
                return data_response(data, response_extensions(context), media_type_of(accept))
        if (key is None and not is_dry) or not self._is_mutation(await request.body()):
            return await self.run(request)
        if is_dry or key is None:
            async with dry_run(self.runtime) as rolled_back:
                context.use(rolled_back)
                return await self.run(request)

        async def run(runtime: Runtime) -> Response:
            context.use(runtime)
            return await self.run(request)

        return await run_idempotent(
            self.runtime, actor, key=key, body=await request.body(), run=run
        )

    async def _stream(self, request: Request, *, is_plain: bool) -> Response:
        """A stream of events. Its operation is executed while the stream is sent."""
        if not is_plain:
            message = f"Idempotency-Key and {DRY_RUN_HEADER} cannot be used with {EVENT_STREAM}."
            raise request_error(message, INVALID)
        mark_stream(request.scope)
        context: Context = request.state.context
        context.feed = self.feed
        self.streams.check(context.caller.name)
        return await self.run(await with_text(request, self.options.operations))

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        """The stream, which ends when its caller loses access."""
        context: Context = request.state.context
        recheck = None if self.recheck is None else partial(self.recheck, request)
        events = while_authorized(stream(), context.caller, recheck)
        return StreamingResponse(self.streams.counted(context.caller.name, events), headers=HEADERS)

    def _context(self, actor: Actor | None, feed: EventFeed | None = None) -> Context:
        return Context(
            self.runtime,
            actor,
            feed=feed,
            compiled=self.compiled,
            limiter=self.options.limiter,
            seconds=self.options.seconds,
            registered=self.options.operations.registered,
        )

    async def _known_data(self, context: Context, known: KnownQuery) -> orjson.Fragment | None:
        """The data of a known query; None if it must be executed normally."""
        context.points = known.points
        await charge(context)
        try:
            async with TimeLimit(context.seconds):
                data = await self.compiled.answer(context, known.document, known.request)
        except OperationTimeoutError as fault:
            raise translate_error(GraphQLError(str(fault), original_error=fault)) from fault
        if data is None:
            context.compiled = None
        return data

    def _is_mutation(self, body: bytes) -> bool:
        data = self.parse_json(body)
        return isinstance(data, dict) and is_mutation(data.get("query"), data.get("operationName"))

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """A context for each request; for a WebSocket, the context that its operations copy."""
        if isinstance(request, WebSocket):
            context = self._context(None, self.feed)
            self._bind(context, request)
            return context
        made: Context = request.state.context
        return made

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


async def _refused(request: Request) -> tuple[GraphQLError | None, dict[str, object]]:
    """Charge a refused request. Returns the error if that is rejected, and the extensions."""
    context: Context | None = getattr(request.state, "context", None)
    if context is None:
        return None, {}
    rejected = await charge_refused(context)
    return rejected, response_extensions(context)


def _media_type(request: Request) -> str:
    return media_type_of(request.headers.get("accept", ""))
