"""Starts the check or the import of an uploaded file, as a job run."""

from tenure.audit.models import AuditOperation
from tenure.importing.models import ImportMode, ImportRun
from tenure.importing.stored_files import RETENTION, live_run_of_file, locked_file
from tenure.jobs.actions import add_run, record_start
from tenure.jobs.models import JobKind, JobRun
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit

# The audit entry of a start.
STARTED = {
    ImportMode.CHECK: (
        AuditOperation.IMPORT_CHECK_STARTED,
        "Started the check of the import file {}.",
    ),
    ImportMode.IMPORT: (AuditOperation.IMPORT_STARTED, "Started the import of the file {}."),
}


async def start_import(unit: Unit, *, file_id: int, mode: ImportMode) -> JobRun:
    """Requests a run, or returns the live one of that file and mode. The file is kept from now on.

    Raises NOT_FOUND, and NOT_ALLOWED if the content is deleted or a run of another mode is live.
    """
    unit.require(Role.ADMIN)
    file = await locked_file(unit, file_id)
    live = await live_run_of_file(unit, file_id)
    if live is not None:
        run, earlier = live
        if earlier.mode is mode:
            unit.wakes_workers = True
            return run
        message = f"{file.name} is being read. Wait until the run ends, or cancel it."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("file_id",))
    file.expires_at = real_now() + RETENTION
    run = await add_run(unit, JobKind.IMPORT, unit.today)
    unit.session.add(ImportRun(job_run_id=run.id, import_file_id=file.id, mode=mode))
    await unit.session.flush()
    operation, summary = STARTED[mode]
    values = {"operation": operation, "file": file.name}
    await record_start(unit, summary.format(file.name), values)
    return run
