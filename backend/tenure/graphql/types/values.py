"""Small values that stand in no table of their own: money, holds."""

from decimal import Decimal

import strawberry

from tenure.graphql.types import enums  # noqa: F401 - makes the enums below ones of the schema
from tenure.holds.models import Cause, Status


@strawberry.type(description="An exact amount in a currency.")
class Money:
    """Never a float."""

    amount: Decimal = strawberry.field(description="A decimal as text.")
    currency: str = strawberry.field(description="ISO 4217.")


@strawberry.type(
    description=(
        "Why something is not active. CLOSED exactly while a hold with effect CLOSED rests on it; else INACTIVE "
        "exactly while a hold with effect INACTIVE does; else ACTIVE. A change of status adds or lifts its own "
        "hold and no other, so what was inactive for a reason of its own stays so when another reason goes."
    )
)
class Hold:
    """One bit of one mask."""

    effect: Status = strawberry.field(description="INACTIVE or CLOSED.")
    cause: Cause
