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

    name: str = strawberry.field(
        description=(
            "Display name: of a service as entered, of an offer as in the catalog when it was "
            "purchased."
        )
    )
    account: AccountRef = strawberry.field(description="The account that owns the asset.")
    status: Status = strawberry.field(description="Derived from `holds`.")
    holds: list[HoldType] = strawberry.field(
        description="The reasons why the asset is not active. Empty if it is active."
    )
    version: int = strawberry.field(
        description="Incremented by each change. Pass it as `expectedVersion` to detect conflicts."
    )
