"""HTTP requests to the GraphQL endpoint: what is checked before anything is parsed."""

from collections.abc import Mapping
from typing import Final

import orjson
from cross_web import HTTPException
from starlette.requests import Request

from tenure.graphql.http.errors import INVALID, request_error
from tenure.graphql.http.limits import NAME_CHARACTERS
from tenure.graphql.http.responses import JSON

DRY_RUN_HEADER: Final = "Tenure-Dry-Run"


def check_request(request: Request) -> None:
    """Require POST and JSON, which a form or link of another site cannot send."""
    if request.method != "POST":
        raise HTTPException(405, "Send GraphQL by POST.")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Send GraphQL as {JSON}.")


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
    value = headers.get(DRY_RUN_HEADER)
    if value is None:
        return False
    if value.strip().lower() != "true":
        message = f"{DRY_RUN_HEADER} is {value[:40]!r}: it must be `true`, or not be sent."
        raise request_error(message, INVALID)
    return True
