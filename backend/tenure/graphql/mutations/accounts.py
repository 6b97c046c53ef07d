"""Mutations that create and update accounts."""

from decimal import Decimal

import strawberry

from tenure.accounts import actions, models
from tenure.accounts.models import Rank
from tenure.accounts.rules import NewAccount
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    RowReference,
    provided_fields,
    run_mutation,
)
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.hierarchy.parents.actions import change_parent
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class CreateAccountInput:
    """A new account, optionally below a parent in the hierarchy."""

    number: str | None = strawberry.field(
        default=strawberry.UNSET, description="Unique account number. Generated if omitted."
    )
    name: str = strawberry.field(description="The customer's name. At most 255 characters.")
    email: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The customer's e-mail address, for example `hana@example.com`.",
    )
    phone: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "The customer's telephone number: digits, spaces and + ( ) / . - x. At most 64 "
            "characters."
        ),
    )
    rank: Rank | None = strawberry.field(
        default=strawberry.UNSET, description="The importance of the customer. Default: none."
    )
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
    parent_pays: bool = strawberry.field(
        default=False,
        description=(
            "Whether the default bill unit of the parent pays for this account. Needs `parentId`."
        ),
    )
    credit_limit: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="In `currency`. Null or omitted: no limit."
    )


@input_type
class UpdateAccountInput:
    """Changes of an account. An omitted field stays unchanged; null clears it."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="At most 255 characters. Null is refused with REQUIRED.",
    )
    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's e-mail address. Null clears it."
    )
    phone: str | None = strawberry.field(
        default=strawberry.UNSET, description="The customer's telephone number. Null clears it."
    )
    rank: Rank | None = strawberry.field(
        default=strawberry.UNSET, description="The importance of the customer. Null clears it."
    )
    credit_limit: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="In the currency of the account. Null removes the limit.",
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class AccountPayload:
    """The account after the change, or errors."""

    account: AccountType | None = strawberry.field(
        default=None, description="The account after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class AccountMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED TAKEN OUT_OF_RANGE")
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

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND CONFLICT OUT_OF_RANGE")
    async def update_account(self, info: Info, input: UpdateAccountInput) -> AccountPayload | None:
        """Update an account. An omitted field stays unchanged; null clears it."""

        async def operation(unit: Unit) -> PayloadFields:
            account_id = key_of(input.account_id, "Account")
            await actions.update(unit, account_id, **provided_fields(input, "account_id"))
            return {"account": RowReference(models.Account, account_id)}

        return await run_mutation(info, AccountPayload, operation, input)
