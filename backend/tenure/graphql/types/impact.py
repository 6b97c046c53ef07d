"""What a status change would do, before it is done."""

from collections.abc import Sequence

import strawberry

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredAction
from tenure.graphql.http.context import Info
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import AccountRef, DeferredActionRef
from tenure.status.impact.queries import Impact


@strawberry.type(description="What a status change would do, before it is done.")
class StatusChangeImpact:
    """Counts, and the first hundred of each."""

    accounts: int
    services: int
    offers: int
    conflicting_deferred_action_count: int
    sample_ids: strawberry.Private[Sequence[int]]
    conflicting_ids: strawberry.Private[Sequence[int]]

    @resolved_field
    async def sample(self, info: Info) -> list[AccountRef]:
        """The first hundred accounts, the changed one first."""
        return await info.context.loaders.rows(Account, self.sample_ids)

    @resolved_field
    async def conflicting_deferred_actions(self, info: Info) -> list[DeferredActionRef]:
        """Pending deferred actions that would then no longer be possible: the first hundred, and how many."""
        return await info.context.loaders.rows(DeferredAction, self.conflicting_ids)

    @staticmethod
    def of(impact: Impact) -> "StatusChangeImpact":
        """The lifecycle's answer, with rows still to be read."""
        return StatusChangeImpact(
            accounts=impact.accounts,
            services=impact.services,
            offers=impact.offers,
            conflicting_deferred_action_count=impact.conflicting_count,
            sample_ids=impact.sample,
            conflicting_ids=impact.conflicting,
        )
