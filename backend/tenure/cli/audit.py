"""The command `tenure audit list`: who did what that is no event of an account."""
# ruff: noqa: PLC0415

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.output import AsJson, Limit, Unlimited, checked_values, print_rows
from tenure.cli.reading import Record, pages
from tenure.cli.running import in_runtime

if TYPE_CHECKING:
    from tenure.kernel.unit import Runtime

audit = typer.Typer(help="The audit log.", no_args_is_help=True)

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]
ENTRIES = """query($count: Int!, $cursor: String, $filter: AuditFilter!) {
  auditLog(first: $count, after: $cursor, filter: $filter) {
    nodes { at actor action summary details } pageInfo { cursor: endCursor hasMore: hasNextPage }
  }
}"""


@audit.command(name="list")
def list_entries(
    *,
    actor: Annotated[
        str | None, typer.Option(help="The whole name of the actor, in any case.")
    ] = None,
    action: Annotated[
        list[str] | None,
        typer.Option(help="What was done, for example USER_CREATED. Can be repeated."),
    ] = None,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=FORMATS, help="At or after, in UTC.")
    ] = None,
    to: Annotated[
        datetime | None, typer.Option("--to", formats=FORMATS, help="Before, in UTC.")
    ] = None,
    limit: Limit = 100,
    all_: Unlimited = False,
    as_json: AsJson = False,
) -> None:
    """List the newest entries of the audit log."""
    from tenure.audit.models import AuditAction

    given = {
        "actor": actor,
        "action": checked_values(action, AuditAction),
        "from": from_ and from_.replace(tzinfo=UTC).isoformat(),
        "to": to and to.replace(tzinfo=UTC).isoformat(),
    }

    async def read(runtime: "Runtime") -> list[Record]:
        most = None if all_ else limit
        found = pages(runtime, ENTRIES, limit=most, filter=given)
        return [entry async for page in found for entry in page]

    rows = in_runtime(read)
    if not as_json:
        rows = [{**row, "details": compact(row["details"])} for row in rows]
    print_rows(rows, ["at", "actor", "action", "summary", "details"], as_json=as_json)


def compact(details: object) -> str | None:
    """The details as JSON in one line."""
    return None if details is None else json.dumps(details, ensure_ascii=False)
