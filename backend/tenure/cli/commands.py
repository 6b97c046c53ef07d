"""The commands of the program `tenure`.

Exit codes: 0 for success, 1 for a failure, 2 for a wrong call; standard error has the reason.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` is
fast.
"""
# ruff: noqa: PLC0415

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.accounts import accounts
from tenure.cli.audit import audit
from tenure.cli.deferred import deferred
from tenure.cli.running import in_runtime, load_settings, read_settings
from tenure.cli.status_change import change_status
from tenure.cli.tokens import tokens
from tenure.cli.users import users
from tenure.cli.webhooks import webhooks

if TYPE_CHECKING:
    from tenure.kernel.unit import Runtime

app = typer.Typer(
    help="Tenure: the status of your customers, with the reasons and effects of each change.",
    epilog="Settings, such as TENURE_DATABASE_URL, are read from the environment or from .env.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
jobs = typer.Typer(help="Run a job now.", no_args_is_help=True)
OPERATION, DATA, ACCESS = "Operation", "Data", "Users and partner systems"
jobs.command(name="change-status")(change_status)
app.add_typer(users, name="user", rich_help_panel=ACCESS)
app.add_typer(tokens, name="token", rich_help_panel=ACCESS)
app.add_typer(audit, name="audit", rich_help_panel=ACCESS)
app.add_typer(webhooks, name="webhook", rich_help_panel=ACCESS)
app.add_typer(jobs, name="job", rich_help_panel=OPERATION)
app.add_typer(accounts, name="account", rich_help_panel=DATA)
app.add_typer(deferred, name="deferred", rich_help_panel=DATA)

ImportedFile = Annotated[Path, typer.Argument(exists=True, help="JSON Lines, or CSV (*.csv).")]
DateOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The business date; today by default."),
]


@app.command(rich_help_panel=OPERATION)
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    demo: Annotated[
        bool, typer.Option("--demo", help="Create demonstration data if the database is empty.")
    ] = False,
) -> None:
    """Serve the page and the API; without a broker also worker and scheduler."""
    from tenure.cli.serving import serve as serve_until_stopped

    serve_until_stopped(load_settings(), host=host, port=port, demo=demo)


@app.command(rich_help_panel=OPERATION)
def worker(
    processes: Annotated[
        int, typer.Option(min=1, max=256, help="The number of worker processes.")
    ] = 1,
) -> None:
    """Run due jobs. Any number of workers may run; needs TENURE_BROKER_URL."""
    from tenure.worker.process import work
    from tenure.worker.supervisor import run_until_signal, supervise

    settings = load_settings()
    run_until_signal(work(settings) if processes == 1 else supervise(settings, processes))


@app.command(rich_help_panel=OPERATION)
def scheduler(
    every: Annotated[
        float | None, typer.Option(hidden=True, min=0.1, help="Seconds, instead of a minute.")
    ] = None,
) -> None:
    """Start due jobs every minute. Several schedulers may run; needs TENURE_BROKER_URL."""
    from tenure.worker.process import schedule
    from tenure.worker.supervisor import run_until_signal

    run_until_signal(schedule(load_settings(), seconds=every))


@app.command(rich_help_panel=OPERATION)
def migrate() -> None:
    """Migrate the database to the schema of this version."""
    from tenure.kernel.db import Database
    from tenure.kernel.migrating import migrate as migrate_database

    async def operation() -> None:
        database = Database(load_settings().database_url)
        try:
            typer.echo((await migrate_database(database)).message)
        finally:
            await database.close()

    asyncio.run(operation())


@app.command(rich_help_panel=OPERATION)
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; only its owner can read it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Back up the database to a file. The database may be in use."""
    from tenure.cli.backup import back_up
    from tenure.cli.running import sigterm_as_interrupt

    with sigterm_as_interrupt():
        typer.echo(asyncio.run(back_up(load_settings().database_url, file, force=force)))


@app.command(rich_help_panel=OPERATION)
def restore(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A file of `tenure backup`.")
    ],
) -> None:
    """Restore a backup into an empty database."""
    from tenure.cli.backup import restore as restore_file
    from tenure.cli.running import sigterm_as_interrupt

    with sigterm_as_interrupt():
        typer.echo(asyncio.run(restore_file(load_settings().database_url, file)))


@app.command(rich_help_panel=OPERATION)
def check() -> None:
    """Check settings, database, broker, gateway and jobs of this installation."""
    from tenure.cli.checks import findings

    found = asyncio.run(findings(read_settings()))
    for finding in found:
        typer.echo(
            f"{'ok' if finding.is_ok else 'WRONG':6} {finding.subject:9} {finding.message}",
            err=not finding.is_ok,
        )
    if not all(finding.is_ok for finding in found):
        raise typer.Exit(1)


@app.command(rich_help_panel=DATA)
def demo(
    accounts: Annotated[
        int | None, typer.Option(min=1, help="Create this many accounts for load tests instead.")
    ] = None,
) -> None:
    """Create demonstration data: a company with months of bills, or many accounts."""
    from tenure.cli.terminal import progress
    from tenure.demo import company, load

    async def create(runtime: "Runtime") -> int:
        if accounts is None:
            with progress("Days", company.DAYS) as advance:
                return await company.build_company(runtime, advance)
        with progress("Accounts", accounts) as advance:
            return await load.build_accounts(runtime, accounts, advance)

    typer.echo(f"{in_runtime(create):,} accounts were created.")


@app.command(name="import", rich_help_panel=DATA)
def import_(file: ImportedFile) -> None:
    """Import accounts with their assets. Can be repeated; FILE.rejected has the rejected lines."""
    from tenure.cli.files import import_lines
    from tenure.importing.run import import_file

    in_runtime(lambda runtime: import_lines(runtime, file, import_file, "Importing"))


@app.command(name="import-usage", rich_help_panel=DATA)
def import_usage_(file: ImportedFile) -> None:
    """Record usage from a file. Can be repeated; FILE.rejected has the rejected lines."""
    from tenure.cli.files import import_lines
    from tenure.importing.usage import import_usage

    in_runtime(lambda runtime: import_lines(runtime, file, import_usage, "Recording usage"))


@jobs.command(name="deferred-actions")
def deferred_actions(date: DateOption = None) -> None:
    """Run all deferred actions that are due."""
    from tenure.cli.job import JobKind, job

    typer.echo(in_runtime(job(JobKind.DEFERRED_ACTIONS, date, "Deferred actions")))


@jobs.command(name="bill-day")
def bill_day(date: DateOption = None) -> None:
    """Run the bill day, with missed dates: actions, fees, bills, payments, overdue accounts."""
    from tenure.cli.job import JobKind, job

    typer.echo(in_runtime(job(JobKind.BILL_DAY, date, "Bill day")))


@app.command(rich_help_panel=OPERATION)
def schema() -> None:
    """Print the GraphQL schema."""
    from tenure.graphql.http.schema import schema as served

    typer.echo(served.as_str())


def main() -> None:
    """Run the command. An error is reported in one line on standard error."""
    from tenure.cli.terminal import error_and_exit_code
    from tenure.kernel.errors import printable

    try:
        app()
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 - No fault prints a traceback.
        message, code = error_and_exit_code(fault)
        for line in message.split("\n"):
            typer.echo(f"tenure: {printable(line)}", err=True)
        sys.exit(code)
