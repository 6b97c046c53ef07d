"""HTTP responses of the GraphQL endpoint: media type, status and headers."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tenure.graphql.http.errors import (
    INTERNAL,
    INVALID,
    PERSISTED_QUERY_NOT_FOUND,
    RATE_LIMITED,
    TIMEOUT,
    UNAUTHENTICATED,
    UNAVAILABLE,
)
from tenure.kernel.outages import RETRY_AFTER_SECONDS

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
# Clients send the same few Accept headers, whose media types are kept.
ACCEPT_HEADERS = 100


@lru_cache(ACCEPT_HEADERS)
def media_type_of(accept: str) -> str:
    """The first supported media type in the Accept header; plain JSON if there is none.

    The errors of a stream of events have a status, by which its client knows them.
    """
    for accepted in accept.split(","):
        name, *parameters = (part.strip().lower() for part in accepted.split(";"))
        if name in (GRAPHQL, JSON) and "q=0" not in parameters:
            return name
        if name == "text/event-stream":
            return GRAPHQL
    return JSON


def graphql_response(body: Mapping[str, object], media_type: str) -> Response:
    """The response with this body.

    Plain JSON has status 200 even for errors, as such clients expect, unless the server is at fault
    or the client must wait.
    """
    status, headers = _status(body), {"content-type": f"{media_type}; charset=utf-8"}
    if status == 503:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    elif status == 429:
        headers["retry-after"] = str(next(_extensions(body))["retryAfter"])
    elif status != 504 and media_type == JSON:
        status = 200
    return Response(orjson.dumps(body), status, headers)


def error_response(
    error: GraphQLError, extensions: Mapping[str, object], media_type: str
) -> Response:
    """The response to a request that was not executed."""
    body: dict[str, object] = {"errors": [error.formatted]}
    if extensions:
        body["extensions"] = extensions
    return graphql_response(body, media_type)


def data_response(
    data: orjson.Fragment, extensions: Mapping[str, object], media_type: str
) -> ASGIApp:
    """The response with the data of a query, as `graphql_response` makes it."""
    body = orjson.dumps({"data": data, "extensions": extensions})
    headers = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
    ]

    async def respond(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return respond


def malformed_response(status: int, message: str, extensions: Mapping[str, object]) -> Response:
    """The response to a request that is no GraphQL request."""
    body: dict[str, object] = {"errors": [{"message": message, "extensions": {"code": INVALID}}]}
    if extensions:
        body["extensions"] = extensions
    headers = {"allow": "POST"} if status == 405 else None
    return Response(orjson.dumps(body), status, headers, JSON)


def _status(body: Mapping[str, object]) -> int:
    codes = {extensions["code"] for extensions in _extensions(body)}
    if _is_unavailable(body, codes):
        return 503
    if "data" in body:
        return 200
    for code, status in (
        (UNAUTHENTICATED, 401),
        (RATE_LIMITED, 429),
        (TIMEOUT, 504),
        # As Apollo's server answers it: the client then sends the text.
        (PERSISTED_QUERY_NOT_FOUND, 200),
        (INTERNAL, 500),
    ):
        if code in codes:
            return status
    return 400 if codes else 200


def _extensions(body: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The extensions of each error."""
    for error in cast("list[dict[str, dict[str, object]]]", body.get("errors") or []):
        yield error["extensions"]


def _is_unavailable(body: Mapping[str, object], codes: set[object]) -> bool:
    """True if a field is UNAVAILABLE and no other field has a value.

    A client may then repeat the whole request.
    """
    fields = cast("dict[str, object]", body.get("data") or {})
    return UNAVAILABLE in codes and all(it is None for it in fields.values())
