"""Mutations of the business settings and the business clock."""

from datetime import datetime

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    RowReference,
    provided_fields,
    run_mutation,
)
from tenure.graphql.types.business import BusinessSettingsType, ClockType
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.settings import actions
from tenure.settings.models import BusinessRow
from tenure.settings.queries import read_business

SETTINGS_KEY = 1


@input_type
class UpdateSettingsInput:
    """An omitted field stays unchanged."""

    time_zone: str | None = strawberry.field(
        default=strawberry.UNSET, description="IANA name, for example `Europe/Lisbon`."
    )
    allow_active_service_with_inactive_account: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether an inactive account may have active services.",
    )
    change_start_time_on_activation: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether a reactivated offer restarts its purchase, usage and cycle.",
    )
    closed_login_prefix: str | None = strawberry.field(
        default=strawberry.UNSET, description="Null clears the prefix."
    )
    inactivate_after_days_past_due: int | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "Days past due, from 0, after which a failed card validation inactivates the account."
        ),
    )
    payment_term_days: int | None = strawberry.field(
        default=strawberry.UNSET, description="Days from billing to the due date, from 0."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class SettingsPayload:
    """The settings after the change, or errors."""

    settings: BusinessSettingsType | None = strawberry.field(
        default=None, description="The settings after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@input_type
class SetClockInput:
    """A later time, or null for real time."""

    now: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="A time after the current one. Null returns to real time.",
    )


@payload_type
class ClockPayload:
    """The clock after the change, or errors."""

    clock: ClockType | None = strawberry.field(
        default=None, description="The clock after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class BusinessMutations:
    """Mutations that require role ADMIN."""

    @mutation(Role.ADMIN, errors="INVALID REQUIRED CONFLICT OUT_OF_RANGE")
    async def update_settings(
        self, info: Info, input: UpdateSettingsInput
    ) -> SettingsPayload | None:
        """Update the business settings. The change applies to all processes immediately."""

        async def operation(unit: Unit) -> PayloadFields:
            await actions.update_settings(unit, **provided_fields(input))
            return {"settings": RowReference(BusinessRow, SETTINGS_KEY)}

        return await run_mutation(info, SettingsPayload, operation, input)

    @mutation(Role.ADMIN, errors="NOT_ALLOWED OUT_OF_RANGE")
    async def set_clock(self, info: Info, input: SetClockInput) -> ClockPayload | None:
        """Set the business clock forward. Requires a server started with a settable clock."""

        async def operation(unit: Unit) -> PayloadFields:
            await actions.set_clock(unit, now=input.now or None)
            return {"clock": ClockType.of(await read_business(unit.session, info.context.runtime))}

        return await run_mutation(info, ClockPayload, operation, input)
