"""The two interfaces: what has a global id, and what a customer has."""

import strawberry

from tenure.graphql.reads.declarations import identity
from tenure.graphql.reads.fields import type_of_row
from tenure.graphql.types.references import AccountRef
from tenure.graphql.types.values import Hold
from tenure.holds.models import Status


@strawberry.interface(description="Whatever can be asked for by its id.")
class Node:
    """Relay's own."""

    resolve_type = staticmethod(type_of_row)

    id: strawberry.ID = identity(
        "Opaque; people and partner systems use `number`, `login` or `code`."
    )


@strawberry.interface(
    description="What a customer has: a service, or an offer bought for a service or for the account."
)
class Asset(Node):
    """Services and purchased offers declare these fields themselves."""

    name: str
    account: AccountRef
    status: Status
    holds: list[Hold]
    version: int
