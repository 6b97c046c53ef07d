"""Hierarchies: who belongs to whom, and moving accounts about in them."""

from datetime import datetime

import strawberry
from sqlalchemy import select

from tenure.accounts import models
from tenure.deferred import models as promises
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, Written, changed, given
from tenure.graphql.reads.mapping import Condition
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import Account
from tenure.graphql.types.deferred_actions import DeferredAction
from tenure.graphql.types.enums import HierarchyChildren
from tenure.graphql.types.ids import key_of, key_or_none
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.parents.queries import subtree
from tenure.kernel.unit import Unit


def is_below(account_id: str) -> Condition:
    """Accounts below this one, at any depth."""
    return models.Account.id.in_(select(subtree(key_of(account_id, "Account")).c.id))


@strawberry.input
class ChangeHierarchyInput:
    """Add, remove or move: by where the account stands and where it shall stand."""

    account_id: strawberry.ID
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The new parent. Null takes the account out of its hierarchy.",
    )
    parent_pays: bool = strawberry.field(
        default=False,
        description="Whether the parent's default bill unit pays for the account's bill units from then on.",
    )
    children: HierarchyChildren = HierarchyChildren.FOLLOW
    note: str | None = strawberry.UNSET
    defer_until: datetime | None = strawberry.UNSET
    expected_version: int | None = strawberry.UNSET


@strawberry.type
class ChangeHierarchyPayload:
    """The account as it stands now, or the promise."""

    account: Account | None = None
    deferred_action: DeferredAction | None = None
    errors: list[UserError]


@strawberry.type
class HierarchyMutations:
    """Agents may."""

    @resolved_field
    async def change_hierarchy(
        self, info: Info, input: ChangeHierarchyInput
    ) -> ChangeHierarchyPayload | None:
        """Put an account below another, or take it out of its hierarchy."""
        account_id = key_of(input.account_id, "Account")

        async def verb(unit: Unit) -> Answer:
            deferred_action_id = await change_parent(
                unit,
                account_id,
                parent_id=key_or_none(input.parent_id, "Account"),
                children_stay=input.children is HierarchyChildren.STAY,
                **given(input, "account_id", "parent_id", "children"),
            )
            promise = Written(promises.DeferredAction, deferred_action_id)
            return {"account": Written(models.Account, account_id), "deferred_action": promise}

        return await changed(
            info, ChangeHierarchyPayload, verb, input, renamed={"children_stay": "children"}
        )
