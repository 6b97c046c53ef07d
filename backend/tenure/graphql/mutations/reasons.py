"""Mutations that create and change reasons for status changes."""

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.mapping import VALUE_LIMIT
from tenure.graphql.reads.statements import check_size
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.reasons import StatusReasonType
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.reasons import actions

LABEL = "Display text, for example `Moved away`. At most 255 characters."
APPLIES_TO = f"The new statuses for which it is offered, at least one. {VALUE_LIMIT}"


@input_type
class CreateReasonInput:
    """A reason for status changes."""

    code: str = strawberry.field(
        description="Unique code of letters, digits, `_`, `.` and `-`, for example `moved-away`. "
        "At most 64 characters."
    )
    label: str = strawberry.field(description=LABEL)
    applies_to: list[Status] = strawberry.field(description=APPLIES_TO)


@input_type
class UpdateReasonInput:
    """Changes of a reason. A field that is omitted or null stays unchanged."""

    reason_id: strawberry.ID = strawberry.field(description="The global id of the reason.")
    label: str | None = strawberry.field(default=strawberry.UNSET, description=LABEL)
    applies_to: list[Status] | None = strawberry.field(
        default=strawberry.UNSET, description=APPLIES_TO
    )
    is_retired: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it is no longer offered for new changes."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class ReasonPayload:
    """The reason after the change, or errors."""

    reason: StatusReasonType | None = strawberry.field(
        default=None, description="The reason after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class ReasonMutations:
    """Mutations that require role ADMIN."""

    @mutation(Role.ADMIN, errors="INVALID REQUIRED TAKEN OUT_OF_RANGE")
    async def create_reason(self, info: Info, input: CreateReasonInput) -> ReasonPayload | None:
        """Create a reason that users can choose for status changes."""

        async def operation(unit: Unit) -> PayloadFields:
            check_size("applies_to", input.applies_to)
            reason = await actions.create_reason(unit, **provided_fields(input))
            return {"reason": reference_to(reason)}

        return await run_mutation(info, ReasonPayload, operation, input)

    @mutation(Role.ADMIN, errors="INVALID REQUIRED NOT_FOUND CONFLICT OUT_OF_RANGE")
    async def update_reason(self, info: Info, input: UpdateReasonInput) -> ReasonPayload | None:
        """Change a reason, retire it, or offer it again."""

        async def operation(unit: Unit) -> PayloadFields:
            check_size("applies_to", input.applies_to)
            reason = await actions.update_reason(
                unit, key_of(input.reason_id, "StatusReason"), **provided_fields(input, "reason_id")
            )
            return {"reason": reference_to(reason)}

        return await run_mutation(info, ReasonPayload, operation, input)
