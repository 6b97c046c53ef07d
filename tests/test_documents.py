"""The documents name files and headings that exist, every column of the import format, and every
operation of events.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tenure.events.models import EventOperation
from tenure.importing import lines, usage
from tenure.importing.parsing import Columns
from tests.shared import ROOT
from tests.test_architecture import report_breaches

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "frontend/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NAMED_FILE = re.compile(r"`([\w./-]+/[\w.-]+\.(?:css|graphql|json|md|mjs|py|svg|toml|ts|tsx))`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
# Written by the build, by a release, and in another folder.
NOT_COMMITTED = re.compile(r"\bdist/|VERSION|^spec/")
PARTS = {
    "service": lines.ServicePart,
    "offer": lines.OfferPart,
    "payment method": lines.PaymentMethodPart,
    "contact": lines.ContactPart,
    "note": lines.NotePart,
}


@cache
def committed_files() -> list[str]:
    """The files of the project, relative to its root, each with a slash in front."""
    folders = ("backend", "docs", "frontend", "tests")
    found = (file for folder in folders for file in (ROOT / folder).rglob("*.*"))
    return [
        f"/{file.relative_to(ROOT)}"
        for file in found
        if "node_modules" not in file.parts and "dist" not in file.parts
    ]


def headings(document: Path) -> set[str]:
    """The anchors of a document, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", BLOCK.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_named_files_exist() -> None:
    """A path can leave out its first folders: `batch/runs.py`."""

    def breaches() -> Iterator[str]:
        for document in DOCUMENTS:
            for name in NAMED_FILE.findall(BLOCK.sub("", document.read_text())):
                end = "/" + name.removeprefix("../")
                if NOT_COMMITTED.search(name):
                    continue
                if not any(file.endswith(end) for file in committed_files()):
                    yield f"{document.relative_to(ROOT)}: {name}"

    report_breaches(breaches(), "Name a file that exists.")


def test_links_lead_to_files_and_headings() -> None:
    def breaches() -> Iterator[str]:
        for document in DOCUMENTS:
            for path, anchor in LINK.findall(BLOCK.sub("", document.read_text())):
                target = document.parent / path if path else document
                if not target.exists() or (anchor and anchor not in headings(target)):
                    yield f"{document.relative_to(ROOT)}: {path}#{anchor}"

    report_breaches(breaches(), "Link to a file and a heading that exist.")


def rows_of(heading: str, document: str = "import.md") -> list[list[str]]:
    """The cells of the rows of the table below a heading of a document."""
    chapter = (ROOT / "docs" / document).read_text().partition(f"\n## {heading}\n")[2]
    rows = re.findall(r"^\| (.+) \|$", chapter.partition("\n## ")[0], re.MULTILINE)
    return [row.split(" | ") for row in rows[1:]]


def names_in(cell: str) -> set[str]:
    """The names of columns and keys in a cell; values are in capital letters."""
    return set(re.findall(r"`([a-z_]+)`", cell))


@pytest.mark.parametrize(
    ("heading", "columns"),
    [("An account", lines.COLUMNS), ("Usage", usage.COLUMNS)],
)
def test_every_column_of_the_import_is_described(heading: str, columns: Columns) -> None:
    assert set().union(*(names_in(row[0]) for row in rows_of(heading))) == columns.all


def test_every_key_of_the_import_is_described() -> None:
    """Required keys are bold. `COLUMNS`, which CSV files use, has the keys of a line in JSON."""
    assert lines.COLUMNS.all == set(lines.AccountLine.model_fields)
    keys = dict(rows_of("Its parts"))
    for part, model in PARTS.items():
        required = set().union(*map(names_in, re.findall(r"\*\*(.+?)\*\*", keys[part])))
        fields = model.model_fields
        assert names_in(keys[part]) == set(fields)
        assert required == {name for name, field in fields.items() if field.is_required()}
    assert set(keys) == set(PARTS)


def test_every_operation_of_events_is_described() -> None:
    operations = [row[0] for row in rows_of("Details of events", "partners.md")]
    assert sorted(re.findall(r"`([A-Z_]+)`", " ".join(operations))) == sorted(EventOperation)


def test_the_page_has_a_title_for_every_operation_of_events() -> None:
    titles = (ROOT / "frontend" / "src" / "lib" / "operationTitle.ts").read_text()
    assert sorted(re.findall(r"^  ([A-Z]+(?:_[A-Z]+)+): ", titles, re.MULTILINE)) == sorted(
        EventOperation
    )
