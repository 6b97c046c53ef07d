"""The GraphQL type of status change previews."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import strawberry

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredAction
from tenure.graphql.http.context import Info
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import AccountRef, DeferredActionRef
from tenure.graphql.types.values import MoneyType
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
    charged: list[MoneyType] | None = strawberry.field(
        description="What the change charges at once, by currency. Null in a preview: send the "
        "mutation as a dry run to know it."
    )
    given_back: list[MoneyType] | None = strawberry.field(
        description="What the change gives back at once, by currency; positive. Null in a preview."
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
        posted = impact.posted
        return StatusChangeImpactType(
            charged=None if posted is None else _money((it.currency, it.charged) for it in posted),
            given_back=None
            if posted is None
            else _money((it.currency, it.given_back) for it in posted),
            accounts=impact.accounts,
            services=impact.services,
            offers=impact.offers,
            conflicting_deferred_action_count=impact.conflicting_count,
            sample_ids=impact.sample,
            conflicting_ids=impact.conflicting,
        )


def _money(amounts: Iterable[tuple[str, Decimal]]) -> list[MoneyType]:
    """The amounts that are not zero."""
    return [MoneyType(amount=amount, currency=currency) for currency, amount in amounts if amount]
