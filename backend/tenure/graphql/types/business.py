"""The GraphQL types of business settings, the business clock and the viewer."""

from datetime import date, datetime

import strawberry

from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.kernel.actor import Actor, Role
from tenure.settings.models import BusinessRow
from tenure.settings.rules import Business


@mapped(BusinessRow, "The business settings. Only an admin can change them.")
class BusinessSettingsType:
    """The only row of the settings table."""

    time_zone: str = column(
        BusinessRow.time_zone, "IANA time zone of business dates, for example `Europe/Lisbon`."
    )
    allow_active_service_with_inactive_account: bool = column(
        BusinessRow.allow_active_service_with_inactive_account,
        "Whether an inactive account may have active services. Default: false.",
    )
    change_start_time_on_activation: bool = column(
        BusinessRow.change_start_time_on_activation,
        "Whether a reactivated offer restarts its purchase, usage and cycle at the reactivation "
        "date. Default: true.",
    )
    closed_login_prefix: str | None = column(
        BusinessRow.closed_login_prefix,
        "Prefix added to the login of a closed account or service, so that it can be reused. "
        "Null: logins stay taken. Default: null.",
    )
    inactivate_after_days_past_due: int = column(
        BusinessRow.inactivate_after_days_past_due,
        "Number of days past due after which a failed card validation inactivates the account. "
        "Default: 30.",
    )
    payment_term_days: int = column(
        BusinessRow.payment_term_days, "Number of days from billing to the due date. Default: 30."
    )
    version: int = column(
        BusinessRow.version,
        "Increases with each change of the settings. For `expectedVersion` of `updateSettings`.",
    )


@strawberry.type(name="Clock", description="The business clock.")
class ClockType:
    """Real time, or the time that an admin has set."""

    now: datetime = strawberry.field(description="The current time of the business clock.")
    today: date = strawberry.field(description="The current business date.")
    is_set: bool = strawberry.field(
        description=(
            "Whether an admin has set the clock, which requires a server started with a settable "
            "clock. A clock that is set does not advance by itself."
        )
    )
    is_settable: bool = strawberry.field(
        description="Whether the server was started with a settable clock, so that it can be set."
    )

    @staticmethod
    def of(business: Business) -> "ClockType":
        """Convert the business clock to its GraphQL type."""
        return ClockType(
            now=business.now,
            today=business.today,
            is_set=business.clock_is_set,
            is_settable=business.clock_settable,
        )


@strawberry.type(name="Viewer", description="The authenticated caller: a user or an API client.")
class ViewerType:
    """Name and role of the caller."""

    name: str = strawberry.field(
        description="The e-mail address of a user, or the name of an API client."
    )
    role: Role = strawberry.field(description="The role, which decides what the caller may do.")

    @staticmethod
    def of(actor: Actor) -> "ViewerType":
        """Convert an actor to its GraphQL type."""
        return ViewerType(name=actor.name, role=actor.role)
