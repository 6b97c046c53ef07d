"""The command `tenure job change-status`: the status of many accounts, as one job.

Heavy modules are imported by the command (PLC0415), so that `tenure --help` is fast.
"""
# ruff: noqa: PLC0415

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from tenure.cli.output import AsJson, checked_values, print_json
from tenure.cli.reading import Record
from tenure.cli.running import in_runtime

if TYPE_CHECKING:
    from tenure.batch.status_changes.queries import Accounts
    from tenure.kernel.unit import Runtime, Unit
    from tenure.status.changes.rules import StatusRequest
    from tenure.status.impact.queries import Impact

MOMENT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


def change_status(
    status: Annotated[str, typer.Argument(help="ACTIVE, INACTIVE or CLOSED.")],
    *,
    account: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="An account. Can be repeated.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The numbers of accounts, one on a line."),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=MOMENT, help="Schedule the changes, in the business time zone."),
    ] = None,
    backdate_to: Annotated[
        datetime | None, typer.Option(formats=MOMENT[:1], help="A past date of effect.")
    ] = None,
    reactivate_on: Annotated[
        datetime | None,
        typer.Option(formats=MOMENT, help="With INACTIVE: schedule the reactivations too."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="As shown in the events.")] = None,
    note: Annotated[str | None, typer.Option(help="An internal note.")] = None,
    cancel_conflicts: Annotated[
        bool,
        typer.Option("--cancel-conflicts", help="Cancel deferred actions that no longer apply."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what the changes would affect.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Change the status of many accounts. Exits with 1 if one of them could not be changed."""
    from tenure.holds.models import Status
    from tenure.status.changes.rules import StatusRequest

    [to] = checked_values([status], Status)
    listed = file.read_text(encoding="utf-8").split("\n") if file else []
    numbers = list(dict.fromkeys(it.strip() for it in [*(account or ()), *listed] if it.strip()))
    if not numbers:
        raise typer.BadParameter("Name accounts with --account or --file.")

    async def operation(runtime: "Runtime") -> Record:
        zone = await _time_zone(runtime)
        request = StatusRequest(
            Status(to),
            reason=reason,
            note=note,
            defer_until=on and on.replace(tzinfo=zone),
            backdate_to=backdate_to and backdate_to.date(),
            reactivate_on=reactivate_on and reactivate_on.replace(tzinfo=zone),
            cancel_conflicts=cancel_conflicts,
        )
        return await (_previewed if dry_run else _changed)(runtime, request, numbers)

    result = in_runtime(operation)
    if as_json:
        print_json(result)
    else:
        for failure in result["failures"]:
            typer.echo(f"{failure['account']}: {failure['message']}")
        counts = (f"{value:,} {name.replace('_', ' ')}" for name, value in result["counts"].items())
        typer.echo(f"{', '.join(counts)}.")
    if result["failures"] or result["status"] not in ("DONE", None):
        raise typer.Exit(1)


async def _changed(runtime: "Runtime", request: "StatusRequest", numbers: Sequence[str]) -> Record:
    """Starts the job, works on it until it has ended, and reads its results."""
    from tenure.batch.status_changes.actions import start_status_change
    from tenure.batch.status_changes.queries import job_of_run
    from tenure.cli.job import until_ended
    from tenure.cli.terminal import job_progress
    from tenure.kernel.actor import SYSTEM

    async def begin(unit: "Unit") -> int:
        accounts = await _accounts(unit, numbers)
        return (await start_status_change(unit, request, accounts)).id

    run_id = await runtime.run_in_unit(SYSTEM, begin)
    with job_progress("Accounts") as show:
        run = await until_ended(runtime, run_id, show)
    async with runtime.database.reading() as session:
        job = await job_of_run(session, run_id)
    results = await _results(runtime, run_id)
    return {
        "status": str(run.status),
        "counts": results["counts"] | {"deferred_actions_cancelled": job.cancelled_actions},
        "failures": results["failures"],
    }


async def _previewed(
    runtime: "Runtime", request: "StatusRequest", numbers: Sequence[str]
) -> Record:
    """What the job would do to the first accounts; it is rolled back."""
    from tenure.batch.status_changes.actions import preview, start_status_change
    from tenure.kernel.actor import SYSTEM
    from tenure.kernel.dry_run import dry_run

    async def try_out(unit: "Unit") -> "tuple[int, Impact]":
        accounts = await _accounts(unit, numbers)
        run = await start_status_change(unit, request, accounts)
        return run.id, await preview(unit, run)

    async with dry_run(runtime) as rolled_back:
        run_id, impact = await rolled_back.run_in_unit(SYSTEM, try_out)
        results = await _results(rolled_back, run_id)
    affected = {
        "accounts": impact.accounts,
        "services": impact.services,
        "offers": impact.offers,
        "deferred_actions_in_conflict": impact.conflicting_count,
    }
    return {"status": None, "counts": affected, "failures": results["failures"]}


async def _results(runtime: "Runtime", run_id: int) -> Record:
    """The numbers of accounts by result, and the failed ones with the reason."""
    from sqlalchemy import func, select

    from tenure.accounts.models import Account
    from tenure.jobs.models import StatusChangeResult, StatusChangeResultStatus

    of_run = StatusChangeResult.job_run_id == run_id
    counted = select(StatusChangeResult.status, func.count()).where(of_run)
    failed = (
        select(Account.number, StatusChangeResult.message)
        .join(Account, Account.id == StatusChangeResult.account_id)
        .where(of_run, StatusChangeResult.status == StatusChangeResultStatus.FAILED)
        .order_by(StatusChangeResult.id)
    )
    async with runtime.database.reading() as session:
        rows = (await session.execute(counted.group_by(StatusChangeResult.status))).all()
        failures = (await session.execute(failed)).all()
    counts = {row[0]: row[1] for row in rows}
    return {
        "counts": {str(it).lower(): counts.get(it, 0) for it in StatusChangeResultStatus},
        "failures": [{"account": number, "message": message} for number, message in failures],
    }


async def _accounts(unit: "Unit", numbers: Sequence[str]) -> "Accounts":
    """The accounts with these numbers. Raises NOT_FOUND for an unknown one."""
    from sqlalchemy import select

    from tenure.accounts.models import Account
    from tenure.accounts.queries import taken_numbers
    from tenure.batch.status_changes.queries import Accounts
    from tenure.kernel.dialects import in_texts
    from tenure.kernel.errors import ErrorCode, TenureError

    found = await taken_numbers(unit, numbers)
    for number in numbers:
        if number not in found:
            message = f"No account has the number {number}."
            raise TenureError(ErrorCode.NOT_FOUND, message, ("account",))
    named = select(Account.id).where(in_texts(Account.number, numbers))
    return Accounts(named, "account", len(numbers))


async def _time_zone(runtime: "Runtime") -> ZoneInfo:
    from tenure.settings.queries import read_business

    async with runtime.database.reading() as session:
        return ZoneInfo((await read_business(session, runtime)).time_zone)
