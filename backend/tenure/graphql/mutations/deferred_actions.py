"""Bulk mutations of deferred actions: run, reschedule and cancel."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import strawberry

from tenure.batch import change_actions, run_by_ids
from tenure.batch.bulk import ChangeActions
from tenure.deferred import actions, models
from tenure.deferred.rules import ActionResult, PairOrderError
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import answer_read
from tenure.graphql.types.deferred_actions import DeferredActionType
from tenure.graphql.types.ids import explain_not_found, key_of
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError

MAX_IDS = 1000
ID_LIMIT = f"At most {MAX_IDS:,} ids."


@input_type
class DeferredActionsInput:
    """Deferred actions by their ids."""

    ids: list[strawberry.ID] = strawberry.field(description=ID_LIMIT)


@input_type
class RescheduleDeferredActionsInput:
    """Deferred actions by their ids, with their new scheduled time."""

    ids: list[strawberry.ID] = strawberry.field(description=ID_LIMIT)
    scheduled_for: datetime = strawberry.field(
        description="The new time, in the future. A reactivation stays after its inactivation."
    )


@payload_type
class DeferredActionsPayload:
    """The changed actions, in the order of the input.

    An action that cannot be changed does not stop the others. It has an entry in `errors`, whose
    path contains its index in `ids`.
    """

    deferred_actions: list[DeferredActionType] = strawberry.field(
        description="The changed actions. Those with an error are left out."
    )
    errors: list[UserErrorType] = strawberry.field(
        description="The errors of single actions. The path of each contains the index in `ids`."
    )


@strawberry.type
class DeferredMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def run_deferred_actions(
        self, info: Info, input: DeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Execute deferred actions now. A failed one is returned as FAILED with its `failure`."""
        return await _change_each(info, input.ids, run_by_ids)

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def reschedule_deferred_actions(
        self, info: Info, input: RescheduleDeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Reschedule deferred actions. A FAILED action becomes PENDING again."""
        reschedule = partial(actions.reschedule_all, scheduled_for=input.scheduled_for)
        return await _change_each(info, input.ids, reschedule)

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def cancel_deferred_actions(
        self, info: Info, input: DeferredActionsInput
    ) -> DeferredActionsPayload | None:
        """Cancel deferred actions. Cancelling an inactivation also cancels its reactivation."""
        return await _change_each(info, input.ids, actions.cancel_all)


async def _change_each(
    info: Info, ids: Sequence[str], change: ChangeActions
) -> DeferredActionsPayload:
    """Change the actions in order. An error of another field than `ids` is listed once."""
    context = info.context
    context.caller.require(Role.AGENT)
    if len(ids) > MAX_IDS:
        too_many = TenureError(
            ErrorCode.OUT_OF_RANGE, f"Provide at most {MAX_IDS:,} ids.", ("ids",)
        )
        return DeferredActionsPayload(deferred_actions=[], errors=[UserErrorType.of(too_many)])
    keys = [key_of(global_id, "DeferredAction") for global_id in ids]
    results: list[ActionResult] = []
    if keys:
        results = await change_actions(context.runtime, context.caller, keys, change)
    changed_keys = [result.action_id for result in results if result.error is None]
    if changed_keys:
        context.has_committed = not context.runtime.is_dry_run
    context.reset_loaders()
    with answer_read(context):
        rows = await context.loaders.rows(models.DeferredAction, changed_keys)
    return DeferredActionsPayload(deferred_actions=rows, errors=_errors(ids, results))


def _errors(ids: Sequence[str], results: Sequence[ActionResult]) -> list[UserErrorType]:
    """The errors of the results, with the index of the id in the path. Each is listed once."""
    errors: dict[tuple[str, tuple[str | int, ...]], TenureError] = {}
    for index, result in enumerate(results):
        error = result.error
        if error is None:
            continue
        concerns_one = isinstance(error, PairOrderError) and len(ids) > 1
        path = ("ids", index) if concerns_one or not error.path else error.path
        explained = explain_not_found(TenureError(error.code, error.message, path), {"ids": ids})
        errors.setdefault((explained.message, path), explained)
    return [UserErrorType.of(error) for error in errors.values()]
