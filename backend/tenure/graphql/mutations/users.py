"""Mutations of users, their passwords and their sessions."""

from dataclasses import replace
from functools import partial

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
from tenure.graphql.types.identity import UserType
from tenure.graphql.types.ids import key_of
from tenure.identity import actions
from tenure.identity.attempts.actions import count_attempt, uncount_attempt
from tenure.identity.models import UserStatus
from tenure.identity.rules import TooManyAttemptsError, password_key
from tenure.kernel.actor import SYSTEM, Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit

USER = "The user after the change. Null if there are errors."
PASSWORD = "The generated password. It is shown once and not stored. Null if there are errors."


@input_type
class CreateUserInput:
    """The person who gets access."""

    email: str = strawberry.field(
        description="The address to sign in with, for example `ana@example.com`."
    )
    role: Role = strawberry.field(description="What the user may do.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 255 characters. Default: null."
    )


@input_type
class UpdateUserInput:
    """An omitted field stays unchanged."""

    user_id: strawberry.ID = strawberry.field(description="The global id of the user.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 255 characters. Null removes the name."
    )
    role: Role | None = strawberry.field(
        default=strawberry.UNSET, description="What the user may do. Applies within a second."
    )
    status: UserStatus | None = strawberry.field(
        default=strawberry.UNSET, description="DISABLED ends all sessions of the user."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@input_type
class ResetPasswordInput:
    """The user who gets a new password."""

    user_id: strawberry.ID = strawberry.field(description="The global id of the user.")


@input_type
class ChangePasswordInput:
    """The passwords of the caller."""

    current_password: str = strawberry.field(
        description="The present password. Ten wrong ones in five minutes are refused."
    )
    new_password: str = strawberry.field(description="12 to 1,024 characters.")


@input_type
class EndSessionsInput:
    """Whose sessions end."""

    user_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The global id of another user, for role ADMIN. Default: the caller.",
    )


@payload_type
class CreateUserPayload:
    """The new user with a generated password, or errors."""

    user: UserType | None = strawberry.field(
        default=None, description="The new user. Null if there are errors."
    )
    password: str | None = strawberry.field(default=None, description=PASSWORD)
    errors: list[UserErrorType]


@payload_type
class UserPayload:
    """The user after the change, or errors."""

    user: UserType | None = strawberry.field(default=None, description=USER)
    errors: list[UserErrorType]


@payload_type
class ResetPasswordPayload:
    """The user with a generated password, or errors."""

    user: UserType | None = strawberry.field(default=None, description=USER)
    password: str | None = strawberry.field(default=None, description=PASSWORD)
    errors: list[UserErrorType]


@payload_type
class ChangePasswordPayload:
    """Only errors."""

    errors: list[UserErrorType]


@payload_type
class EndSessionsPayload:
    """Only errors."""

    errors: list[UserErrorType]


@strawberry.type
class UserMutations:
    """Mutations of users. What concerns only the caller requires no more than to be signed in."""

    @mutation(Role.ADMIN, errors="INVALID REQUIRED TAKEN OUT_OF_RANGE")
    async def create_user(self, info: Info, input: CreateUserInput) -> CreateUserPayload | None:
        """Create a user with a generated password, which the answer shows once."""

        async def operation(unit: Unit) -> PayloadFields:
            user, password = await actions.create_user(unit, **provided_fields(input))
            return {"user": reference_to(user), "password": password}

        return await run_mutation(info, CreateUserPayload, operation, input)

    @mutation(Role.ADMIN, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED CONFLICT OUT_OF_RANGE")
    async def update_user(self, info: Info, input: UpdateUserInput) -> UserPayload | None:
        """Change name, role or status of a user. The last active ADMIN must stay one."""

        async def operation(unit: Unit) -> PayloadFields:
            user = await actions.update_user(
                unit, key_of(input.user_id, "User"), **provided_fields(input, "user_id")
            )
            return {"user": reference_to(user)}

        return await run_mutation(info, UserPayload, operation, input)

    @mutation(Role.ADMIN, errors="INVALID NOT_FOUND")
    async def reset_password(
        self, info: Info, input: ResetPasswordInput
    ) -> ResetPasswordPayload | None:
        """Generate a password for a user and end all sessions of the user."""

        async def operation(unit: Unit) -> PayloadFields:
            user, password = await actions.set_password(unit, key_of(input.user_id, "User"))
            return {"user": reference_to(user), "password": password}

        return await run_mutation(info, ResetPasswordPayload, operation, input)

    @mutation(Role.VIEWER, errors="INVALID NOT_ALLOWED OUT_OF_RANGE")
    async def change_password(
        self, info: Info, input: ChangePasswordInput
    ) -> ChangePasswordPayload | None:
        """Change the password of the caller. All other sessions of the caller end.

        An API client has no password: NOT_ALLOWED. A dry run does not check `currentPassword`,
        because it cannot count wrong ones.
        """
        caller, runtime = info.context.caller, info.context.runtime
        is_dry_run = runtime.is_dry_run
        attempts = [password_key(caller.name)] if caller.session and not is_dry_run else []
        try:
            # In a unit of its own: a wrong password rolls back the unit of the change. It does not
            # mark an Idempotency-Key as done.
            counting = replace(runtime, before_commit=None)
            await counting.run_in_unit(SYSTEM, partial(count_attempt, keys=attempts))
        except TooManyAttemptsError as error:
            refused = TenureError(ErrorCode.NOT_ALLOWED, str(error))
            return ChangePasswordPayload(errors=[UserErrorType.of(refused)])

        async def operation(unit: Unit) -> PayloadFields:
            await actions.change_password(
                unit,
                current_password=None if is_dry_run else input.current_password,
                new_password=input.new_password,
            )
            await uncount_attempt(unit, keys=attempts)
            return {}

        return await run_mutation(info, ChangePasswordPayload, operation, input)

    @mutation(Role.VIEWER, errors="INVALID NOT_FOUND NOT_ALLOWED")
    async def end_sessions(self, info: Info, input: EndSessionsInput) -> EndSessionsPayload | None:
        """End all sessions of the caller, this one included, or those of another user.

        Those of another user require role ADMIN. An API client has no session: NOT_ALLOWED.
        """

        async def operation(unit: Unit) -> PayloadFields:
            await actions.end_sessions(
                unit, key_of(input.user_id, "User") if input.user_id else None
            )
            return {}

        return await run_mutation(info, EndSessionsPayload, operation, input)
