"""Strawberry's view without its IDE, batches and uploads: how it encodes and decodes."""

import orjson
from cross_web import StarletteRequestAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from tenure.graphql.http.context import Context
from tenure.graphql.http.requests import decoded_body
from tenure.graphql.http.responses import JSON, graphql_response, media_type_of
from tenure.graphql.http.sockets import JsonWebSocketAdapter, WebSocketHandler


class JsonRequestAdapter(StarletteRequestAdapter):
    """A request whose content type `check_request` has accepted, in any case."""

    @property
    def content_type(self) -> str:
        """The media type, which Strawberry compares with its case."""
        return JSON


class View(GraphQL[Context, None]):
    """Requests and responses in JSON, with the media types of the specification."""

    request_adapter_class = JsonRequestAdapter
    websocket_adapter_class = JsonWebSocketAdapter
    graphql_transport_ws_handler_class = WebSocketHandler

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Always true: `SameOrigin` in web/defences.py has checked the origin."""
        return True

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The response that resolvers can modify, with the requested media type."""
        response = await super().get_sub_response(request)
        response.media_type = media_type_of(request.headers.get("accept", ""))
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
        """The response with this body."""
        assert isinstance(response_data, dict)
        response = graphql_response(response_data, sub_response.media_type or JSON)
        response.headers.raw.extend(sub_response.headers.raw)
        return response

    def encode_json(self, data: object) -> bytes:
        """Encode JSON without escaping non-ASCII text."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Decode JSON and check its type, which Strawberry does not."""
        return decoded_body(data)
