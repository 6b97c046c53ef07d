"""The business as it is set: its settings, its clock, and who is asking."""

from datetime import date, datetime

import strawberry

from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.kernel.actor import Actor, Role
from tenure.kernel.business import Business, BusinessRow


@mapped(BusinessRow, "What an admin has set.")
class BusinessSettings:
    """One row."""

    time_zone: str = column(
        BusinessRow.time_zone, "Of the IANA time zone database; business days run in it."
    )
    allow_active_service_with_inactive_account: bool = column(
        BusinessRow.allow_active_service_with_inactive_account,
        "Inactive accounts may keep active services. Default: false.",
    )
    change_start_time_on_activation: bool = column(
        BusinessRow.change_start_time_on_activation,
        "Reactivated offers restart purchase, usage and cycle at the reactivation date. Default: true.",
    )
    closed_login_prefix: str | None = column(
        BusinessRow.closed_login_prefix,
        "Put before the login of a closed account or a cancelled service so that it can be reused; "
        "null keeps logins taken. Default: null.",
    )
    inactivate_after_days_past_due: int = column(
        BusinessRow.inactivate_after_days_past_due,
        "Days past due after which a failed card validation inactivates the account. Default: 30.",
    )
    payment_term_days: int = column(
        BusinessRow.payment_term_days, "Days from billing to the due date. Default: 30."
    )


@strawberry.type(description="The business clock.")
class Clock:
    """Real time, or what an admin has set it to."""

    now: datetime
    today: date = strawberry.field(description="The business day that runs.")
    is_set: bool = strawberry.field(
        description=(
            "True where an admin has set the clock: only where the server was started to allow it. "
            "A set clock stands still."
        )
    )

    @staticmethod
    def of(business: Business) -> "Clock":
        """The clock of the business as it stands."""
        return Clock(now=business.now, today=business.today, is_set=business.clock_is_set)


@strawberry.type(description="Who is asking.")
class Viewer:
    """A user, or a client of a partner system."""

    name: str
    role: Role

    @staticmethod
    def of(actor: Actor) -> "Viewer":
        """The one who asks."""
        return Viewer(name=actor.name, role=actor.role)
