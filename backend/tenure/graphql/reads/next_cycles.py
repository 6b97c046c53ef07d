"""The root field of the bill to come: the fees of the next cycle."""

from datetime import date
from typing import Annotated

import strawberry

from tenure.accounts.models import BillUnit
from tenure.accounts.queries import bill_units_to_bill
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.rules import Charge
from tenure.billing.cycle_fees.actions import next_charges
from tenure.billing.cycle_fees.rules import NextCharges
from tenure.events.models import EventKind
from tenure.graphql.http.context import Info
from tenure.graphql.reads.natural_keys import resolved_ids
from tenure.graphql.reads.resolved_field import resolved_field, uncompiled_field
from tenure.graphql.types.ids import expected_key
from tenure.graphql.types.references import BillUnitRef, PurchasedOfferRef, ServiceRef
from tenure.graphql.types.values import MoneyType

MAX_BILL_UNITS = 100


@strawberry.type(name="NextFee", description="A fee or discount of a cycle that has not begun.")
class NextFeeType:
    """A charge that is not posted yet."""

    charge: strawberry.Private[Charge]
    kind: EventKind = strawberry.field(
        description="The kind of event that it becomes: CYCLE_FEE or DISCOUNT."
    )
    description: str = strawberry.field(
        description="Display text, for example `DSL 50, 1 to 30 Nov`."
    )
    amount: MoneyType = strawberry.field(description="The amount. Negative for a discount.")

    @resolved_field
    async def service(self, info: Info) -> ServiceRef | None:
        """The service. Null for an offer of the account itself."""
        key = self.charge.service_id or 0
        return await info.context.loaders.row(Service, key)  # type: ignore[no-any-return]

    @resolved_field
    async def offer(self, info: Info) -> PurchasedOfferRef | None:
        """The purchased offer or discount."""
        key = self.charge.offer_id or 0
        return await info.context.loaders.row(PurchasedOffer, key)  # type: ignore[no-any-return]


@strawberry.type(
    name="NextCycle", description="The next cycle of a bill unit, which has not begun."
)
class NextCycleType:
    """What the next bill day charges if nothing changes until then."""

    bill_unit_id: strawberry.Private[int]
    period_start: date = strawberry.field(
        description="The first day of the cycle: the date of the next bill, which has these fees."
    )
    period_end: date = strawberry.field(description="The first day after the cycle.")
    fees: list[NextFeeType] = strawberry.field(description="The fees and discounts.")
    total: MoneyType = strawberry.field(description="Their sum.")

    @resolved_field
    async def bill_unit(self, info: Info) -> BillUnitRef:
        """Whose cycle it is: that of the account, or of one that it pays for."""
        loaders = info.context.loaders
        return await loaders.row(BillUnit, self.bill_unit_id)  # type: ignore[no-any-return]

    @classmethod
    def of(cls, bill_unit_id: int, next_cycle: NextCharges) -> "NextCycleType":
        """Convert charges."""
        return cls(
            bill_unit_id=bill_unit_id,
            period_start=next_cycle.span.start,
            period_end=next_cycle.span.end,
            fees=[
                NextFeeType(
                    charge=charge,
                    kind=charge.kind,
                    description=charge.description,
                    amount=MoneyType(amount=charge.amount, currency=charge.currency),
                )
                for charge in next_cycle.charges
            ],
            total=MoneyType(amount=next_cycle.total, currency=next_cycle.currency),
        )


@strawberry.type
class NextCycles:
    """The bill to come. `Query` inherits and registers it."""

    @uncompiled_field("charges that the rules of a cycle compute, for a cycle that has not begun")
    async def next_cycles(
        self,
        info: Info,
        account_id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the account.")
        ],
    ) -> list[NextCycleType]:
        """The fees of the next cycle of each bill unit of an account, and of those that it pays
        for, at most 100 bill units. They are charged on the date of the next bill if nothing
        changes until then. Empty for an unknown account.
        """
        [resolved] = await resolved_ids(info.context.runtime.database, [account_id])
        key = expected_key(resolved, "account_id", "Account")
        async with info.context.runtime.unit(info.context.caller) as unit:
            bill_units = await bill_units_to_bill(unit, key, limit=MAX_BILL_UNITS)
            return [NextCycleType.of(it.id, await next_charges(unit, it)) for it in bill_units]
