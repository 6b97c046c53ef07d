"""`tenure user …` and `tenure token …`: who may sign in, and which partner systems may call.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` answers at once.
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

users = typer.Typer(help="People who sign in on the page.", no_args_is_help=True)
tokens = typer.Typer(help="API tokens of partner systems.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
RoleOption = Annotated[Role, typer.Option("--role", case_sensitive=False, help="What they may do.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


@users.command(name="create")
def create_user(
    email: Email,
    role: RoleOption,
    name: Annotated[str | None, typer.Option(help="The person's name.")] = None,
    password_stdin: PasswordStdin = False,
) -> None:
    """Let a person sign in. Asks for a password, or makes one and prints it once."""
    from tenure.identity import actions

    password = chosen_password(password_stdin)

    async def verb(unit: "Unit") -> str | None:
        return (
            await actions.create_user(unit, email=email, role=role, password=password, name=name)
        )[1]

    tell_password(in_unit(verb))


@users.command(name="list")
def list_users(as_json: AsJson = False) -> None:
    """List everybody who may sign in, and who is disabled."""
    from tenure.cli.terminal import print_rows
    from tenure.identity import queries

    async def work(runtime: "Runtime") -> "list[User]":
        async with runtime.database.reading() as session:
            return await queries.users(session)

    rows = [
        {
            "email": user.email,
            "name": user.name,
            "role": user.role.value,
            "status": user.status.value,
            "created_at": shown(user.created_at),
            "last_sign_in_at": shown(user.last_sign_in_at),
        }
        for user in in_runtime(work)
    ]
    print_rows(
        rows, ["email", "name", "role", "status", "created_at", "last_sign_in_at"], as_json=as_json
    )


@users.command(name="role")
def role_of_user(email: Email, role: RoleOption) -> None:
    """Give a person another role. Takes effect within a second."""
    from tenure.identity import actions

    async def verb(unit: "Unit") -> str:
        user = await actions.update_user(unit, email=email, role=role)
        return f"{user.email} is {user.role}."

    typer.echo(in_unit(verb))


@users.command(name="disable")
def disable_user(email: Email) -> None:
    """Keep a person out. All sessions end within a second."""
    from tenure.identity.models import UserStatus

    typer.echo(in_unit(lambda unit: changed_status(unit, email, UserStatus.DISABLED)))


@users.command(name="enable")
def enable_user(email: Email) -> None:
    """Let a disabled person sign in again, with the same password and role."""
    from tenure.identity.models import UserStatus

    typer.echo(in_unit(lambda unit: changed_status(unit, email, UserStatus.ACTIVE)))


async def changed_status(unit: "Unit", email: str, status: "UserStatus") -> str:
    """Change the status of a user; answers with a sentence."""
    from tenure.identity import actions

    user = await actions.update_user(unit, email=email, status=status)
    return f"{user.email} is {user.status}."


@users.command(name="password")
def password_of_user(email: Email, password_stdin: PasswordStdin = False) -> None:
    """Give a person another password, and end all sessions. Asks for it, or makes one and prints it once."""
    from tenure.identity import actions

    password = chosen_password(password_stdin)

    async def verb(unit: "Unit") -> str | None:
        return await actions.set_password(unit, email=email, password=password)

    tell_password(in_unit(verb))


@tokens.command(name="create")
def create_token(
    name: Name,
    role: RoleOption,
    days: Annotated[
        int | None, typer.Option(help="How long it is valid: 365 when left out, 0 for ever.")
    ] = None,
) -> None:
    """Make an API token and print it, this once. It is all that standard output gets."""
    from tenure.identity import actions

    async def verb(unit: "Unit") -> str:
        return await actions.create_token(unit, name=name, role=role, days=days)

    typer.echo(in_unit(verb))


@tokens.command(name="list")
def list_tokens(as_json: AsJson = False) -> None:
    """List all tokens without their secrets."""
    from tenure.cli.terminal import print_rows
    from tenure.identity import queries

    async def work(runtime: "Runtime") -> "list[Token]":
        async with runtime.database.reading() as session:
            return await queries.tokens(session)

    rows = [
        {
            "name": token.name,
            "role": token.role.value,
            "state": state_of(token),
            "prefix": token.prefix,
            "created_by": token.created_by,
            "created_at": shown(token.created_at),
            "expires_at": shown(token.expires_at),
            "last_used_at": shown(token.last_used_at),
            "revoked_at": shown(token.revoked_at),
        }
        for token in in_runtime(work)
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
    """Refuse a token from now on, in every process within a second. It cannot be undone."""
    from tenure.identity import actions

    async def verb(unit: "Unit") -> str:
        return (await actions.revoke_token(unit, name=name)).name

    typer.echo(f"{in_unit(verb)} is revoked.")


def state_of(token: "Token") -> str:
    """ACTIVE, EXPIRED or REVOKED."""
    from tenure.kernel.clock import real_now

    if token.revoked_at is not None:
        return "REVOKED"
    is_expired = token.expires_at is not None and token.expires_at <= real_now()
    return "EXPIRED" if is_expired else "ACTIVE"


def shown(instant: datetime | None) -> str | None:
    """To the second, in UTC."""
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def chosen_password(from_stdin: bool) -> str | None:
    """What the caller gives, or None: then one is made."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    prompt = "Password (empty: one is made)"
    return typer.prompt(prompt, default="", show_default=False, hide_input=True, err=True) or None


def tell_password(made: str | None) -> None:
    """A password that was made is shown this once."""
    typer.echo("Done." if made is None else f"The password is {made} and is not shown again.")
