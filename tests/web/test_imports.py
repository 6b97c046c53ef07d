"""Upload of a file to import, and download of its rejected lines."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from tenure.graphql.types.ids import global_id, key_of
from tenure.identity.actions import create_token
from tenure.importing.models import ImportFile, ImportFilePart, ImportMode
from tenure.importing.stored_files import expire_file
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.web import imports
from tests.conftest import ANA
from tests.web.conftest import Served

JSONL = {"content-type": "application/jsonl"}
LINE = b'{"number": "A-1", "name": "Ada"}\n'


def upload(served: Served, content: bytes, name: str = "a.jsonl", **headers: str) -> Response:
    """The answer to an upload."""
    return served.client.post(
        "/imports", params={"name": name}, content=content, headers=JSONL | headers
    )


def files(served: Served) -> list[tuple[str, bytes, int, int, bool]]:
    """Name, content, size, lines and completeness of each stored file."""

    async def read(unit: Unit) -> list[tuple[str, bytes, int, int, bool]]:
        found = []
        for file in (await unit.session.scalars(select(ImportFile))).all():
            parts = select(ImportFilePart.content).where(ImportFilePart.import_file_id == file.id)
            contents = await unit.session.scalars(parts.order_by(ImportFilePart.place))
            content = b"".join(contents)
            found.append((file.name, content, file.size, file.lines, file.is_complete))
        return found

    return served.run(read)


def run_of(served: Served, file_id: str, mode: ImportMode = ImportMode.IMPORT) -> str:
    """The global id of a run of the file, which has ended."""
    start = (
        "mutation($input: StartImportInput!) "
        "{ startImport(input: $input) { jobRun { id } errors { message } } }"
    )
    query = "query($id: ID!) { node(id: $id) { ... on JobRun { status importRun { rejected } } } }"
    given = {"input": {"fileId": file_id, "mode": mode}}
    run_id = str(asked(served, start, given)["startImport"]["jobRun"]["id"])
    while True:
        found = asked(served, query, {"id": run_id})["node"]
        if found["status"] not in ("QUEUED", "RUNNING"):
            return run_id


def asked(served: Served, query: str, variables: dict[str, Any]) -> Any:
    """The data of a GraphQL answer."""
    body = {"query": query, "variables": variables}
    answer = served.client.post("/graphql", json=body).json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_content_is_stored_in_parts(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PART_SIZE", 10)
    served.sign_in()
    content = LINE * 3 + LINE.strip()
    answer = upload(served, content, "C:\\fakepath\\my accounts.JSONL")
    assert (answer.status_code, answer.json()["name"]) == (201, "my accounts.JSONL")
    assert files(served) == [("my accounts.JSONL", content, len(content), 4, True)]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.jsonl", "The file is empty."),
        (b"\xef\xbb\xbf \n\n", "a.csv", "The file is empty."),
        (b"PK\x03\x04\0\0", "a.csv", "This is not a text file."),
        (b'\n [{"number": "A-1"}]', "a.json", "This is a JSON array."),
        (b"name;rank\nAda;GOLD\n", "a.csv", "The first line must name the columns;"),
        (b"number,name,color\n", "a.csv", "The format has no column 'color'."),
        (LINE, "a.xlsx", "Choose a file whose name ends with .jsonl, .ndjson, .json, .csv."),
        (LINE, "", "This must not be empty."),
        (LINE, "a\n.csv", "Line breaks cannot be kept here."),
        (LINE, f"{'a' * 255}.csv", "Provide at most 255 characters."),
    ],
)
def test_file_that_cannot_be_an_import(
    served: Served, content: bytes, name: str, message: str
) -> None:
    served.sign_in()
    answer = upload(served, content, name)
    assert (answer.status_code, answer.json()["error"].startswith(message)) == (400, True), (
        answer.text
    )
    assert files(served) == []


def test_size_is_limited(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the declared length, and by the bytes that are received."""
    monkeypatch.setattr(imports, "LARGEST_FILE", 1000)
    monkeypatch.setattr(imports, "PART_SIZE", 100)
    served.sign_in()
    assert upload(served, LINE.ljust(1000)).status_code == 201
    message = (
        "A file has at most 256 MB. Split it, or import it on the server with `tenure import`."
    )
    answer = upload(served, LINE.ljust(1001))
    assert (answer.status_code, answer.json()) == (413, {"error": message})
    chunked = served.client.post(
        "/imports?name=b.jsonl", content=iter([LINE.ljust(600), b" " * 600]), headers=JSONL
    )
    assert (chunked.status_code, chunked.json()) == (413, {"error": message})
    assert [name for name, *_, is_complete in files(served) if is_complete] == ["a.jsonl"]


