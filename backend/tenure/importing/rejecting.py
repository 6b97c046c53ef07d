"""What became of the lines of a file: the tally, and the file beside it that names every rejected line and why."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import orjson

from tenure.importing.reading import Place


@dataclass(slots=True)
class Tally:
    """How many lines were taken, were there already, and were rejected; `rejects` names the file that says why."""

    rejects: Path
    taken: int = 0
    known: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Rejects:
    """The file of rejects, while it is written."""

    bad: TextIO
    tally: Tally

    def add(self, place: Place, reason: str, **key: str | None) -> None:
        """One line more that was rejected; `key` is what it calls itself, where that can be read."""
        self.tally.rejected += 1
        shown = {name: _shown(text) for name, text in key.items()}
        line = orjson.dumps({"line": place.line, **shown, "reason": _shown(reason)})
        self.bad.write(line.decode() + "\n")


@contextmanager
def rejecting(file: Path) -> Iterator[Rejects]:
    """The file of rejects of `file`; where nothing is rejected there is none afterwards."""
    tally = Tally(file.with_name(f"{file.name}.rejected"))
    with tally.rejects.open("w", encoding="utf-8") as bad:
        yield Rejects(bad, tally)
    if not tally.rejected:
        with suppress(FileNotFoundError):
            tally.rejects.unlink()


def _shown(text: str | None) -> str | None:
    """Half surrogates, which stand for bytes that are no UTF-8, are shown as question marks."""
    return None if text is None else text[:500].encode("utf-8", errors="replace").decode()
