"""Charges operations to the bucket of their caller, and tells the cost in `extensions.cost`."""

from collections.abc import AsyncGenerator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from tenure.graphql.http.context import Context
from tenure.graphql.http.errors import QUERY_TOO_COMPLEX, RATE_LIMITED, request_error
from tenure.graphql.http.rates import RateCharge


async def charge(context: Context) -> None:
    """RateCharge the points of the operation. Raises GraphQLError if the bucket has fewer."""
    taken = context.charge = await context.limiter.take(context.caller.name, context.points)
    if taken.retry_after is not None:
        raise rate_error(taken)


def rate_error(rejected: RateCharge) -> GraphQLError:
    """The error of an operation for which the bucket had too few points."""
    if rejected.limit is not None and rejected.requested > rejected.limit:
        message = (
            f"The operation costs {rejected.requested:,} points, and at most {rejected.limit:,} "
            "can be spent at once. Request smaller pages."
        )
        return request_error(message, QUERY_TOO_COMPLEX)
    message = (
        f"The operation costs {rejected.requested:,} points, and {rejected.remaining:,} are left. "
        f"Send it again in {rejected.retry_after} seconds."
    )
    extensions = {"code": RATE_LIMITED, "retryAfter": rejected.retry_after}
    return GraphQLError(message, extensions=extensions)


async def charge_refused(context: Context) -> GraphQLError | None:
    """RateCharge one point for a request that was refused before its execution.

    Returns the error if the bucket has none.
    """
    if context.actor is None or context.charge is not None:
        return None
    context.points = 1
    try:
        await charge(context)
    except GraphQLError as error:
        return error
    return None


def response_extensions(context: Context) -> dict[str, object]:
    """The extensions of a response: what was charged, and whether it was a dry run."""
    extensions: dict[str, object] = {}
    if context.charge is not None:
        extensions["cost"] = context.charge.extension()
    if context.runtime.is_dry_run:
        extensions["dryRun"] = True
    return extensions


class CostCharge(SchemaExtension):
    """Charges an operation before its execution."""

    async def on_execute(self) -> AsyncGenerator[None, None]:
        """RateCharge it, unless that was done for an attempt to answer it by a statement."""
        context = self.execution_context.context
        if context.charge is None:
            await charge(context)
        yield
