"""Mutations that add bill units and change their payer."""

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.bill_units import BillUnitType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.hierarchy.payers import actions
from tenure.kernel.unit import Unit


@strawberry.input
class AddBillUnitInput:
    """An additional bill unit of an account."""

    account_id: strawberry.ID
    name: str
    billing_day_of_month: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 to 31. Default: the day of the payer, or of the default bill unit.",
    )
    paying_parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill unit that pays for it. Null: it pays for itself.",
    )


@strawberry.input
class ChangePayerInput:
    """The new payer of a bill unit."""

    bill_unit_id: strawberry.ID
    paying_parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill unit that pays from now on. Null: it pays for itself.",
    )
    note: str | None = strawberry.UNSET
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@strawberry.type
class BillUnitPayload:
    """The bill unit after the change, or errors."""

    bill_unit: BillUnitType | None = None
    errors: list[UserErrorType]


@strawberry.type
class PayerMutations:
    """Mutations that require role AGENT."""

    @resolved_field
    async def add_bill_unit(self, info: Info, input: AddBillUnitInput) -> BillUnitPayload | None:
        """Add a bill unit that pays for itself or is paid by another one."""

        async def operation(unit: Unit) -> PayloadFields:
            added = await actions.add_bill_unit(
                unit,
                key_of(input.account_id, "Account"),
                paying_parent_id=optional_key(input.paying_parent_id, "BillUnit"),
                **provided_fields(input, "account_id", "paying_parent_id"),
            )
            return {"bill_unit": reference_to(added)}

        return await run_mutation(info, BillUnitPayload, operation, input)

    @resolved_field
    async def change_payer(self, info: Info, input: ChangePayerInput) -> BillUnitPayload | None:
        """Change the bill unit that pays for a bill unit, or make it pay for itself."""

        async def operation(unit: Unit) -> PayloadFields:
            paid = await actions.change_payer(
                unit,
                key_of(input.bill_unit_id, "BillUnit"),
                paying_parent_id=optional_key(input.paying_parent_id, "BillUnit"),
                **provided_fields(input, "bill_unit_id", "paying_parent_id"),
            )
            return {"bill_unit": reference_to(paid)}

        return await run_mutation(info, BillUnitPayload, operation, input)
