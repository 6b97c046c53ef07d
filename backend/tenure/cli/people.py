"""The commands `tenure user` and `tenure token`: users of the page, and tokens of partner systems.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` is
fast.
"""
# ruff: noqa: PLC0415

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.running import in_runtime, in_unit
from tenure.kernel.actor import Role

if TYPE_CHECKING:
    from tenure.identity.models import Token, User, UserStatus
    from tenure.kernel.unit import Runtime, Unit

users = typer.Typer(help="Users who sign in on the page.", no_args_is_help=True)
tokens = typer.Typer(help="API tokens of partner systems.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
RoleOption = Annotated[
    Role,
    typer.Option(
        "--role", case_sensitive=False, help="The role, which determines the permissions."
    ),
]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@users.command(name="create")
def create_user(
    email: Email,
    role: RoleOption,
    name: Annotated[str | None, typer.Option(help="The name of the user.")] = None,
    password_stdin: PasswordStdin = False,
) -> None:
    """Create a user. Asks for a password, or generates one and prints it once."""
    from tenure.identity import actions

    password = read_password(password_stdin)

    async def operation(unit: "Unit") -> str | None:
        return (
            await actions.create_user(unit, email=email, role=role, password=password, name=name)
        )[1]

    print_password(in_unit(operation))


@users.command(name="list")
def list_users(as_json: AsJson = False) -> None:
    """List all users."""
    from tenure.cli.terminal import print_rows
    from tenure.identity import queries

    async def read(runtime: "Runtime") -> "list[User]":
        async with runtime.database.reading() as session:
            return await queries.users(session)

    rows = [
        {
            "email": user.email,
            "name": user.name,
            "role": user.role.value,
            "status": user.status.value,
            "created_at": formatted(user.created_at),
            "last_sign_in_at": formatted(user.last_sign_in_at),
        }
        for user in in_runtime(read)
    ]
    print_rows(
        rows, ["email", "name", "role", "status", "created_at", "last_sign_in_at"], as_json=as_json
    )


@users.command(name="role")
def change_role(email: Email, role: RoleOption) -> None:
    """Change the role of a user. Takes effect within a second."""
    from tenure.identity import actions

    async def operation(unit: "Unit") -> str:
        user = await actions.update_user(unit, email, role=role)
        return f"{user.email} is {user.role}."

    typer.echo(in_unit(operation))


@users.command(name="disable")
def disable_user(email: Email) -> None:
    """Disable a user. All sessions end within a second."""
    from tenure.identity.models import UserStatus

    typer.echo(in_unit(lambda unit: set_status(unit, email, UserStatus.DISABLED)))


@users.command(name="enable")
def enable_user(email: Email) -> None:
    """Enable a disabled user again, with the same password and role."""
    from tenure.identity.models import UserStatus

    typer.echo(in_unit(lambda unit: set_status(unit, email, UserStatus.ACTIVE)))


async def set_status(unit: "Unit", email: str, status: "UserStatus") -> str:
    """Change the status of a user; returns a message."""
    from tenure.identity import actions

    user = await actions.update_user(unit, email, status=status)
    return f"{user.email} is {user.status}."


@users.command(name="password")
def change_password(email: Email, password_stdin: PasswordStdin = False) -> None:
    """Change the password of a user, and end all sessions. Without one, generates and prints it."""
    from tenure.identity import actions

    password = read_password(password_stdin)

    async def operation(unit: "Unit") -> str | None:
        return (await actions.set_password(unit, email, password=password))[1]

    print_password(in_unit(operation))


@users.command(name="unlink")
def unlink_user(email: Email) -> None:
    """Forget the user's subject at the OpenID Connect provider; the next sign-in links it anew."""
    from tenure.identity.openid import actions

    async def operation(unit: "Unit") -> str:
        return (await actions.unlink_user(unit, email=email)).email

    typer.echo(f"{in_unit(operation)} is not linked.")


@tokens.command(name="create")
def create_token(
    name: Name,
    role: RoleOption,
    days: Annotated[
        int | None, typer.Option(help="Days until it expires, 365 by default; 0 for never.")
    ] = None,
) -> None:
    """Create an API token. Prints only the secret, once."""
    from tenure.identity import actions

    async def operation(unit: "Unit") -> str:
        return (await actions.create_token(unit, name=name, role=role, days=days))[1]

    typer.echo(in_unit(operation))


@tokens.command(name="list")
def list_tokens(as_json: AsJson = False) -> None:
    """List all tokens, without their secrets."""
    from tenure.cli.terminal import print_rows
    from tenure.identity import queries

    async def read(runtime: "Runtime") -> "list[Token]":
        async with runtime.database.reading() as session:
            return await queries.tokens(session)

    rows = [
        {
            "name": token.name,
            "role": token.role.value,
            "state": state_of(token),
            "prefix": token.prefix,
            "created_by": token.created_by,
            "created_at": formatted(token.created_at),
            "expires_at": formatted(token.expires_at),
            "last_used_at": formatted(token.last_used_at),
            "revoked_at": formatted(token.revoked_at),
        }
        for token in in_runtime(read)
    ]
    columns = [
        "name",
        "role",
        "state",
        "prefix",
        "created_by",
        "created_at",
        "expires_at",
        "last_used_at",
    ]
    print_rows(rows, columns, as_json=as_json)


@tokens.command(name="revoke")
def revoke_token(name: Name) -> None:
    """Revoke a token. Takes effect within a second and cannot be undone."""
    from tenure.identity import actions

    async def operation(unit: "Unit") -> str:
        return (await actions.revoke_token(unit, name)).name

    typer.echo(f"{in_unit(operation)} is revoked.")


def state_of(token: "Token") -> str:
    """ACTIVE, EXPIRED or REVOKED."""
    from tenure.kernel.clock import real_now

    if token.revoked_at is not None:
        return "REVOKED"
    is_expired = token.expires_at is not None and token.expires_at <= real_now()
    return "EXPIRED" if is_expired else "ACTIVE"


def formatted(instant: datetime | None) -> str | None:
    """In UTC, to the second."""
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def read_password(from_stdin: bool) -> str | None:
    """The password from standard input or a prompt; None if one is to be generated."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    prompt = "Password (empty to generate one)"
    return typer.prompt(prompt, default="", show_default=False, hide_input=True, err=True) or None


def print_password(generated: str | None) -> None:
    """Print a generated password, which is not shown again."""
    message = f"The password is {generated} and is not shown again."
    typer.echo("Done." if generated is None else message)
