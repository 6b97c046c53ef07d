"""The commands `tenure user`: the users of the page, their passwords and sessions.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` is
fast.
"""
# ruff: noqa: PLC0415

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.output import AsJson, formatted, print_json, print_rows
from tenure.cli.running import in_runtime, in_unit
from tenure.kernel.actor import Role

if TYPE_CHECKING:
    from tenure.identity.models import User, UserStatus
    from tenure.kernel.unit import Runtime, Unit

users = typer.Typer(help="Users who sign in on the page.", no_args_is_help=True)
sessions = typer.Typer(help="The sessions of a user.", no_args_is_help=True)
users.add_typer(sessions, name="sessions")

Email = Annotated[str, typer.Argument(metavar="EMAIL")]
RoleOption = Annotated[
    Role,
    typer.Option(
        "--role", case_sensitive=False, help="The role, which determines the permissions."
    ),
]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@users.command(name="add")
@users.command(name="create", help="The same as add.")
def add_user(
    email: Email,
    role: RoleOption,
    name: Annotated[str | None, typer.Option(help="The name of the user.")] = None,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    """Create a user. Asks for a password, or generates one and prints it once."""
    from tenure.identity import actions

    password = read_password(password_stdin)
    user, generated = in_unit(
        lambda unit: actions.create_user(unit, email=email, role=role, password=password, name=name)
    )
    print_password(user, generated, as_json=as_json)


@users.command(name="list")
def list_users(as_json: AsJson = False) -> None:
    """List all users."""
    from tenure.identity import queries

    async def read(runtime: "Runtime") -> "list[User]":
        async with runtime.database.reading() as session:
            return await queries.users(session)

    rows = [row_of(user) for user in in_runtime(read)]
    print_rows(
        rows, ["email", "name", "role", "status", "created_at", "last_sign_in_at"], as_json=as_json
    )


@users.command(name="role")
def change_role(email: Email, role: RoleOption, as_json: AsJson = False) -> None:
    """Change the role of a user. Takes effect within a second."""
    from tenure.identity import actions

    user = in_unit(lambda unit: actions.update_user(unit, email, role=role))
    print_user(user, f"{user.email} is {user.role}.", as_json=as_json)


@users.command(name="disable")
def disable_user(email: Email, as_json: AsJson = False) -> None:
    """Disable a user. All sessions end within a second."""
    from tenure.identity.models import UserStatus

    set_status(email, UserStatus.DISABLED, as_json=as_json)


@users.command(name="enable")
def enable_user(email: Email, as_json: AsJson = False) -> None:
    """Enable a disabled user again, with the same password and role."""
    from tenure.identity.models import UserStatus

    set_status(email, UserStatus.ACTIVE, as_json=as_json)


@users.command(name="password")
def change_password(
    email: Email, password_stdin: PasswordStdin = False, as_json: AsJson = False
) -> None:
    """Change the password of a user, and end all sessions. Without one, generates and prints it."""
    from tenure.identity import actions

    password = read_password(password_stdin)
    user, generated = in_unit(lambda unit: actions.set_password(unit, email, password=password))
    print_password(user, generated, as_json=as_json)


@users.command(name="unlink")
def unlink_user(email: Email, as_json: AsJson = False) -> None:
    """Forget the user's subject at the OpenID Connect provider; the next sign-in links it anew."""
    from tenure.identity.openid import actions

    user = in_unit(lambda unit: actions.unlink_user(unit, email=email))
    print_user(user, f"{user.email} is not linked.", as_json=as_json)


@sessions.command(name="end")
def end_sessions(email: Email, as_json: AsJson = False) -> None:
    """End all sessions of a user within a second. The user may sign in again."""
    from tenure.identity import actions
    from tenure.identity.queries import user_of_email

    async def operation(unit: "Unit") -> tuple[str, int]:
        count = await actions.end_sessions(unit, email)
        user = await user_of_email(unit.session, email)
        return (user.email if user else email), count

    address, count = in_unit(operation)
    if as_json:
        print_json({"email": address, "ended": count})
    else:
        typer.echo(f"Ended sessions of {address}: {count}.")


def set_status(email: str, status: "UserStatus", *, as_json: bool) -> None:
    """Change the status of a user and print it."""
    from tenure.identity import actions

    user = in_unit(lambda unit: actions.update_user(unit, email, status=status))
    print_user(user, f"{user.email} is {user.status}.", as_json=as_json)


def row_of(user: "User") -> dict[str, str | None]:
    """The values of a user, without the password."""
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "status": user.status.value,
        "created_at": formatted(user.created_at),
        "last_sign_in_at": formatted(user.last_sign_in_at),
    }


def read_password(from_stdin: bool) -> str | None:
    """The password from standard input or a prompt; None if one is to be generated."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    prompt = "Password (empty to generate one)"
    return typer.prompt(prompt, default="", show_default=False, hide_input=True, err=True) or None


def print_user(user: "User", message: str, *, as_json: bool) -> None:
    """Print a user as JSON, or a message."""
    if as_json:
        print_json(row_of(user))
    else:
        typer.echo(message)


def print_password(user: "User", generated: str | None, *, as_json: bool) -> None:
    """Print a generated password, which is not shown again."""
    if as_json:
        print_json({"user": row_of(user), "password": generated})
    elif generated is None:
        typer.echo("Done.")
    else:
        typer.echo(f"The password is {generated} and is not shown again.")
