"""What became of the lines of a file: the tally, and the file beside it that names every rejected line and why."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TextIO

import orjson

from tenure.importing.reading import Place
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.text import excerpt, printable

LONGEST_REASON, LONGEST_KEY = 500, 255


@dataclass(slots=True)
class ImportCounts:
    """How many lines were taken, were there already, and were rejected; `rejects` names the file that says why."""

    rejects: Path
    taken: int = 0
    known: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Rejects:
    """The file of rejects. It is written under another name, which `keep` replaces by its own."""

    tally: ImportCounts
    bad: TextIO | None = None
    unfinished: Path | None = None

    def add(self, place: Place, reason: str, **key: str | None) -> None:
        """One line more that was rejected; `key` is what it calls itself, where that can be read."""
        self.tally.rejected += 1
        shown = {
            name: None if text is None else excerpt(text, LONGEST_KEY) for name, text in key.items()
        }
        line = orjson.dumps(
            {"line": place.line, **shown, "reason": excerpt(reason, LONGEST_REASON)}
        )
        self._file().write(line.decode() + "\n")

    def keep(self) -> None:
        """Put the file in its place, whole. Where nothing was rejected there is none, not even a former one."""
        if self.bad is None or self.unfinished is None:
            self.tally.rejects.unlink(missing_ok=True)
            return
        self.bad.flush()
        os.fsync(self.bad.fileno())
        self.bad.close()
        try:
            # A link of this name is replaced itself, never followed.
            self.unfinished.replace(self.tally.rejects)
        except OSError:
            self.unfinished.unlink(missing_ok=True)
            raise

    def _file(self) -> TextIO:
        if self.bad is None:
            final = self.tally.rejects
            self.unfinished = final.with_name(f".{final.name}.{token_hex(8)}")
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self.bad = os.fdopen(os.open(self.unfinished, flags, 0o600), "w", encoding="utf-8")
        return self.bad


@contextmanager
def rejecting(file: Path) -> Iterator[Rejects]:
    """The file of rejects of `file`, kept also where the block fails. Raises ConfigurationError where none can be written."""
    rejects = Rejects(ImportCounts(file.with_name(f"{file.name}.rejected")))
    name = rejects.tally.rejects
    if not os.access(name.parent, os.W_OK) or (name.is_dir() and not name.is_symlink()):
        words = f"{printable(str(name))} cannot be written. Copy the file into a directory of yours and import it from there."
        raise ConfigurationError(words)
    try:
        yield rejects
    finally:
        rejects.keep()
