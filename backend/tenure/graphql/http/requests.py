"""HTTP requests to the GraphQL endpoint: what is checked before anything is parsed."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.types import Message, Scope

from tenure.graphql.http.errors import INVALID, request_error
from tenure.graphql.http.idempotency import is_mutation
from tenure.graphql.http.limits import NAME_CHARACTERS
from tenure.graphql.http.persisted import PersistedOperations
from tenure.graphql.http.responses import JSON

DRY_RUN_HEADER: Final = "Tenure-Dry-Run"


def first_headers(scope: Scope) -> dict[str, str]:
    """The first value of each header, by its name in lower case."""
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in reversed(scope["headers"])
    }


def check_request(request: Request, headers: Mapping[str, str]) -> None:
    """Require POST and JSON, which a form or link of another site cannot send.

    GET is for persisted queries, which change nothing.
    """
    if request.method == "GET" and request.query_params.get("extensions"):
        return
    if request.method != "POST":
        raise HTTPException(405, "Send GraphQL by POST. GET is for persisted queries.")
    if headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Send GraphQL as {JSON}.")


async def with_text(request: Request, operations: PersistedOperations) -> Request:
    """The request as a POST with the text of its operation.

    A request without a persisted operation is returned as it is, unless operations must be
    registered. Raises GraphQLError or HTTPException.
    """
    is_get = request.method == "GET"
    body = b"" if is_get else await request.body()
    if not is_get and operations.registered is None and b"persistedQuery" not in body:
        return request
    try:
        content = _content_of_get(request) if is_get else decoded_body(body)
    except orjson.JSONDecodeError:
        raise HTTPException(400, "Unable to parse request body as JSON") from None
    if not isinstance(content, dict):
        raise HTTPException(400, "The body is not a GraphQL request.")
    resolved = await operations.resolve(content)
    resolved.pop("extensions", None)
    if is_get:
        _check_query(resolved.get("query"), resolved.get("operationName"))
    return _with_body(request, orjson.dumps(resolved))


def _content_of_get(request: Request) -> dict[str, Any]:
    parameters = request.query_params
    extensions = orjson.loads(parameters["extensions"])
    if "query" in parameters or not (
        isinstance(extensions, dict) and extensions.get("persistedQuery")
    ):
        raise HTTPException(405, "Send GraphQL by POST. GET is for persisted queries.")
    variables = parameters.get("variables")
    name = parameters.get("operationName")
    content = {
        "operationName": name,
        "variables": orjson.loads(variables) if variables else None,
        "extensions": extensions,
    }
    decoded_body(orjson.dumps(content))
    return content


def _check_query(text: object, name: object) -> None:
    """Raises HTTPException for a mutation. What cannot be parsed is reported later."""
    if is_mutation(text, name):
        raise HTTPException(405, "Send mutations by POST.")


def _with_body(request: Request, body: bytes) -> Request:
    """The same request as a POST with another body."""
    headers = [it for it in request.scope["headers"] if it[0] != b"content-type"]
    headers.append((b"content-type", JSON.encode()))

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({**request.scope, "method": "POST", "headers": headers}, receive)


def decoded_body(data: str | bytes) -> object:
    """The JSON of a body. Its type is checked, which Strawberry does not."""
    decoded = orjson.loads(data)
    if not isinstance(decoded, dict | list):
        raise HTTPException(400, "The body is not a GraphQL request.")
    if isinstance(decoded, dict) and not isinstance(decoded.get("operationName"), str | None):
        raise HTTPException(400, "`operationName` must be a string or null.")
    if isinstance(decoded, dict) and len(decoded.get("operationName") or "") > NAME_CHARACTERS:
        raise HTTPException(400, f"`operationName` may have at most {NAME_CHARACTERS} characters.")
    return decoded


def is_dry_run(headers: Mapping[str, str]) -> bool:
    """True if the mutation must be rolled back. Raises GraphQLError for an unknown value."""
    value = headers.get(DRY_RUN_HEADER.lower())
    if value is None:
        return False
    if value.strip().lower() != "true":
        message = f"{DRY_RUN_HEADER} is {value[:40]!r}: it must be `true`, or not be sent."
        raise request_error(message, INVALID)
    return True
