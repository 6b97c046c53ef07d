"""Upload of a file to import, and download of the lines that a run has rejected, for admins.

Both are streamed: memory does not grow with the file.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tenure.graphql.types.ids import global_id, key_of
from tenure.importing.models import ImportFile, ImportFormat, ImportRun, ImportRunLine
from tenure.importing.run_queries import IS_REJECTED, run_and_file
from tenure.importing.stored_files import (
    LARGEST_FILE,
    PART_SIZE,
    add_part,
    begin_upload,
    check_first_part,
    checked_name,
    end_upload,
    stored_bytes,
)
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime
from tenure.web.bodies import UPLOAD_PATH
from tenure.web.sessions import Authenticate

PAGE_SIZE = 1000
# Forms of other origins cannot send these.
MEDIA_TYPES = {
    "application/octet-stream",
    "application/jsonl",
    "application/x-ndjson",
    "application/json",
    "text/csv",
}
TOO_LARGE = (
    f"A file has at most {LARGEST_FILE // 1024**2} MB. Split it, or import it on the server with "
    "`tenure import`."
)
WRONG_MEDIA_TYPE = (
    "Send the file as it is, with the header Content-Type: text/csv or application/jsonl."
)


class FileTooLargeError(Exception):
    """The body is larger than LARGEST_FILE."""


class Imports:
    """`POST /imports?name=…` and `/imports/ID/rejected-lines`, where ID is that of the job run."""

    def __init__(self, runtime: Runtime, authenticate: Authenticate) -> None:
        self.runtime = runtime
        self.authenticate = authenticate

    def routes(self) -> list[Route]:
        """The routes. The page follows them, because it matches every path."""
        return [
            Route(UPLOAD_PATH, self.upload, methods=["POST"]),
            Route("/imports/{id}/rejected-lines", self.rejected_lines),
        ]

    async def upload(self, request: Request) -> Response:
        """201 with the id of the stored file; 400, 401, 403, 413 or 415 with the reason."""
        actor = await self.authenticate(request)
        if actor is None or not actor.role.includes(Role.ADMIN):
            return _refused(actor)
        if _media_type(request) not in MEDIA_TYPES:
            return _refusal(415, WRONG_MEDIA_TYPE)
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > LARGEST_FILE:
            return _refusal(413, TOO_LARGE)
        try:
            file = await self._store(request, actor)
        except FileTooLargeError:
            return _refusal(413, TOO_LARGE)
        except TenureError as error:
            return _refusal(400, error.message)
        return JSONResponse({"id": global_id("ImportFile", file.id), "name": file.name}, 201)

    async def rejected_lines(self, request: Request) -> Response:
        """200 with the lines as they were uploaded, and the header of a CSV file."""
        actor = await self.authenticate(request)
        if actor is None or not actor.role.includes(Role.ADMIN):
            return _refused(actor)
        found = await self._run_and_file(request.path_params["id"])
        if found is None:
            message = "There is no such import, or the content of its file is deleted."
            return _refusal(404, message)
        run, file = found
        name = Path(file.name)
        is_csv = file.format is ImportFormat.CSV
        headers = {
            "content-disposition": "attachment; filename*=UTF-8''"
            + quote(f"{name.stem}-rejected{name.suffix}")
        }
        media_type = f"{'text/csv' if is_csv else 'application/jsonl'}; charset=utf-8"
        lines = self._lines(run, file, with_header=is_csv)
        return StreamingResponse(lines, headers=headers, media_type=media_type)

    async def _store(self, request: Request, actor: Actor) -> ImportFile:
        """Store the body part by part, each in a unit of its own.

        Raises FileTooLargeError, and TenureError for a file that cannot be an import.
        """
        name, _ = checked_name(request.query_params.get("name"))
        parts = _parts(request)
        first = await anext(parts, b"")
        check_first_part(name, first)
        run = partial(self.runtime.run_in_unit, actor)
        file = await run(partial(begin_upload, name=name))
        size = lines = place = 0
        content = first
        while content:
            await run(partial(add_part, file_id=file.id, place=place, content=content))
            size, lines, place = size + len(content), lines + content.count(b"\n"), place + 1
            last, content = content, await anext(parts, b"")
        lines += not last.endswith(b"\n")
        await run(partial(end_upload, file_id=file.id, size=size, lines=lines))
        return file

    async def _run_and_file(self, job_run_id: str) -> tuple[ImportRun, ImportFile] | None:
        key = key_of(job_run_id, "JobRun")
        async with self.runtime.database.reading() as session:
            known = select(ImportRun.id).where(ImportRun.job_run_id == key)
            if (await session.execute(known)).first() is None:
                return None
            run, file = await run_and_file(session, key)
        return (run, file) if file.expires_at > real_now() else None

    async def _lines(
        self, run: ImportRun, file: ImportFile, *, with_header: bool
    ) -> AsyncIterator[bytes]:
        if with_header:
            async for content in self._header(file):
                yield content
        after = 0
        while rows := await self._page(run, after):
            for row in rows:
                last = b""
                async for content in stored_bytes(
                    self.runtime.database, file.id, row.offset, row.size
                ):
                    last = content
                    yield content
                if not last.endswith(b"\n"):
                    yield b"\n"
            after = rows[-1].line

    async def _header(self, file: ImportFile) -> AsyncIterator[bytes]:
        async for content in stored_bytes(self.runtime.database, file.id, 0, PART_SIZE):
            yield content.partition(b"\n")[0] + b"\n"
            return

    async def _page(self, run: ImportRun, after: int) -> Sequence[ImportRunLine]:
        statement = select(ImportRunLine).where(
            ImportRunLine.import_run_id == run.id, IS_REJECTED, ImportRunLine.line > after
        )
        statement = statement.order_by(ImportRunLine.line).limit(PAGE_SIZE)
        async with self.runtime.database.reading() as session:
            return (await session.execute(statement)).scalars().all()


async def _parts(request: Request) -> AsyncIterator[bytes]:
    """The body in parts of PART_SIZE; only the last one is shorter. Raises FileTooLargeError."""
    rest = bytearray()
    size = 0
    async for received in request.stream():
        size += len(received)
        if size > LARGEST_FILE:
            raise FileTooLargeError
        rest += received
        while len(rest) >= PART_SIZE:
            yield bytes(rest[:PART_SIZE])
            del rest[:PART_SIZE]
    if rest:
        yield bytes(rest)


def _refused(actor: Actor | None) -> Response:
    """The answer to a caller who is not signed in, or is no ADMIN."""
    if actor is None:
        return _refusal(401, "Sign in first.")
    return _refusal(403, "This needs the role ADMIN.")


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status)
