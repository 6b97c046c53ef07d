"""The GraphQL types of what status changes and moves affect."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import strawberry

from tenure.accounts.models import Account, BillUnit
from tenure.deferred.models import DeferredAction
from tenure.graphql.http.context import Info
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import AccountRef, BillUnitRef, DeferredActionRef
from tenure.graphql.types.values import MoneyType
from tenure.hierarchy.payers.rules import PayerChange
from tenure.status.impact.queries import SAMPLE, Impact, PayerAmounts


@strawberry.type(
    name="PayerAmounts", description="What a change charges and gives back on the bills of a payer."
)
class PayerAmountsType:
    """Amounts in one currency, on the bills of one account."""

    charged: MoneyType = strawberry.field(description="The sum of the charges. Can be 0.")
    given_back: MoneyType = strawberry.field(
        description="The sum of what is given back; positive. Can be 0."
    )
    payer_id: strawberry.Private[int]

    @resolved_field
    async def payer(self, info: Info) -> AccountRef:
        """The account whose bills have the amounts: the changed account, or who pays for it."""
        payer: AccountRef = await info.context.loaders.row(Account, self.payer_id)
        return payer

    @staticmethod
    def of(found: PayerAmounts) -> "PayerAmountsType":
        """Convert amounts; the account is loaded only if it is selected."""
        amounts = found.amounts
        return PayerAmountsType(
            charged=MoneyType(amount=amounts.charged, currency=amounts.currency),
            given_back=MoneyType(amount=amounts.given_back, currency=amounts.currency),
            payer_id=found.payer_id,
        )


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
    of_payers: list[PayerAmountsType] | None = strawberry.field(
        description="What the change charges and gives back, by the account whose bills have it: "
        "of the first 100 accounts. Null in a preview."
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
            of_payers=None
            if impact.of_payers is None
            else [PayerAmountsType.of(found) for found in impact.of_payers],
            accounts=impact.accounts,
            services=impact.services,
            offers=impact.offers,
            conflicting_deferred_action_count=impact.conflicting_count,
            sample_ids=impact.sample,
            conflicting_ids=impact.conflicting,
        )


@strawberry.type(
    name="PayerChange", description="A bill unit that another bill unit pays for after the change."
)
class PayerChangeType:
    """The payers are accounts: the account of the bill unit itself where that pays for itself."""

    moved: MoneyType = strawberry.field(
        description="The charges that are not billed yet. They move to the next bill of `payer`."
    )
    change: strawberry.Private[PayerChange]

    @resolved_field
    async def bill_unit(self, info: Info) -> BillUnitRef:
        """The bill unit whose payer changes."""
        key = self.change.bill_unit_id
        bill_unit: BillUnitRef = await info.context.loaders.row(BillUnit, key)
        return bill_unit

    @resolved_field
    async def former_payer(self, info: Info) -> AccountRef:
        """The account whose bills had its charges before."""
        key = self.change.former_payer_id
        payer: AccountRef = await info.context.loaders.row(Account, key)
        return payer

    @resolved_field
    async def payer(self, info: Info) -> AccountRef:
        """The account whose bills have its charges from now on."""
        payer: AccountRef = await info.context.loaders.row(Account, self.change.payer_id)
        return payer

    @staticmethod
    def of(change: PayerChange) -> "PayerChangeType":
        """Convert a change; its rows are loaded only if they are selected."""
        return PayerChangeType(
            moved=MoneyType(amount=change.moved, currency=change.currency), change=change
        )


@strawberry.type(
    name="HierarchyImpact",
    description="The effect of a change in the hierarchy: who pays afterwards, and what follows.",
)
class HierarchyImpactType:
    """Counts, with the first 100 bill units."""

    payer_change_count: int = strawberry.field(
        description="The number of bill units whose payer changes."
    )
    payer_changes: list[PayerChangeType] = strawberry.field(
        description="The first 100 bill units whose payer changes, and what moves with them."
    )
    status_change: StatusChangeImpactType | None = strawberry.field(
        description="What becomes inactive or active because of the new payer, and its charges. "
        "Null if no payer changes."
    )

    @staticmethod
    def of(changes: Sequence[PayerChange], impact: Impact | None) -> "HierarchyImpactType":
        """Convert the outcome of a move."""
        return HierarchyImpactType(
            payer_change_count=len(changes),
            payer_changes=[PayerChangeType.of(change) for change in changes[:SAMPLE]],
            status_change=StatusChangeImpactType.of(impact) if impact else None,
        )


def _money(amounts: Iterable[tuple[str, Decimal]]) -> list[MoneyType]:
    """The amounts that are not zero."""
    return [MoneyType(amount=amount, currency=currency) for currency, amount in amounts if amount]
