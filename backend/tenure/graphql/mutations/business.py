"""Mutations of the business settings and the business clock."""

from datetime import datetime

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import (
    PayloadFields,
    RowReference,
    provided_fields,
    run_mutation,
)
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.business import BusinessSettingsType, ClockType
from tenure.kernel.unit import Unit
from tenure.settings import actions
from tenure.settings.models import BusinessRow
from tenure.settings.queries import read_business

SETTINGS_KEY = 1


@strawberry.input(description="An omitted field stays unchanged.")
class UpdateSettingsInput:
    """Business settings to change. Only `closedLoginPrefix` can be null."""

    time_zone: str | None = strawberry.UNSET
    allow_active_service_with_inactive_account: bool | None = strawberry.UNSET
    change_start_time_on_activation: bool | None = strawberry.UNSET
    closed_login_prefix: str | None = strawberry.field(
        default=strawberry.UNSET, description="Null clears the prefix."
    )
    inactivate_after_days_past_due: int | None = strawberry.UNSET
    payment_term_days: int | None = strawberry.UNSET


@strawberry.type
class SettingsPayload:
    """The settings after the change, or errors."""

    settings: BusinessSettingsType | None = None
    errors: list[UserErrorType]


@strawberry.input
class SetClockInput:
    """A later time, or null for real time."""

    now: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="A time after the current one. Null returns to real time.",
    )


@strawberry.type
class ClockPayload:
    """The clock after the change, or errors."""

    clock: ClockType | None = None
    errors: list[UserErrorType]


@strawberry.type
class BusinessMutations:
    """Mutations that require role ADMIN."""

    @resolved_field
    async def update_settings(
        self, info: Info, input: UpdateSettingsInput
    ) -> SettingsPayload | None:
        """Update the business settings. The change applies to all processes immediately."""

        async def operation(unit: Unit) -> PayloadFields:
            await actions.update_settings(unit, **provided_fields(input))
            return {"settings": RowReference(BusinessRow, SETTINGS_KEY)}

        return await run_mutation(info, SettingsPayload, operation, input)

    @resolved_field
    async def set_clock(self, info: Info, input: SetClockInput) -> ClockPayload | None:
        """Set the business clock forward. Requires a server started with a settable clock."""

        async def operation(unit: Unit) -> PayloadFields:
            await actions.set_clock(unit, now=input.now or None)
            return {"clock": ClockType.of(await read_business(unit.session, info.context.runtime))}

        return await run_mutation(info, ClockPayload, operation, input)
