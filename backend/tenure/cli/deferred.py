"""The commands `tenure deferred`: list, run and cancel deferred actions.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` is
fast.
"""
# ruff: noqa: PLC0415

from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.output import AsJson, Limit, Unlimited, checked_values, print_json, print_rows
from tenure.cli.reading import Record, account_id, pages
from tenure.cli.running import in_runtime

if TYPE_CHECKING:
    from tenure.batch.bulk import ChangeActions
    from tenure.kernel.unit import Runtime

deferred = typer.Typer(help="Changes scheduled for a later time.", no_args_is_help=True)

Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="Ids as `deferred list` shows.")]
ACTIONS = """query($count: Int!, $cursor: String, $filter: DeferredActionFilter!) {
  deferredActions(last: $count, before: $cursor, filter: $filter) {
    nodes { id scheduledFor status kind account { number } summary createdBy attempts failure }
    pageInfo { cursor: startCursor hasMore: hasPreviousPage }
  }
}"""
COLUMNS = ["id", "scheduled_for", "status", "account", "summary", "created_by", "failure"]


@deferred.command(name="list")
def list_actions(
    status: Annotated[
        list[str] | None,
        typer.Option(help="For example FAILED; PENDING by default. Can be repeated."),
    ] = None,
    account: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The account that is changed.")
    ] = None,
    limit: Limit = 100,
    all_: Unlimited = False,
    as_json: AsJson = False,
) -> None:
    """List deferred actions, those that are due first at the top."""
    from tenure.deferred.models import DeferredStatus

    filter_ = {"status": checked_values(status, DeferredStatus) or [DeferredStatus.PENDING]}

    async def read(runtime: "Runtime") -> list[Record]:
        more = {} if account is None else {"account": await account_id(runtime, account)}
        most = None if all_ else limit
        found = pages(runtime, ACTIONS, limit=most, filter={**filter_, **more})
        return [action async for page in found for action in reversed(page)]

    rows = [row_of(action) for action in in_runtime(read)]
    print_rows(rows, COLUMNS, as_json=as_json)


@deferred.command(name="run")
def run_actions(ids: Ids, as_json: AsJson = False) -> None:
    """Run deferred actions now. Exits with 1 if one of them failed."""
    from tenure.batch import run_by_ids

    change_each(ids, run_by_ids, as_json=as_json)


@deferred.command(name="cancel")
def cancel_actions(ids: Ids, as_json: AsJson = False) -> None:
    """Cancel deferred actions. Cancelling an inactivation also cancels its reactivation."""
    from tenure.deferred.actions import cancel_all

    change_each(ids, cancel_all, as_json=as_json)


def change_each(ids: list[int], change: "ChangeActions", *, as_json: bool) -> None:
    """Change actions as SYSTEM and print a result for each id."""
    from tenure.batch import change_actions
    from tenure.deferred.models import DeferredAction, DeferredStatus
    from tenure.kernel.actor import SYSTEM

    async def operation(runtime: "Runtime") -> list[Record]:
        results = await change_actions(runtime, SYSTEM, ids, change)
        async with runtime.database.reading() as session:
            actions = [await session.get(DeferredAction, it.action_id) for it in results]
        return [
            {
                "id": result.action_id,
                "status": action.status.value if action else None,
                "failure": action.failure if action else None,
                "error": result.error.message if result.error else None,
            }
            for result, action in zip(results, actions, strict=True)
        ]

    rows = in_runtime(operation)
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            reason = row["error"] or row["failure"]
            typer.echo(f"{row['id']}: {reason or row['status']}")
    if any(row["error"] or row["status"] == DeferredStatus.FAILED for row in rows):
        raise typer.Exit(1)


def row_of(action: Record) -> Record:
    """The values of an action, with its key as id and the number of its account."""
    from tenure.graphql.types.ids import key_of

    key = key_of(action["id"], "DeferredAction")
    return {**action, "id": key, "account": action["account"]["number"]}
