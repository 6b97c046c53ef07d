"""The GraphQL type of status change previews."""

from collections.abc import Sequence

import strawberry

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredAction
from tenure.graphql.http.context import Info
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import AccountRef, DeferredActionRef
from tenure.status.impact.queries import Impact


@strawberry.type(
    name="StatusChangeImpact",
    description="The effect of a status change: the number of affected objects, with a sample.",
)
class StatusChangeImpactType:
    """Counts, with the first 100 accounts and deferred actions."""

    accounts: int = strawberry.field(
        description="The number of affected accounts, including the changed one."
    )
    services: int = strawberry.field(description="The number of affected services.")
    offers: int = strawberry.field(description="The number of affected purchased offers.")
    conflicting_deferred_action_count: int = strawberry.field(
        description="The number of pending deferred actions that would no longer apply."
    )
    sample_ids: strawberry.Private[Sequence[int]]
    conflicting_ids: strawberry.Private[Sequence[int]]

    @resolved_field
    async def sample(self, info: Info) -> list[AccountRef]:
        """The first 100 affected accounts. The changed account is the first."""
        return await info.context.loaders.rows(Account, self.sample_ids)

    @resolved_field
    async def conflicting_deferred_actions(self, info: Info) -> list[DeferredActionRef]:
        """The first 100 pending deferred actions that would no longer apply."""
        return await info.context.loaders.rows(DeferredAction, self.conflicting_ids)

    @staticmethod
    def of(impact: Impact) -> "StatusChangeImpactType":
        """Convert an impact; its rows are loaded only if they are selected."""
        return StatusChangeImpactType(
            accounts=impact.accounts,
            services=impact.services,
            offers=impact.offers,
            conflicting_deferred_action_count=impact.conflicting_count,
            sample_ids=impact.sample,
            conflicting_ids=impact.conflicting,
        )
