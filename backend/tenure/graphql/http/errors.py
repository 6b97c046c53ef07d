"""What callers are told of failures: what they can mend, what they may not, and of our own faults a reference only."""

import re
import secrets

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.http.echo import shortened
from tenure.graphql.types import enums  # noqa: F401 - makes ErrorCode below one of the schema, by its name there
from tenure.idempotency.rules import KeyLostError
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError, UnauthenticatedError
from tenure.kernel.faults import OutcomeUnknownError
from tenure.kernel.outages import outage_log, outage_of

INVALID = "INVALID"
UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN"
QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
INTERNAL = "INTERNAL"
UNAVAILABLE = "UNAVAILABLE"

# How graphql-core words its own limits: of tokens, of nesting, of comparing fields, of introspection.
LIMITS = re.compile(r"(Parsing|Validation) aborted\.$|^Maximum introspection depth exceeded")

log = structlog.get_logger()


@strawberry.type(description="A mistake that the caller can mend. Nothing was changed.")
class UserError:
    """A TenureError, in the words of the schema."""

    code: ErrorCode
    message: str = strawberry.field(description="A sentence for a person.")
    path: list[str] = strawberry.field(
        description='The input field at fault, for example ["input", "deferUntil"]; empty when it is none.'
    )

    @staticmethod
    def of(error: TenureError, below: tuple[str, ...] = ("input",)) -> "UserError":
        """`below` is where the arguments stand."""
        path = [*below, *(to_camel_case(str(part)) for part in error.path)] if error.path else []
        return UserError(code=error.code, message=error.message, path=path)


def refusal(message: str, code: str) -> GraphQLError:
    """An error of the whole request."""
    return GraphQLError(message, extensions={"code": code})


def unauthenticated() -> GraphQLError:
    """Whoever has not signed in is told this, whatever the request is."""
    return refusal("Sign in first.", UNAUTHENTICATED)


def translated(error: GraphQLError) -> GraphQLError:
    """The error as the caller may see it: with a code, and masked where it is a fault of ours."""
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
        case CannotGetOperationTypeError():
            return refusal(cause.as_http_error_reason(), INVALID)
        case MissingQueryError():
            return refusal("No GraphQL query found in the request", INVALID)
        case RecursionError() if error.path is None:
            return _coded(error, "The document is nested too deeply.", QUERY_TOO_COMPLEX)
        case None | GraphQLError():
            code = QUERY_TOO_COMPLEX if LIMITS.search(error.message) else INVALID
            return _coded(error, shortened(error.message), code)
        case _ if error.path is None and error.nodes:
            return _coded(
                error, shortened(error.message), INVALID
            )  # A variable whose value its scalar refuses.
    outage = outage_of(cause)
    if outage is not None:
        outage_log.report(outage, cause)
        return _coded(
            error,
            "Tenure cannot reach its database, or cannot write to it. Try again later.",
            UNAVAILABLE,
        )
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
