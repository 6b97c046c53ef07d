"""Files to import."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tenure.importing.run import ImportCounts, import_file
from tenure.kernel.unit import Runtime

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file: objects become lines of JSON, text and bytes stay as they are."""

    def write(*lines: object, name: str = "accounts.jsonl") -> Path:
        file = tmp_path / name
        texts = [
            line if isinstance(line, bytes) else _text(line).encode(errors="surrogatepass")
            for line in lines
        ]
        file.write_bytes(b"\n".join(texts) + b"\n")
        return file

    return write


async def imported(runtime: Runtime, file: Path) -> tuple[int, int, int]:
    """Taken, there already, rejected."""
    tally = await import_file(runtime, file)
    assert rejects(tally.rejects) == tally.rejected
    return tally.taken, tally.known, tally.rejected


def rejects(file: Path) -> int:
    """How many lines the file of rejects holds; none where there is no such file."""
    return len(file.read_text().splitlines()) if file.exists() else 0


def reasons(file: Path) -> dict[int, str]:
    """Why each line was rejected, by its number."""
    text = file.with_name(f"{file.name}.rejected").read_text()
    return {bad["line"]: bad["reason"] for bad in map(json.loads, text.splitlines())}


def _text(line: object) -> str:
    return line if isinstance(line, str) else json.dumps(line)


__all__ = ["ImportCounts", "Put", "imported", "reasons", "rejects"]
