"""Mutations that create and update accounts."""

from decimal import Decimal

import strawberry

from tenure.accounts import actions, models
from tenure.accounts.models import Rank
from tenure.accounts.rules import NewAccount
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    RowReference,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.hierarchy.parents.actions import change_parent
from tenure.kernel.unit import Unit


@strawberry.input
class CreateAccountInput:
    """A new account, optionally below a parent in the hierarchy."""

    number: str | None = strawberry.field(
        default=strawberry.UNSET, description="Unique account number. Generated if omitted."
    )
    name: str
    email: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    rank: Rank | None = strawberry.UNSET
    currency: str = strawberry.field(default="USD", description="ISO 4217 currency code.")
    billing_day_of_month: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 to 31. Default: the day of the month of the creation.",
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "The parent account. It pays the bills of this account if `parentPays` is true."
        ),
    )
    parent_pays: bool = False
    credit_limit: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="In `currency`. Null or omitted: no limit."
    )


@strawberry.input(
    description="An omitted field stays unchanged; null clears it. Accounts cannot be deleted."
)
class UpdateAccountInput:
    """An omitted field stays unchanged; null clears it."""

    account_id: strawberry.ID
    name: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    rank: Rank | None = strawberry.UNSET
    credit_limit: Decimal | None = strawberry.UNSET
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@strawberry.type
class AccountPayload:
    """The account after the change, or errors."""

    account: AccountType | None = None
    errors: list[UserErrorType]


@strawberry.type
class AccountMutations:
    """Mutations that require role AGENT."""

    @resolved_field
    async def create_account(self, info: Info, input: CreateAccountInput) -> AccountPayload | None:
        """Create an account with its default bill unit."""

        async def operation(unit: Unit) -> PayloadFields:
            new = NewAccount(**provided_fields(input, "parent_id", "parent_pays"))
            account = await actions.create_account(unit, new)
            parent_id = optional_key(input.parent_id, "Account")
            if parent_id is not None:
                await change_parent(
                    unit, account.id, parent_id=parent_id, parent_pays=input.parent_pays
                )
            return {"account": RowReference(models.Account, account.id)}

        return await run_mutation(info, AccountPayload, operation, input)

    @resolved_field
    async def update_account(self, info: Info, input: UpdateAccountInput) -> AccountPayload | None:
        """Update an account. An omitted field stays unchanged; null clears it."""

        async def operation(unit: Unit) -> PayloadFields:
            account = await actions.update(
                unit, key_of(input.account_id, "Account"), **provided_fields(input, "account_id")
            )
            return {"account": reference_to(account)}

        return await run_mutation(info, AccountPayload, operation, input)
