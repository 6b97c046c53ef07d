"""The program `tenure`: its commands, and how each ends. 0: done; 1: it failed, why is on standard error; 2: a wrong call.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` answers at once.
"""
# ruff: noqa: PLC0415

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.people import tokens, users
from tenure.cli.running import in_runtime, load_settings, read_settings

if TYPE_CHECKING:
    from tenure.kernel.unit import Runtime

app = typer.Typer(
    help="Tenure: who of your customers is active, inactive or closed, why, and what follows from it.",
    epilog="Settings come from the environment or a .env file: TENURE_DATABASE_URL, TENURE_CLOCK, TENURE_LOG and others.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
jobs = typer.Typer(help="Run a job now.", no_args_is_help=True)
app.add_typer(users, name="user", rich_help_panel="Who may come in")
app.add_typer(tokens, name="token", rich_help_panel="Who may come in")
app.add_typer(jobs, name="job", rich_help_panel="Running")

RUNNING, CUSTOMERS, LOOKING = "Running", "Customers", "Looking"
ImportedFile = Annotated[Path, typer.Argument(exists=True, help="JSON Lines, or CSV (*.csv).")]
DateOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The business date; today's when left out."),
]


@app.command(rich_help_panel=RUNNING)
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 8000,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with a demonstration company.")
    ] = False,
) -> None:
    """Serve the page and the API. Without a broker, worker and scheduler run in the same process."""
    from tenure.cli.serving import serve as serve_until_stopped

    serve_until_stopped(load_settings(), host=host, port=port, demo=demo)


@app.command(rich_help_panel=RUNNING)
def worker(
    processes: Annotated[
        int, typer.Option(min=1, max=256, help="So many at once, each on a core of its own.")
    ] = 1,
) -> None:
    """Carry out what is due. Any number, on any number of machines; needs TENURE_BROKER_URL."""
    from tenure.worker.process import work
    from tenure.worker.supervisor import run_until_signal, supervise

    settings = load_settings()
    run_until_signal(work(settings) if processes == 1 else supervise(settings, processes))


@app.command(rich_help_panel=RUNNING)
def scheduler(
    every: Annotated[
        float | None, typer.Option(hidden=True, min=0.1, help="Seconds, instead of each minute.")
    ] = None,
) -> None:
    """Say when work is due. Any number may run, they do not double the work; needs TENURE_BROKER_URL."""
    from tenure.worker.process import schedule
    from tenure.worker.supervisor import run_until_signal

    run_until_signal(schedule(load_settings(), seconds=every))


@app.command(rich_help_panel=RUNNING)
def migrate() -> None:
    """Bring the database to this version's schema."""
    from tenure.kernel.db import Database
    from tenure.kernel.migrating import migrate as migrate_database

    async def work() -> None:
        database = Database(load_settings().database_url)
        try:
            typer.echo((await migrate_database(database)).message)
        finally:
            await database.close()

    asyncio.run(work())


@app.command(rich_help_panel=RUNNING)
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, readable by its owner alone.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Copy the database to a file, while it is in use."""
    from tenure.cli.backup import back_up
    from tenure.cli.running import stoppable

    with stoppable():
        typer.echo(asyncio.run(back_up(load_settings().database_url, file, force=force)))


@app.command(rich_help_panel=RUNNING)
def restore(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A file that `tenure backup` wrote.")
    ],
) -> None:
    """Put a backup into an empty database."""
    from tenure.cli.backup import restore as restore_file
    from tenure.cli.running import stoppable

    with stoppable():
        typer.echo(asyncio.run(restore_file(load_settings().database_url, file)))


@app.command(rich_help_panel=RUNNING)
def check() -> None:
    """Tell whether this installation can work, and what is wrong where it cannot."""
    from tenure.cli.checks import findings

    found = asyncio.run(findings(read_settings()))
    for finding in found:
        typer.echo(
            f"{'ok' if finding.good else 'WRONG':6} {finding.what:9} {finding.words}",
            err=not finding.good,
        )
    if not all(finding.good for finding in found):
        raise typer.Exit(1)


@app.command(rich_help_panel=CUSTOMERS)
def demo(
    accounts: Annotated[
        int | None, typer.Option(min=1, help="So many accounts for load tests, always the same.")
    ] = None,
) -> None:
    """Put in demonstration data: a small company with months of bills, or many accounts."""
    from tenure.cli.terminal import progress
    from tenure.demo import company, load

    async def work(runtime: "Runtime") -> int:
        if accounts is None:
            with progress("Days", company.DAYS) as advance:
                return await company.build_company(runtime, advance)
        with progress("Accounts", accounts) as advance:
            return await load.build_accounts(runtime, accounts, advance)

    typer.echo(f"{in_runtime(work):,} accounts were put in.")


@app.command(name="import", rich_help_panel=CUSTOMERS)
def import_(file: ImportedFile) -> None:
    """Import accounts with all they have. Safe to run again; what is wrong is named in FILE.rejected."""
    from tenure.cli.files import import_lines
    from tenure.importing.run import import_file

    in_runtime(lambda runtime: import_lines(runtime, file, import_file, "Importing"))


@app.command(name="import-usage", rich_help_panel=CUSTOMERS)
def import_usage_(file: ImportedFile) -> None:
    """Record usage of services. Safe to run again, by reference; what is wrong is named in FILE.rejected."""
    from tenure.cli.files import import_lines
    from tenure.importing.usage import import_usage

    in_runtime(lambda runtime: import_lines(runtime, file, import_usage, "Recording usage"))


@jobs.command(name="deferred-actions")
def deferred_actions(date: DateOption = None) -> None:
    """Carry out every deferred action that is due."""
    from tenure.cli.job import JobKind, job

    typer.echo(in_runtime(job(JobKind.DEFERRED_ACTIONS, date, "Deferred actions")))


@jobs.command(name="bill-day")
def bill_day(date: DateOption = None) -> None:
    """Do the day's work: deferred actions, monthly fees, bills, payments, overdue accounts. Missed days are made up."""
    from tenure.cli.job import JobKind, job

    typer.echo(in_runtime(job(JobKind.BILL_DAY, date, "Bill day")))


@app.command(rich_help_panel=LOOKING)
def schema() -> None:
    """Print the GraphQL schema."""
    from tenure.graphql.http.schema import schema as served

    typer.echo(served.as_str())


def main() -> None:
    """Run the command. Whatever goes wrong is one line on standard error."""
    from tenure.cli.terminal import exit_code_of
    from tenure.kernel.errors import printable

    try:
        app()
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 - The contract: no traceback, whatever happens.
        words, code = exit_code_of(fault)
        for line in words.split("\n"):
            typer.echo(f"tenure: {printable(line)}", err=True)
        sys.exit(code)
