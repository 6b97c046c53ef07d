"""Changing the business settings, and setting the business clock."""

from datetime import datetime

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, Written, changed, given
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.business import BusinessSettings, Clock
from tenure.kernel.business import BusinessRow, read_business
from tenure.kernel.unit import Unit
from tenure.settings import actions

THE_ROW = 1


@strawberry.input(description="What is left out stays as it is.")
class UpdateSettingsInput:
    """Only `closedLoginPrefix` can be null."""

    time_zone: str | None = strawberry.UNSET
    allow_active_service_with_inactive_account: bool | None = strawberry.UNSET
    change_start_time_on_activation: bool | None = strawberry.UNSET
    closed_login_prefix: str | None = strawberry.field(
        default=strawberry.UNSET, description="An explicit null clears it."
    )
    inactivate_after_days_past_due: int | None = strawberry.UNSET
    payment_term_days: int | None = strawberry.UNSET


@strawberry.type
class SettingsPayload:
    """The settings as they are now."""

    settings: BusinessSettings | None = None
    errors: list[UserError]


@strawberry.input
class SetClockInput:
    """Forward, or back to real time."""

    now: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Null gives the clock back to real time."
    )


@strawberry.type
class ClockPayload:
    """The clock as it is now."""

    clock: Clock | None = None
    errors: list[UserError]


@strawberry.type
class BusinessMutations:
    """Admins may."""

    @resolved_field
    async def update_settings(
        self, info: Info, input: UpdateSettingsInput
    ) -> SettingsPayload | None:
        """Change business settings; every process sees the change at once."""

        async def verb(unit: Unit) -> Answer:
            await actions.update_settings(unit, **given(input))
            return {"settings": Written(BusinessRow, THE_ROW)}

        return await changed(info, SettingsPayload, verb, input)

    @resolved_field
    async def set_clock(self, info: Info, input: SetClockInput) -> ClockPayload | None:
        """Set the business clock forward, where the server was started to allow it."""
        settable = info.context.runtime.clock_settable

        async def verb(unit: Unit) -> Answer:
            await actions.set_clock(unit, now=input.now or None, settable=settable)
            return {"clock": Clock.of(await read_business(unit.session, clock_settable=settable))}

        return await changed(info, ClockPayload, verb, input)
