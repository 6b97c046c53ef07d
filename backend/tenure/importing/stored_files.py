"""Uploaded files in the database, where workers on any machine can read them.

A file is stored and read part by part, so memory does not grow with it. To execute a run, a worker
copies the file to a temporary file of its machine, because records are read again by position.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BufferedReader, BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

from sqlalchemy import select, update

from tenure.importing.lines import COLUMNS
from tenure.importing.models import (
    LONGEST_FILE_NAME,
    ImportFile,
    ImportFilePart,
    ImportFormat,
    ImportRun,
)
from tenure.importing.reading import BYTE_ORDER_MARK, open_reader
from tenure.jobs.models import JobRun
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.text import required_text
from tenure.kernel.unit import Unit

PART_SIZE = 512 * 1024
LARGEST_FILE = 256 * 1024 * 1024
# How long a file is kept after its upload, and after each start of a run.
RETENTION = timedelta(days=7)
# An upload that has not ended by then was interrupted.
UPLOAD_TIME = timedelta(hours=6)
SUFFIXES = {
    ".jsonl": ImportFormat.JSON_LINES,
    ".ndjson": ImportFormat.JSON_LINES,
    ".json": ImportFormat.JSON_LINES,
    ".csv": ImportFormat.CSV,
}


def checked_name(name: str | None) -> tuple[str, ImportFormat]:
    """The name of a file, without folders, and its format.

    Raises REQUIRED, OUT_OF_RANGE, or INVALID for another kind of file.
    """
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    text = required_text(last, path="name", longest=LONGEST_FILE_NAME)
    found = SUFFIXES.get(Path(text).suffix.lower())
    if found is None:
        message = f"Choose a file whose name ends with {', '.join(SUFFIXES)}."
        raise TenureError(ErrorCode.INVALID, message, ("name",))
    return text, found


def check_first_part(name: str, content: bytes) -> None:
    """Raises INVALID for a content that is no text, JSON of another form, or has a wrong header."""
    if not content.strip().removeprefix(BYTE_ORDER_MARK).strip():
        raise TenureError(ErrorCode.INVALID, "The file is empty.")
    if b"\0" in content:
        message = "This is not a text file. Save it as JSON Lines or CSV in UTF-8."
        raise TenureError(ErrorCode.INVALID, message)
    is_csv = Path(name).suffix.lower() == ".csv"
    if not is_csv and content.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"["):
        message = "This is a JSON array. Write one object per line, without brackets and commas."
        raise TenureError(ErrorCode.INVALID, message)
    open_reader(cast("BufferedReader", BytesIO(content)), Path(name), COLUMNS)


async def begin_upload(unit: Unit, *, name: str | None) -> ImportFile:
    """Adds an incomplete file. Raises the errors of `checked_name`."""
    unit.require(Role.ADMIN)
    text, format_ = checked_name(name)
    now = real_now()
    file = ImportFile(
        name=text,
        format=format_,
        uploaded_by=unit.actor.name,
        created_at=now,
        expires_at=now + UPLOAD_TIME,
    )
    unit.session.add(file)
    await unit.session.flush()
    return file


async def add_part(unit: Unit, *, file_id: int, place: int, content: bytes) -> None:
    """Stores a part of a file."""
    unit.require(Role.ADMIN)
    unit.session.add(ImportFilePart(import_file_id=file_id, place=place, content=content))
    await unit.session.flush()


async def end_upload(unit: Unit, *, file_id: int, size: int, lines: int) -> None:
    """Marks a file whose parts are stored as complete. From now on it can be checked."""
    unit.require(Role.ADMIN)
    values = {
        "size": size,
        "lines": lines,
        "is_complete": True,
        "expires_at": real_now() + RETENTION,
    }
    await unit.session.execute(update(ImportFile).where(ImportFile.id == file_id).values(values))


async def locked_file(unit: Unit, file_id: int) -> ImportFile:
    """A complete file, locked. Raises NOT_FOUND, or NOT_ALLOWED if its content is deleted."""
    file = await unit.session.get(
        ImportFile, file_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if file is None or not file.is_complete:
        raise NotFoundError("file", ("file_id",))
    if file.expires_at <= real_now():
        message = f"The content of {file.name} is deleted. Upload the file again."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("file_id",))
    return file


async def live_run_of_file(unit: Unit, file_id: int) -> tuple[JobRun, ImportRun] | None:
    """The live run of a file, if any."""
    statement = (
        select(JobRun, ImportRun)
        .join(ImportRun, ImportRun.job_run_id == JobRun.id)
        .where(ImportRun.import_file_id == file_id, JobRun.status.in_(LIVE))
        .limit(1)
    )
    found = (await unit.session.execute(statement)).one_or_none()
    return None if found is None else (found[0], found[1])


async def expire_file(unit: Unit, *, file_id: int) -> ImportFile:
    """Makes the content of a file unreadable at once. The hourly expiry deletes it, and its lists.

    Raises NOT_FOUND, and NOT_ALLOWED while a run of it is live.
    """
    unit.require(Role.ADMIN)
    file = await locked_file(unit, file_id)
    if await live_run_of_file(unit, file_id) is not None:
        message = f"{file.name} is being read. Cancel the run first."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("file_id",))
    file.expires_at = real_now()
    await unit.session.flush()
    return file


async def part_of(database: Database, file_id: int, place: int) -> bytes | None:
    """A part of the content; None after the last one."""
    statement = select(ImportFilePart.content).where(
        ImportFilePart.import_file_id == file_id, ImportFilePart.place == place
    )
    async with database.reading() as session:
        return (await session.execute(statement)).scalar_one_or_none()


@asynccontextmanager
async def local_copy(database: Database, file_id: int) -> AsyncIterator[BufferedReader]:
    """The content as a temporary file of this machine, which is deleted after the block."""
    with TemporaryFile() as file:
        place = 0
        while (content := await part_of(database, file_id, place)) is not None:
            file.write(content)
            place += 1
        file.seek(0)
        yield cast("BufferedReader", file)


async def stored_bytes(
    database: Database, file_id: int, offset: int, size: int
) -> AsyncIterator[bytes]:
    """`size` bytes of the content from `offset` on, part by part."""
    end = offset + size
    while offset < end:
        place, start = divmod(offset, PART_SIZE)
        content = await part_of(database, file_id, place)
        some = (content or b"")[start : start + end - offset]
        if not some:
            return
        yield some
        offset += len(some)
