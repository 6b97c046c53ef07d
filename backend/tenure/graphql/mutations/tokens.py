"""Mutations of the tokens of partner systems."""

from typing import Annotated

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import PayloadFields, reference_to, run_mutation
from tenure.graphql.types.identity import TokenType
from tenure.graphql.types.ids import key_of
from tenure.identity import actions
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class CreateTokenInput:
    """The partner system that gets access."""

    name: str = strawberry.field(
        description=(
            "The name of the partner system, for example `Shop`: unique, without `@`. The name of "
            "a revoked token stays taken."
        )
    )
    role: Role = strawberry.field(description="What the partner system may do.")
    expires_in_days: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 to 3,650, or 0 for a token that does not expire. Default: 365.",
    )


@payload_type
class CreateTokenPayload:
    """The new token with its secret, or errors."""

    token: TokenType | None = strawberry.field(
        default=None, description="The new token. Null if there are errors."
    )
    secret: str | None = strawberry.field(
        default=None,
        description=(
            "Send it as `Authorization: Bearer SECRET`. It is shown once and not stored. Null if "
            "there are errors."
        ),
    )
    errors: list[UserErrorType]


@payload_type
class TokenPayload:
    """The token after the change, or errors."""

    token: TokenType | None = strawberry.field(
        default=None, description="The token after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class TokenMutations:
    """Mutations that require role ADMIN."""

    @mutation(Role.ADMIN, errors="INVALID REQUIRED TAKEN OUT_OF_RANGE")
    async def create_token(self, info: Info, input: CreateTokenInput) -> CreateTokenPayload | None:
        """Create a token for a partner system. The answer shows its secret once."""

        async def operation(unit: Unit) -> PayloadFields:
            days = input.expires_in_days
            token, secret = await actions.create_token(
                unit,
                name=input.name,
                role=input.role,
                days=None if days is strawberry.UNSET else days,
            )
            return {"token": reference_to(token), "secret": secret}

        renamed = {"days": "expires_in_days"}
        return await run_mutation(
            info, CreateTokenPayload, operation, input, renamed_arguments=renamed
        )

    @mutation(Role.ADMIN, errors="INVALID NOT_FOUND")
    async def revoke_token(
        self,
        info: Info,
        token_id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the token.")
        ],
    ) -> TokenPayload | None:
        """Revoke a token, unless it is revoked already. It is refused within a second."""

        async def operation(unit: Unit) -> PayloadFields:
            return {
                "token": reference_to(await actions.revoke_token(unit, key_of(token_id, "Token")))
            }

        return await run_mutation(
            info, TokenPayload, operation, {"token_id": token_id}, path_prefix=()
        )
