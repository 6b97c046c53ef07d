"""The counts of an import, and the file of rejected lines with the reasons."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TextIO

import orjson

from tenure.importing.reading import Position
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.text import excerpt, printable

LONGEST_REASON = 500
LONGEST_KEY = 255


@dataclass(slots=True)
class ImportCounts:
    """The numbers of imported, already imported and rejected lines, and the path of the rejects
    file.
    """

    rejects: Path
    taken: int = 0
    known: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Rejects:
    """The rejects file. It is written under a temporary name until `keep` renames it."""

    counts: ImportCounts
    file: TextIO | None = None
    unfinished: Path | None = None

    def add(self, position: Position, reason: str, **key: str | None) -> None:
        """Add a rejected line; `key` identifies it, if it can be read."""
        self.counts.rejected += 1
        shown = {
            name: None if text is None else excerpt(text, LONGEST_KEY) for name, text in key.items()
        }
        line = orjson.dumps(
            {"line": position.line, **shown, "reason": excerpt(reason, LONGEST_REASON)}
        )
        self._file().write(line.decode() + "\n")

    def keep(self) -> None:
        """Rename the complete file into place. Without rejects, an earlier file is removed."""
        if self.file is None or self.unfinished is None:
            self.counts.rejects.unlink(missing_ok=True)
            return
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        try:
            # A symbolic link of this name is replaced, not followed.
            self.unfinished.replace(self.counts.rejects)
        except OSError:
            self.unfinished.unlink(missing_ok=True)
            raise

    def _file(self) -> TextIO:
        if self.file is None:
            final = self.counts.rejects
            self.unfinished = final.with_name(f".{final.name}.{token_hex(8)}")
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self.file = os.fdopen(os.open(self.unfinished, flags, 0o600), "w", encoding="utf-8")
        return self.file


@contextmanager
def rejects_file(file: Path) -> Iterator[Rejects]:
    """The rejects file of `file`, kept also if the block fails.

    Raises ConfigurationError if it cannot be written.
    """
    rejects = Rejects(ImportCounts(file.with_name(f"{file.name}.rejected")))
    name = rejects.counts.rejects
    if not os.access(name.parent, os.W_OK) or (name.is_dir() and not name.is_symlink()):
        message = (
            f"{printable(str(name))} cannot be written. "
            "Copy the file to a directory you can write to and import it from there."
        )
        raise ConfigurationError(message)
    try:
        yield rejects
    finally:
        rejects.keep()
