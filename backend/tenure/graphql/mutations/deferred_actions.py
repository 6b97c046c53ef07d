"""Bulk mutations of deferred actions: run, reschedule and cancel."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import strawberry

from tenure.batch import run_now
from tenure.deferred import actions, models
from tenure.deferred.rules import PairOrderError
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import answer_read
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.deferred_actions import DeferredActionType
from tenure.graphql.types.ids import explain_not_found, key_of
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError

MAX_IDS = 1000
ID_LIMIT = f"At most {MAX_IDS:,} ids."


@strawberry.input
class DeferredActionsInput:
    """Deferred actions by their ids."""

    ids: list[strawberry.ID] = strawberry.field(description=ID_LIMIT)


@strawberry.input
class RescheduleDeferredActionsInput:
    """Deferred actions by their ids, with their new scheduled time."""

    ids: list[strawberry.ID] = strawberry.field(description=ID_LIMIT)
    scheduled_for: datetime


@strawberry.type(
    description=(
        "An action that cannot be changed does not stop the others. It has an entry in `errors`, "
        "whose path contains its index in `ids`."
    )
)
class DeferredActionsPayload:
    """The changed actions, in the order of the input."""

    deferred_actions: list[DeferredActionType]
    errors: list[UserErrorType]


@strawberry.type
class DeferredMutations:
    """Mutations that require role AGENT."""

    @resolved_field
    async def run_deferred_actions(
        self, info: Info, input: DeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Execute deferred actions now. A failed one is returned as FAILED with its `failure`."""
        context = info.context
        return await _change_each(
            info, input.ids, lambda key: run_now(context.runtime, context.caller, key)
        )

    @resolved_field
    async def reschedule_deferred_actions(
        self, info: Info, input: RescheduleDeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Reschedule deferred actions. A FAILED action becomes PENDING again."""
        context = info.context

        def reschedule(key: int) -> Awaitable[object]:
            operation = partial(
                actions.reschedule, action_id=key, scheduled_for=input.scheduled_for
            )
            return context.runtime.run_in_unit(context.caller, operation)

        return await _change_each(info, input.ids, reschedule)

    @resolved_field
    async def cancel_deferred_actions(
        self, info: Info, input: DeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Cancel deferred actions. Cancelling an inactivation also cancels its reactivation."""
        context = info.context
        with_inactivation: set[int] = set()

        async def cancel(key: int) -> None:
            """Skip a reactivation that was cancelled with its inactivation in this request."""
            if key in with_inactivation:
                return
            operation = partial(actions.cancel, action_id=key)
            cancelled = await context.runtime.run_in_unit(context.caller, operation)
            with_inactivation.update(set(cancelled) - {key})

        return await _change_each(info, input.ids, cancel)


async def _change_each(
    info: Info, ids: Sequence[str], change: Callable[[int], Awaitable[object]]
) -> DeferredActionsPayload:
    """Change one action after the other. An error of another field than `ids` is listed once."""
    info.context.caller.require(Role.AGENT)
    if len(ids) > MAX_IDS:
        too_many = TenureError(
            ErrorCode.OUT_OF_RANGE, f"Provide at most {MAX_IDS:,} ids.", ("ids",)
        )
        return DeferredActionsPayload(deferred_actions=[], errors=[UserErrorType.of(too_many)])
    changed_keys = []
    errors: dict[tuple[str, tuple[str | int, ...]], TenureError] = {}
    for index, global_id in enumerate(ids):
        try:
            await change(key := key_of(global_id, "DeferredAction"))
            changed_keys.append(key)
            info.context.has_committed = True
        except TenureError as error:
            concerns_one = isinstance(error, PairOrderError) and len(ids) > 1
            path = ("ids", index) if concerns_one or not error.path else error.path
            explained = explain_not_found(
                TenureError(error.code, error.message, path), {"ids": ids}
            )
            errors.setdefault((explained.message, path), explained)
    info.context.reset_loaders()
    with answer_read():
        rows = await info.context.loaders.rows(models.DeferredAction, changed_keys)
    return DeferredActionsPayload(
        deferred_actions=rows, errors=[UserErrorType.of(error) for error in errors.values()]
    )
