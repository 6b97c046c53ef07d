"""GraphQL types of values without a table: money and holds."""

from decimal import Decimal

import strawberry

from tenure.graphql.types import admin_enums, enums  # noqa: F401 - registers the enums
from tenure.holds.models import Cause, Status


@strawberry.type(name="Money", description="An exact amount in one currency.")
class MoneyType:
    """The amount is a decimal, never a float."""

    amount: Decimal = strawberry.field(
        description="The amount in the major unit of the currency, as a string."
    )
    currency: str = strawberry.field(description="ISO 4217 currency code.")


@strawberry.type(
    name="Hold",
    description=(
        "A reason why an account or asset is not active. Its status is CLOSED while it has a hold "
        "with effect CLOSED, else INACTIVE while it has a hold with effect INACTIVE, else ACTIVE. "
        "A status change adds or removes only its own hold, so an object with several holds stays "
        "inactive until all of them are removed."
    ),
)
class HoldType:
    """One bit of a hold mask."""

    effect: Status = strawberry.field(description="INACTIVE or CLOSED.")
    cause: Cause = strawberry.field(
        description="Why the hold was placed; it also says what lifts it."
    )
