"""Changing the status of an account or an asset, now or later."""

from datetime import date, datetime

import strawberry

from tenure.accounts import models
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred import models as promises
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, Written, changed, given
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import Account
from tenure.graphql.types.deferred_actions import DeferredAction
from tenure.graphql.types.ids import key_in, key_of
from tenure.graphql.types.impact import StatusChangeImpact
from tenure.graphql.types.nodes import Asset
from tenure.holds.models import Status
from tenure.kernel.unit import Unit
from tenure.status.changes.actions import Outcome, change_account, change_offer, change_service
from tenure.status.changes.rules import StatusRequest

FUTURE = "In the future: the change is put off until then."
BACKDATE = "In the past, not before the account's last bill: the change takes effect as of then."
REACTIVATE = "Only when inactivating: schedules the reactivation too."
RENAMED = {"to": "status", "service_id": "asset_id", "offer_id": "asset_id"}


@strawberry.input
class ChangeAccountStatusInput:
    """A wish to change an account's status."""

    account_id: strawberry.ID
    status: Status
    reason: str | None = strawberry.UNSET
    note: str | None = strawberry.UNSET
    defer_until: datetime | None = strawberry.field(default=strawberry.UNSET, description=FUTURE)
    backdate_to: date | None = strawberry.field(default=strawberry.UNSET, description=BACKDATE)
    reactivate_on: datetime | None = strawberry.field(
        default=strawberry.UNSET, description=REACTIVATE
    )
    expected_version: int | None = strawberry.UNSET


@strawberry.input
class ChangeAssetStatusInput:
    """A wish to change a service's or a purchased offer's status."""

    asset_id: strawberry.ID = strawberry.field(description="A service's or a purchased offer's.")
    status: Status = strawberry.field(description="CLOSED terminates it for good.")
    reason: str | None = strawberry.UNSET
    note: str | None = strawberry.UNSET
    defer_until: datetime | None = strawberry.field(default=strawberry.UNSET, description=FUTURE)
    backdate_to: date | None = strawberry.field(default=strawberry.UNSET, description=BACKDATE)
    reactivate_on: datetime | None = strawberry.field(
        default=strawberry.UNSET, description=REACTIVATE
    )
    login: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A new login for a service that is reopened after its own was taken.",
    )
    expected_version: int | None = strawberry.UNSET


@strawberry.type
class ChangeAccountStatusPayload:
    """The account as it is now, the promises that were made, and what the change did."""

    account: Account | None = None
    deferred_action: DeferredAction | None = None
    reactivation: DeferredAction | None = None
    impact: StatusChangeImpact | None = None
    errors: list[UserError]


@strawberry.type
class ChangeAssetStatusPayload:
    """The asset as it is now, the promises that were made, and what the change did."""

    asset: Asset | None = None
    deferred_action: DeferredAction | None = None
    reactivation: DeferredAction | None = None
    impact: StatusChangeImpact | None = None
    errors: list[UserError]


@strawberry.type
class StatusMutations:
    """Agents may."""

    @resolved_field
    async def change_account_status(
        self, info: Info, input: ChangeAccountStatusInput
    ) -> ChangeAccountStatusPayload | None:
        """Change an account's status, with all that follows from it."""
        account_id = key_of(input.account_id, "Account")

        async def verb(unit: Unit) -> Answer:
            request = StatusRequest(input.status, **given(input, "account_id", "status"))
            outcome = await change_account(unit, account_id, request)
            return {"account": Written(models.Account, account_id), **_told(outcome)}

        return await changed(info, ChangeAccountStatusPayload, verb, input, renamed=RENAMED)

    @resolved_field
    async def change_asset_status(
        self, info: Info, input: ChangeAssetStatusInput
    ) -> ChangeAssetStatusPayload | None:
        """Change a service's or a purchased offer's status, with all that follows from it."""
        offer_id = key_in(input.asset_id, "PurchasedOffer")
        asset_id = offer_id or key_of(input.asset_id, "Service")

        async def verb(unit: Unit) -> Answer:
            request = StatusRequest(input.status, **given(input, "asset_id", "status"))
            outcome = await (change_offer if offer_id else change_service)(unit, asset_id, request)
            return {
                "asset": Written(PurchasedOffer if offer_id else Service, asset_id),
                **_told(outcome),
            }

        return await changed(info, ChangeAssetStatusPayload, verb, input, renamed=RENAMED)


def _told(outcome: Outcome) -> Answer:
    return {
        "deferred_action": Written(promises.DeferredAction, outcome.deferred_action_id),
        "reactivation": Written(promises.DeferredAction, outcome.reactivation_id),
        "impact": StatusChangeImpact.of(outcome.impact) if outcome.impact else None,
    }
