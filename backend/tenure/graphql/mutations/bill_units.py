"""Adding bill units, and changing who pays for one."""

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.bill_units import BillUnit
from tenure.graphql.types.ids import key_of, key_or_none
from tenure.hierarchy.payers import actions
from tenure.kernel.unit import Unit


@strawberry.input
class AddBillUnitInput:
    """A further bill unit of an account."""

    account_id: strawberry.ID
    name: str
    billing_day_of_month: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="The account's default bill unit's, or the payer's, when left out.",
    )
    paying_parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Paid by this bill unit; null: it pays for itself."
    )


@strawberry.input
class ChangePayerInput:
    """Who pays from now on."""

    bill_unit_id: strawberry.ID
    paying_parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill unit that pays from now on; null: it pays for itself.",
    )
    note: str | None = strawberry.UNSET
    expected_version: int | None = strawberry.UNSET


@strawberry.type
class BillUnitPayload:
    """The bill unit as it is now."""

    bill_unit: BillUnit | None = None
    errors: list[UserError]


@strawberry.type
class PayerMutations:
    """Agents may."""

    @resolved_field
    async def add_bill_unit(self, info: Info, input: AddBillUnitInput) -> BillUnitPayload | None:
        """A further bill unit, which pays for itself or is paid by another one."""

        async def verb(unit: Unit) -> Answer:
            added = await actions.add_bill_unit(
                unit,
                key_of(input.account_id, "Account"),
                paying_parent_id=key_or_none(input.paying_parent_id, "BillUnit"),
                **given(input, "account_id", "paying_parent_id"),
            )
            return {"bill_unit": written(added)}

        return await changed(info, BillUnitPayload, verb, input)

    @resolved_field
    async def change_payer(self, info: Info, input: ChangePayerInput) -> BillUnitPayload | None:
        """Let another bill unit pay for one, or let it pay for itself."""

        async def verb(unit: Unit) -> Answer:
            paid = await actions.change_payer(
                unit,
                key_of(input.bill_unit_id, "BillUnit"),
                paying_parent_id=key_or_none(input.paying_parent_id, "BillUnit"),
                **given(input, "bill_unit_id", "paying_parent_id"),
            )
            return {"bill_unit": written(paid)}

        return await changed(info, BillUnitPayload, verb, input)