def test_other_bodies_are_still_limited(served: Served) -> None:
    served.sign_in()
    large = b" " * (1024 * 1024 + 1)
    for path in ("/graphql", "/imports/", "/auth/sign-in"):
        assert served.client.post(path, content=large).status_code == 413


def test_who_may_upload(served: Served) -> None:
    """Rules 10: an ADMIN, by session or token, and no page of another origin."""
    assert upload(served, LINE).status_code == 401

    async def create(unit: Unit) -> tuple[str, str]:
        manager = await create_token(unit, name="Manager", role=Role.MANAGER)
        admin = await create_token(unit, name="Migration", role=Role.ADMIN)
        return manager[1], admin[1]

    manager, admin = served.run(create)
    by_manager = upload(served, LINE, authorization=f"Bearer {manager}")
    assert (by_manager.status_code, by_manager.json()) == (
        *(403, {"error": "This needs the role ADMIN."}),
    )
    assert upload(served, LINE, authorization=f"Bearer {admin}").status_code == 201
    served.sign_in()
    assert upload(served, LINE, origin="https://evil.example").status_code == 403
    for kind in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded"):
        answer = upload(served, LINE, **{"content-type": kind})
        assert (answer.status_code, answer.json()["error"][:24]) == (
            *(415, "Send the file as it is, "),
        )
    assert len(files(served)) == 1


@pytest.mark.parametrize(
    ("name", "head", "good", "bad"),
    [
        ("a.jsonl", b"", LINE, [b'{"number": "A-2"}\r\n', b"nothing"]),
        ("a.csv", b"number;name\r\n", b"A-1;Ada\r\n", [b"A-2;\r\n", b'A-3;"x']),
    ],
)
def test_rejected_lines_to_correct(
    served: Served, name: str, head: bytes, good: bytes, bad: list[bytes]
) -> None:
    """They are as uploaded, so that the corrected file can be imported."""
    served.sign_in()
    file_id = upload(served, head + bad[0] + good + bad[1], name).json()["id"]
    run_id = run_of(served, file_id)
    answer = served.client.get(f"/imports/{run_id}/rejected-lines")
    assert answer.status_code == 200
    assert answer.content == head + bad[0] + bad[1] + b"\n"
    assert answer.headers["content-disposition"] == (
        f"attachment; filename*=UTF-8''{name.replace('.', '-rejected.')}"
    )
    reasons = served.client.get("/exports/rejected-lines.csv", params={"jobRun": run_id})
    rows = list(csv.reader(StringIO(reasons.text, newline="")))
    first = 2 if head else 1
    assert [row[0] for row in rows] == ["line", str(first), str(first + 2)]
    assert rows[1][1] == "A-2"


def test_rejected_lines_across_parts(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("tenure.web.imports", "tenure.importing.stored_files"):
        monkeypatch.setattr(f"{module}.PART_SIZE", 7)
    served.sign_in()
    bad = [json.dumps({"number": f"B-{number}"}).encode() + b"\n" for number in range(5)]
    file_id = upload(served, b"".join(LINE + line for line in bad)).json()["id"]
    answer = served.client.get(f"/imports/{run_of(served, file_id)}/rejected-lines")
    assert answer.content == b"".join(bad)


def test_who_may_download(served: Served) -> None:
    """Lines can contain more than an agent may see: an ADMIN only, while the file is kept."""
    served.sign_in()
    file_id = upload(served, b"nothing\n").json()["id"]
    path = f"/imports/{run_of(served, file_id, ImportMode.CHECK)}/rejected-lines"
    assert served.client.get(path).content == b"nothing\n"
    headers = {"authorization": f"Bearer {served.token}"}
    assert served.client.get(path, headers=headers).status_code == 403
    assert served.client.get(f"/imports/{file_id}/rejected-lines").status_code == 404
    unknown = global_id("JobRun", 999)
    assert served.client.get(f"/imports/{unknown}/rejected-lines").status_code == 404

    async def expire(unit: Unit) -> None:
        await expire_file(unit, file_id=key_of(file_id, "ImportFile"))

    served.run(expire, ANA)
    assert served.client.get(path).status_code == 404
    served.client.cookies.clear()
    assert served.client.get(path).status_code == 401
