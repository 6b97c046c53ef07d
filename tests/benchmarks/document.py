"""Sections of docs/performance.md that programs write, each between two marks with its name."""

from collections.abc import Sequence

from tests.shared import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"


def marks(program: str) -> tuple[str, str]:
    """The lines before and after the section of a program."""
    return f"<!-- begin: written by {program} -->", f"<!-- end: written by {program} -->"


def write_section(program: str, text: str) -> None:
    """Replace the section of a program."""
    begin, end = marks(program)
    head, found, rest = DOCUMENT.read_text().partition(begin)
    _, ended, tail = rest.partition(end)
    assert found, f"{DOCUMENT} lacks the mark {begin}."
    assert ended, f"{DOCUMENT} lacks the mark {end}."
    DOCUMENT.write_text(f"{head}{begin}\n{text}\n{end}{tail}")


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
