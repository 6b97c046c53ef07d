"""Mutations that change the status of accounts and assets, immediately or deferred."""

from datetime import date, datetime

import strawberry

from tenure.accounts import models
from tenure.assets.models import PurchasedOffer, Service
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
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.deferred_actions import DeferredActionType
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import key_in, key_of
from tenure.graphql.types.impact import StatusChangeImpactType
from tenure.graphql.types.nodes import AssetType
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.status.changes.actions import Outcome, change_account, change_offer, change_service
from tenure.status.changes.rules import StatusRequest

DEFER_UNTIL = "A future time schedules the change for that time."
BACKDATE_TO = (
    "A past date, not before the last bill of the account, on which the change takes effect."
)
REACTIVATE_ON = "Only for INACTIVE: also schedules the reactivation for this time."
CANCEL_CONFLICTS = (
    "Also cancels the pending deferred actions that would no longer apply: those of "
    "`impact.conflictingDeferredActions`, and of a scheduled change only those after it. All of it "
    "is one change, which is made or refused as a whole."
)
CANCELLED_COUNT = "The number of deferred actions cancelled because of `cancelConflicts`."
RENAMED_ARGUMENTS = {"to": "status", "service_id": "asset_id", "offer_id": "asset_id"}


@input_type
class ChangeAccountStatusInput:
    """A status change of an account."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    status: Status = strawberry.field(
        description=(
            "The new status. INACTIVE suspends, CLOSED ends, ACTIVE lifts the MANUAL and DEBT "
            "holds."
        )
    )
    reason: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Why, as shown in the events of the change. At most 2,000 characters.",
    )
    note: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="An internal note. At most 2,000 characters, on several lines if needed.",
    )
    defer_until: datetime | None = strawberry.field(
        default=strawberry.UNSET, description=DEFER_UNTIL
    )
    backdate_to: date | None = strawberry.field(default=strawberry.UNSET, description=BACKDATE_TO)
    reactivate_on: datetime | None = strawberry.field(
        default=strawberry.UNSET, description=REACTIVATE_ON
    )
    cancel_conflicts: bool = strawberry.field(default=False, description=CANCEL_CONFLICTS)
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@input_type
class ChangeAssetStatusInput:
    """A status change of a service or purchased offer."""

    asset_id: strawberry.ID = strawberry.field(
        description="The id of a service or purchased offer."
    )
    status: Status = strawberry.field(
        description="The new status. CLOSED is final for a purchased offer."
    )
    reason: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Why, as shown in the events of the change. At most 2,000 characters.",
    )
    note: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="An internal note. At most 2,000 characters, on several lines if needed.",
    )
    defer_until: datetime | None = strawberry.field(
        default=strawberry.UNSET, description=DEFER_UNTIL
    )
    backdate_to: date | None = strawberry.field(default=strawberry.UNSET, description=BACKDATE_TO)
    reactivate_on: datetime | None = strawberry.field(
        default=strawberry.UNSET, description=REACTIVATE_ON
    )
    login: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A new login, for reopening a service whose login is taken.",
    )
    cancel_conflicts: bool = strawberry.field(default=False, description=CANCEL_CONFLICTS)
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class ChangeAccountStatusPayload:
    """The account after the change, created deferred actions, and the impact."""

    account: AccountType | None = strawberry.field(
        default=None, description="The account after the change. Null if there are errors."
    )
    deferred_action: DeferredActionType | None = strawberry.field(
        default=None, description="The scheduled change. Null unless `deferUntil` was given."
    )
    reactivation: DeferredActionType | None = strawberry.field(
        default=None,
        description="The scheduled reactivation. Null unless `reactivateOn` was given.",
    )
    impact: StatusChangeImpactType | None = strawberry.field(
        default=None, description="What the change affected. Null if it was only scheduled."
    )
    cancelled_deferred_action_count: int = strawberry.field(default=0, description=CANCELLED_COUNT)
    event_id: strawberry.Private[int | None] = None
    errors: list[UserErrorType]

    @resolved_field
    async def event(self, info: Info) -> EventType | None:
        """The first event of the change; the others follow from it.

        Null if it was only scheduled, or if nothing changed.
        """
        return await event_of(info, self.event_id)


@payload_type
class ChangeAssetStatusPayload:
    """The asset after the change, created deferred actions, and the impact."""

    asset: AssetType | None = strawberry.field(
        default=None,
        description="The service or purchased offer after the change. Null if there are errors.",
    )
    deferred_action: DeferredActionType | None = strawberry.field(
        default=None, description="The scheduled change. Null unless `deferUntil` was given."
    )
    reactivation: DeferredActionType | None = strawberry.field(
        default=None,
        description="The scheduled reactivation. Null unless `reactivateOn` was given.",
    )
    impact: StatusChangeImpactType | None = strawberry.field(
        default=None, description="What the change affected. Null if it was only scheduled."
    )
    cancelled_deferred_action_count: int = strawberry.field(default=0, description=CANCELLED_COUNT)
    event_id: strawberry.Private[int | None] = None
    errors: list[UserErrorType]

    @resolved_field
    async def event(self, info: Info) -> EventType | None:
        """The first event of the change; the others follow from it.

        Null if it was only scheduled, or if nothing changed.
        """
        return await event_of(info, self.event_id)


@strawberry.type
class StatusMutations:
    """Mutations that require role AGENT."""

    @mutation(
        Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED CONFLICT CLOSED_IS_FINAL OUT_OF_RANGE"
    )
    async def change_account_status(
        self, info: Info, input: ChangeAccountStatusInput
    ) -> ChangeAccountStatusPayload | None:
        """Change the status of an account, including all cascading changes."""

        async def operation(unit: Unit) -> PayloadFields:
            account_id = key_of(input.account_id, "Account")
            request = StatusRequest(input.status, **provided_fields(input, "account_id", "status"))
            outcome = await change_account(unit, account_id, request)
            return {"account": RowReference(models.Account, account_id), **_common_fields(outcome)}

        return await run_mutation(
            info, ChangeAccountStatusPayload, operation, input, renamed_arguments=RENAMED_ARGUMENTS
        )

    @mutation(
        Role.AGENT,
        errors="INVALID NOT_FOUND NOT_ALLOWED CONFLICT TAKEN CLOSED_IS_FINAL OUT_OF_RANGE",
    )
    async def change_asset_status(
        self, info: Info, input: ChangeAssetStatusInput
    ) -> ChangeAssetStatusPayload | None:
        """Change the status of a service or purchased offer, including all cascading changes."""

        async def operation(unit: Unit) -> PayloadFields:
            offer_id = key_in(input.asset_id, "PurchasedOffer")
            asset_id = offer_id or key_of(input.asset_id, "Service")
            request = StatusRequest(input.status, **provided_fields(input, "asset_id", "status"))
            outcome = await (change_offer if offer_id else change_service)(unit, asset_id, request)
            return {
                "asset": RowReference(PurchasedOffer if offer_id else Service, asset_id),
                **_common_fields(outcome),
            }

        return await run_mutation(
            info, ChangeAssetStatusPayload, operation, input, renamed_arguments=RENAMED_ARGUMENTS
        )


def _common_fields(outcome: Outcome) -> PayloadFields:
    impact = outcome.impact
    return {
        "deferred_action": RowReference(deferred_models.DeferredAction, outcome.deferred_action_id),
        "reactivation": RowReference(deferred_models.DeferredAction, outcome.reactivation_id),
        "impact": StatusChangeImpactType.of(impact) if impact else None,
        "event_id": impact.event_id if impact else None,
        "cancelled_deferred_action_count": outcome.cancelled,
    }
