"""Translates exceptions to GraphQL errors. An internal error exposes only a reference."""

import re
import secrets

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.http.error_text import shorten
from tenure.graphql.types import enums  # noqa: F401 - registers ErrorCode
from tenure.idempotency.rules import KeyLostError
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError, UnauthenticatedError
from tenure.kernel.faults import OutcomeUnknownError
from tenure.kernel.outages import message_of, outage_log, outage_of
from tenure.kernel.timeouts import OperationTimeoutError

INVALID = "INVALID"
UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN"
QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
INTERNAL = "INTERNAL"
UNAVAILABLE = "UNAVAILABLE"
RATE_LIMITED = "RATE_LIMITED"
TIMEOUT = "TIMEOUT"
PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
OPERATION_NOT_REGISTERED = "OPERATION_NOT_REGISTERED"
TOO_SLOW = (
    "The operation took too long and was ended. Nothing was changed. Request less at once, or try "
    "again later."
)

# Messages of the limits of graphql-core: tokens, nesting, field comparisons, introspection depth.
LIMIT_MESSAGES = re.compile(
    r"(Parsing|Validation) aborted\.$|^Maximum introspection depth exceeded"
)

log = structlog.get_logger()


@strawberry.type(
    name="UserError", description="An error that the caller can correct. Nothing was changed."
)
class UserErrorType:
    """The GraphQL type of a TenureError."""

    code: ErrorCode = strawberry.field(
        description="The kind of error, for programs. The message may change, the code does not."
    )
    message: str = strawberry.field(description="A message for users.")
    path: list[str] = strawberry.field(
        description=(
            'The path of the invalid input field, for example ["input", "deferUntil"]. '
            "Empty if no field is at fault."
        )
    )

    @staticmethod
    def of(error: TenureError, path_prefix: tuple[str, ...] = ("input",)) -> "UserErrorType":
        """Convert an error. `path_prefix` is the path of the arguments of the action."""
        path = (
            [*path_prefix, *(to_camel_case(str(part)) for part in error.path)] if error.path else []
        )
        return UserErrorType(code=error.code, message=error.message, path=path)


def request_error(message: str, code: str) -> GraphQLError:
    """An error of the whole request, with a code."""
    return GraphQLError(message, extensions={"code": code})


def unauthenticated_error() -> GraphQLError:
    """The error of every request without a valid session or token."""
    return request_error("Sign in first.", UNAUTHENTICATED)


class AnswerUnreadableError(Exception):
    """A change was committed, but its answer could not be read. It must not be repeated."""

    def __init__(self) -> None:
        super().__init__(
            "The change was made, but this part of the answer could not be read. "
            "Query it, and do not send the mutation again."
        )


def translate_error(error: GraphQLError, *, has_committed: bool = False) -> GraphQLError:
    """The error for the caller: with a code, and masked if it is internal.

    `has_committed`: a mutation of the operation has committed. An outage below its field then
    concerns the answer alone, and must not ask the client to repeat the mutation.
    """
    if "code" in (error.extensions or {}):
        return error
    cause = error.original_error
    match cause:
        case TenureError():
            return _coded(error, cause.message, cause.code)
        case UnauthenticatedError():
            return _coded(error, str(cause), UNAUTHENTICATED)
        case ForbiddenError():
            return _coded(error, str(cause), FORBIDDEN)
        case KeyLostError():
            return _coded(error, str(cause), ErrorCode.CONFLICT)
        case OutcomeUnknownError():
            log.error("the outcome of a commit is unknown", path=error.path, exc_info=cause)
            return _coded(error, str(cause), INTERNAL)
        case OperationTimeoutError():
            return _coded(error, TOO_SLOW, TIMEOUT)
        case CannotGetOperationTypeError():
            return request_error(cause.as_http_error_reason(), INVALID)
        case MissingQueryError():
            return request_error("No GraphQL query found in the request.", INVALID)
        case RecursionError() if error.path is None:
            return _coded(error, "The document is nested too deeply.", QUERY_TOO_COMPLEX)
        case None | GraphQLError():
            code = QUERY_TOO_COMPLEX if LIMIT_MESSAGES.search(error.message) else INVALID
            return _coded(error, shorten(error.message), code)
        case _ if error.path is None and error.nodes:
            # A scalar rejected the value of a variable.
            return _coded(error, shorten(error.message), INVALID)
    if isinstance(cause, AnswerUnreadableError):
        return _coded(error, str(cause), INTERNAL)
    outage = outage_of(cause)
    if outage is not None:
        outage_log.report(outage, cause)
        if has_committed and error.path is not None and len(error.path) > 1:
            return _coded(error, str(AnswerUnreadableError()), INTERNAL)
        return _coded(error, message_of(cause), UNAVAILABLE)
    return _masked(error, cause)


def _coded(error: GraphQLError, message: str, code: str) -> GraphQLError:
    extensions = {**(error.extensions or {}), "code": str(code)}
    return GraphQLError(
        message,
        error.nodes,
        error.source,
        error.positions,
        error.path,
        error.original_error,
        extensions,
    )


def _masked(error: GraphQLError, cause: Exception) -> GraphQLError:
    reference = secrets.token_hex(6)
    log.error("a request failed", reference=reference, path=error.path, exc_info=cause)
    message = f"Something went wrong on our side (reference {reference})."
    extensions = {"code": INTERNAL, "reference": reference}
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, None, extensions
    )
