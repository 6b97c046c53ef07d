"""The rows of an import run that a worker reads: the run itself, and its waiting lines."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account
from tenure.importing.models import CheckedAccount, ImportFile, ImportRun, ImportRunLine, LineState
from tenure.jobs.models import JobRun
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit

# The status of the job run of an import run.
STATUS = (
    select(JobRun.status)
    .where(JobRun.id == ImportRun.job_run_id)
    .correlate(ImportRun)
    .scalar_subquery()
)
IS_REJECTED = ImportRunLine.state == LineState.REJECTED


async def run_and_file(session: AsyncSession, job_run_id: int) -> tuple[ImportRun, ImportFile]:
    """The import of a job run, and its file."""
    statement = (
        select(ImportRun, ImportFile)
        .join(ImportFile, ImportFile.id == ImportRun.import_file_id)
        .where(ImportRun.job_run_id == job_run_id)
    )
    run, file = (await session.execute(statement)).one()
    return run, file


async def locked_import_run(unit: Unit, import_run_id: int) -> ImportRun | None:
    """The run, locked until the unit ends; None while another worker has it."""
    statement = for_no_key_update(
        select(ImportRun).where(ImportRun.id == import_run_id), skip_locked=True
    )
    return (await unit.session.execute(statement)).scalar_one_or_none()


async def count_waiting(session: AsyncSession, import_run_id: int) -> int:
    """The number of lines that wait for their parents."""
    statement = select(func.count()).select_from(ImportRunLine)
    return (await session.execute(statement.where(*_waiting(import_run_id)))).scalar_one()


async def lines_with_parent(unit: Unit, import_run_id: int, limit: int) -> Sequence[ImportRunLine]:
    """Waiting lines whose parent exists, or was accepted by this check."""
    parent = ImportRunLine.parent
    exists = select(Account.id).where(Account.number == parent).exists()
    accepted = select(CheckedAccount.id).where(
        CheckedAccount.import_run_id == import_run_id, CheckedAccount.number == parent
    )
    return await _lines(unit, import_run_id, limit, or_(exists, accepted.exists()))


async def orphans(unit: Unit, import_run_id: int, limit: int) -> Sequence[ImportRunLine]:
    """Waiting lines, whether or not their parents exist."""
    return await _lines(unit, import_run_id, limit)


async def parents_of_orphans(unit: Unit, import_run_id: int) -> dict[str, str]:
    """The parent of each waiting line, by the number of the line."""
    statement = select(ImportRunLine.number, ImportRunLine.parent)
    rows = await unit.session.execute(statement.where(*_waiting(import_run_id)))
    return {number or "": parent or "" for number, parent in rows}


async def _lines(
    unit: Unit, import_run_id: int, limit: int, *conditions: ColumnElement[bool]
) -> Sequence[ImportRunLine]:
    statement = select(ImportRunLine).where(*_waiting(import_run_id), *conditions)
    statement = statement.order_by(ImportRunLine.line).limit(limit)
    return (await unit.session.execute(statement)).scalars().all()


def _waiting(import_run_id: int) -> tuple[ColumnElement[bool], ...]:
    is_waiting = ImportRunLine.state == LineState.WAITING
    return (ImportRunLine.import_run_id == import_run_id, is_waiting)
