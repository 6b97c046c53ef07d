"""The interfaces of the schema: objects with a global id, and assets."""

import strawberry

from tenure.graphql.reads.declarations import global_id
from tenure.graphql.reads.fields import type_of_row
from tenure.graphql.types.references import AccountRef
from tenure.graphql.types.values import HoldType
from tenure.holds.models import Status


@strawberry.interface(name="Node", description="An object with a global id.")
class NodeType:
    """The Node interface of Relay."""

    resolve_type = staticmethod(type_of_row)

    id: strawberry.ID = global_id(
        "Opaque global id. Show `number`, `login` or `code` to users instead."
    )


@strawberry.interface(
    name="Asset",
    description=(
        "An asset of an account: a service, or an offer purchased for a service or the account."
    ),
)
class AssetType(NodeType):
    """Services and purchased offers declare these fields with their columns."""

    name: str
    account: AccountRef
    status: Status
    holds: list[HoldType]
    version: int
