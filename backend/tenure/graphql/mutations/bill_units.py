"""Mutations that add bill units and change their payer."""

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.mutations.impact import impact_of
from tenure.graphql.types.bill_units import BillUnitType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.graphql.types.impact import HierarchyImpactType
from tenure.hierarchy.payers import actions
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class AddBillUnitInput:
    """An additional bill unit of an account."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    name: str = strawberry.field(
        description="Display name, for example `Office`. At most 255 characters."
    )
    billing_day_of_month: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 to 31. Default: the day of the payer, or of the default bill unit.",
    )
    paying_parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill unit that pays for it. Null: it pays for itself.",
    )


@input_type
class ChangePayerInput:
    """The new payer of a bill unit."""

    bill_unit_id: strawberry.ID = strawberry.field(
        description="The global id of the bill unit whose payer changes."
    )
    paying_parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill unit that pays from now on. Null: it pays for itself.",
    )
    note: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="An internal note. At most 2,000 characters, on several lines if needed.",
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class BillUnitPayload:
    """The bill unit after the change, or errors."""

    bill_unit: BillUnitType | None = strawberry.field(
        default=None, description="The bill unit after the change. Null if there are errors."
    )
    impact: HierarchyImpactType | None = strawberry.field(
        default=None,
        description="What the new payer affects. Null if there are errors, and in `addBillUnit`.",
    )
    errors: list[UserErrorType]


@strawberry.type
class PayerMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
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

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED CONFLICT CYCLE OUT_OF_RANGE")
    async def change_payer(self, info: Info, input: ChangePayerInput) -> BillUnitPayload | None:
        """Change the bill unit that pays for a bill unit, or make it pay for itself."""

        async def operation(unit: Unit) -> PayloadFields:
            outcome = await actions.change_payer(
                unit,
                key_of(input.bill_unit_id, "BillUnit"),
                paying_parent_id=optional_key(input.paying_parent_id, "BillUnit"),
                **provided_fields(input, "bill_unit_id", "paying_parent_id"),
            )
            return {
                "bill_unit": reference_to(outcome.bill_unit),
                "impact": await impact_of(unit, outcome.reassignment),
            }

        return await run_mutation(info, BillUnitPayload, operation, input)
