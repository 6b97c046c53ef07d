"""Creating and changing accounts."""

from decimal import Decimal

import strawberry

from tenure.accounts import actions
from tenure.accounts.models import Rank
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import Account
from tenure.graphql.types.ids import key_of, key_or_none
from tenure.hierarchy.parents.actions import change_parent
from tenure.kernel.unit import Unit


@strawberry.input
class CreateAccountInput:
    """A new account, which may stand in a hierarchy at once."""

    number: str | None = strawberry.field(
        default=strawberry.UNSET, description="Given by the server when left out."
    )
    name: str
    email: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    rank: Rank | None = strawberry.UNSET
    currency: str = "USD"
    billing_day_of_month: int | None = strawberry.UNSET
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Stand below this account, and let its default bill unit pay where `parentPays`.",
    )
    parent_pays: bool = False
    credit_limit: Decimal | None = strawberry.UNSET


@strawberry.input(description="Accounts are never deleted: rename them, or close them.")
class UpdateAccountInput:
    """What is left out stays as it is; null clears."""

    account_id: strawberry.ID
    name: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    rank: Rank | None = strawberry.UNSET
    credit_limit: Decimal | None = strawberry.UNSET
    expected_version: int | None = strawberry.UNSET


@strawberry.type
class AccountPayload:
    """The account as it is now, or what stood in the way."""

    account: Account | None = None
    errors: list[UserError]


@strawberry.type
class AccountMutations:
    """Agents may."""

    @resolved_field
    async def create_account(self, info: Info, input: CreateAccountInput) -> AccountPayload | None:
        """A new account with its default bill unit."""

        async def verb(unit: Unit) -> Answer:
            account = await actions.create(unit, **given(input, "parent_id", "parent_pays"))
            parent_id = key_or_none(input.parent_id, "Account")
            if parent_id is not None:
                await change_parent(
                    unit, account.id, parent_id=parent_id, parent_pays=input.parent_pays
                )
            return {"account": written(account)}

        return await changed(info, AccountPayload, verb, input)

    @resolved_field
    async def update_account(self, info: Info, input: UpdateAccountInput) -> AccountPayload | None:
        """What is left out stays as it is; null clears."""

        async def verb(unit: Unit) -> Answer:
            account = await actions.update(
                unit, key_of(input.account_id, "Account"), **given(input, "account_id")
            )
            return {"account": written(account)}

        return await changed(info, AccountPayload, verb, input)
