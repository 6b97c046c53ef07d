"""The commands `tenure token`: the tokens of partner systems.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` is
fast.
"""
# ruff: noqa: PLC0415

from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.output import AsJson, formatted, print_json, print_rows
from tenure.cli.running import in_runtime, in_unit
from tenure.cli.users import RoleOption

if TYPE_CHECKING:
    from tenure.identity.models import Token
    from tenure.kernel.unit import Runtime

tokens = typer.Typer(help="API tokens of partner systems.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME")]
COLUMNS = ["name", "role", "state", "prefix", "created_by", "created_at", "expires_at"]


@tokens.command(name="add")
@tokens.command(name="create", help="The same as add.")
def add_token(
    name: Name,
    role: RoleOption,
    days: Annotated[
        int | None, typer.Option(help="Days until it expires, 365 by default; 0 for never.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create an API token. Prints only the secret, once."""
    from tenure.identity import actions

    token, secret = in_unit(
        lambda unit: actions.create_token(unit, name=name, role=role, days=days)
    )
    if as_json:
        print_json({"token": row_of(token), "secret": secret})
    else:
        typer.echo(secret)


@tokens.command(name="list")
def list_tokens(as_json: AsJson = False) -> None:
    """List all tokens, without their secrets."""
    from tenure.identity import queries

    async def read(runtime: "Runtime") -> "list[Token]":
        async with runtime.database.reading() as session:
            return await queries.tokens(session)

    rows = [row_of(token) for token in in_runtime(read)]
    print_rows(rows, [*COLUMNS, "last_used_at"], as_json=as_json)


@tokens.command(name="revoke")
def revoke_token(name: Name, as_json: AsJson = False) -> None:
    """Revoke a token. Takes effect within a second and cannot be undone."""
    from tenure.identity import actions

    token = in_unit(lambda unit: actions.revoke_token(unit, name))
    if as_json:
        print_json(row_of(token))
    else:
        typer.echo(f"{token.name} is revoked.")


def row_of(token: "Token") -> dict[str, str | None]:
    """The values of a token, without its secret."""
    return {
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


def state_of(token: "Token") -> str:
    """ACTIVE, EXPIRED or REVOKED."""
    from tenure.kernel.clock import real_now

    if token.revoked_at is not None:
        return "REVOKED"
    is_expired = token.expires_at is not None and token.expires_at <= real_now()
    return "EXPIRED" if is_expired else "ACTIVE"
