"""The mutation that moves accounts in the hierarchy."""

from datetime import datetime

import strawberry

from tenure.accounts import models
from tenure.deferred import models as deferred_models
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    RowReference,
    event_of,
    provided_fields,
    run_mutation,
)
from tenure.graphql.mutations.impact import impact_of
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.deferred_actions import DeferredActionType
from tenure.graphql.types.enums import HierarchyChildren
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.graphql.types.impact import HierarchyImpactType
from tenure.hierarchy.parents.actions import change_parent
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class ChangeHierarchyInput:
    """Adds an account to a hierarchy, moves it, or removes it."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The new parent account. Null removes the account from its hierarchy.",
    )
    parent_pays: bool = strawberry.field(
        default=False,
        description=(
            "Whether the default bill unit of the new parent pays for the bill units of the "
            "account."
        ),
    )
    children: HierarchyChildren = strawberry.field(
        default=HierarchyChildren.FOLLOW,
        description="What happens to the accounts below. Default: they move with it.",
    )
    note: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="An internal note. At most 2,000 characters, on several lines if needed.",
    )
    defer_until: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="A future time schedules the change for that time."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class ChangeHierarchyPayload:
    """The account after the change, or the deferred action."""

    account: AccountType | None = strawberry.field(
        default=None, description="The account after the change. Null if there are errors."
    )
    deferred_action: DeferredActionType | None = strawberry.field(
        default=None, description="The scheduled change. Null unless `deferUntil` was given."
    )
    impact: HierarchyImpactType | None = strawberry.field(
        default=None, description="What the change affected. Null if it was only scheduled."
    )
    event_id: strawberry.Private[int | None] = None
    errors: list[UserErrorType]

    @resolved_field
    async def event(self, info: Info) -> EventType | None:
        """The event of the move. Null if it was only scheduled, or if nothing changed."""
        return await event_of(info, self.event_id)


@strawberry.type
class HierarchyMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED CONFLICT CYCLE OUT_OF_RANGE")
    async def change_hierarchy(
        self, info: Info, input: ChangeHierarchyInput
    ) -> ChangeHierarchyPayload | None:
        """Move an account below another one, or remove it from its hierarchy."""

        async def operation(unit: Unit) -> PayloadFields:
            account_id = key_of(input.account_id, "Account")
            outcome = await change_parent(
                unit,
                account_id,
                parent_id=optional_key(input.parent_id, "Account"),
                children_stay=input.children is HierarchyChildren.STAY,
                **provided_fields(input, "account_id", "parent_id", "children"),
            )
            return {
                "account": RowReference(models.Account, account_id),
                "deferred_action": RowReference(
                    deferred_models.DeferredAction, outcome.deferred_action_id
                ),
                "impact": None
                if outcome.deferred_action_id
                else await impact_of(unit, outcome.reassignment),
                "event_id": outcome.event_id,
            }

        return await run_mutation(
            info,
            ChangeHierarchyPayload,
            operation,
            input,
            renamed_arguments={"children_stay": "children"},
        )
