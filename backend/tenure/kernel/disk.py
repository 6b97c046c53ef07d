"""Detects a full disk of the database, by writing a small temporary file."""

import asyncio
import errno
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tenure.kernel.db import Database
from tenure.kernel.faults import is_disk_full
from tenure.kernel.readiness import SECONDS, first_line, what_is_wrong

# Enough for the next changes.
PROBE_BYTES = 1024 * 1024
FULL = "The disk of the database is full: nothing can be changed until there is room."

# A sort that exceeds work_mem writes a temporary file, and changes no table.
SPILL = text(
    "SELECT count(*) FROM (SELECT repeat('x', 200) || n FROM generate_series(1, 1500) AS n "
    "ORDER BY 1 OFFSET 0) AS spilled"
)


async def what_hinders(database: Database) -> list[str]:
    """The problems that prevent all work, including a full disk; empty if there are none."""
    problems = await what_is_wrong(database)
    if problems and not database.is_sqlite:
        return problems
    # SQLite cannot be opened if the disk has no space for its shared memory file.
    return [*problems, *await disk_problems(database)]


async def disk_problems(database: Database) -> list[str]:
    """The problems that prevent writes; empty if there are none or the database is unreachable."""
    if database.is_sqlite:
        problem = await asyncio.to_thread(_problem_beside, database.url.database or "")
        return [] if problem is None else [problem]
    try:
        async with asyncio.timeout(SECONDS), database.engine.connect() as connection:
            await connection.execute(text("SET LOCAL work_mem = '64kB'"))
            await connection.execute(SPILL)
    except (SQLAlchemyError, OSError) as fault:
        return [FULL] if is_disk_full(fault) else []
    return []


def _problem_beside(path: str) -> str | None:
    """SQLite writes its log and its temporary files to the folder of the database."""
    try:
        with tempfile.TemporaryFile(dir=Path(path).absolute().parent, buffering=0) as probe:
            if probe.write(bytes(PROBE_BYTES)) < PROBE_BYTES:
                return FULL
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return FULL
        return f"The folder of the database cannot be written to: {first_line(fault)}"
    return None
