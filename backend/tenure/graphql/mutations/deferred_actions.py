"""Running, rescheduling and cancelling deferred actions: many at once, each in a unit of its own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import strawberry

from tenure.batch import run_now
from tenure.deferred import actions, models
from tenure.deferred.rules import PairOrderError
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.deferred_actions import DeferredAction
from tenure.graphql.types.ids import explained, key_of
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError

MANY = 1000
MANY_IDS = f"At most {MANY:,} ids."


@strawberry.input
class DeferredActionsInput:
    """Deferred actions by their ids."""

    ids: list[strawberry.ID] = strawberry.field(description=MANY_IDS)


@strawberry.input
class RescheduleDeferredActionsInput:
    """Deferred actions by their ids, and when they shall take place."""

    ids: list[strawberry.ID] = strawberry.field(description=MANY_IDS)
    scheduled_for: datetime


@strawberry.type(
    description=(
        "One action that cannot be changed does not stop the others: see `errors`, whose path names its place in `ids`."
    )
)
class DeferredActionsPayload:
    """The actions that were changed, in the order of the input."""

    deferred_actions: list[DeferredAction]
    errors: list[UserError]


@strawberry.type
class DeferredMutations:
    """Agents may."""

    @resolved_field
    async def run_deferred_actions(
        self, info: Info, input: DeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Carry these out at once. One that then fails is answered as FAILED, with its `failure`."""
        context = info.context
        return await _each(
            info, input.ids, lambda key: run_now(context.runtime, context.caller, key)
        )

    @resolved_field
    async def reschedule_deferred_actions(
        self, info: Info, input: RescheduleDeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Put these off to another time; a FAILED one is pending again."""
        context = info.context

        def reschedule(key: int) -> Awaitable[object]:
            verb = partial(actions.reschedule, action_id=key, scheduled_for=input.scheduled_for)
            return context.runtime.run_in_unit(context.caller, verb)

        return await _each(info, input.ids, reschedule)

    @resolved_field
    async def cancel_deferred_actions(
        self, info: Info, input: DeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Take these back, an inactivation with its reactivation. They stay readable, with who cancelled them."""
        context = info.context
        with_inactivation: set[int] = set()

        async def cancel(key: int) -> None:
            """Nothing is left to do for a reactivation that was cancelled with its inactivation."""
            if key in with_inactivation:
                return
            verb = partial(actions.cancel, action_id=key)
            cancelled = await context.runtime.run_in_unit(context.caller, verb)
            with_inactivation.update(set(cancelled) - {key})

        return await _each(info, input.ids, cancel)


async def _each(
    info: Info, ids: Sequence[str], change: Callable[[int], Awaitable[object]]
) -> DeferredActionsPayload:
    """Change one after the other. What is wrong with another field than `ids` is told once."""
    info.context.caller.require(Role.AGENT)
    if len(ids) > MANY:
        too_many = TenureError(
            ErrorCode.OUT_OF_RANGE, f"Give at most {MANY:,} ids at once.", ("ids",)
        )
        return DeferredActionsPayload(deferred_actions=[], errors=[UserError.of(too_many)])
    done = []
    refused: dict[tuple[str, tuple[str | int, ...]], TenureError] = {}
    for place, global_id in enumerate(ids):
        try:
            await change(key := key_of(global_id, "DeferredAction"))
            done.append(key)
        except TenureError as error:
            of_one = isinstance(error, PairOrderError) and len(ids) > 1
            path = ("ids", place) if of_one or not error.path else error.path
            here = explained(TenureError(error.code, error.message, path), {"ids": ids})
            refused.setdefault((here.message, path), here)
    info.context.forget()
    rows = await info.context.loaders.rows(models.DeferredAction, done)
    return DeferredActionsPayload(
        deferred_actions=rows, errors=[UserError.of(it) for it in refused.values()]
    )
