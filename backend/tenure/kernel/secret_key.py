"""The key that signs sessions: checked for its length, and created atomically."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from string import whitespace

from tenure.kernel.errors import ConfigurationError

SHORTEST_KEY = 32
OWNER_ONLY = 0o600


# Whitespace and NUL around a key do not count.
BLANKS = whitespace + "\0"


def checked_key(key: str, source: str) -> str:
    """The key. Raises ConfigurationError, with its `source`, if it is shorter than 32 bytes."""
    length = len(key.strip(BLANKS).encode(errors="surrogatepass"))
    if length < SHORTEST_KEY:
        found = f"has {length} bytes" if length else "is empty"
        raise ConfigurationError(
            f"{source} {found}, a secret key has at least {SHORTEST_KEY}: "
            "`openssl rand -hex 32` makes one."
        )
    return key


def stored_key(path: Path) -> str:
    """The key in this file, which is created if missing. Raises ConfigurationError or OSError."""
    try:
        key = path.read_text()
    except FileNotFoundError:
        _create(path)
        key = path.read_text()
    except UnicodeDecodeError:
        key = ""
    if len(key.strip(BLANKS).encode()) < SHORTEST_KEY:
        raise ConfigurationError(
            f"The key file {path} is damaged: it has fewer than {SHORTEST_KEY} bytes. Put it back "
            "from a backup, or delete it: a new one is created at the next start, and everybody "
            "signs in again."
        )
    restrict_to_owner(path)
    return key


def restrict_to_owner(path: Path) -> None:
    """Sets mode 0600. A file of another owner stays unchanged."""
    with suppress(FileNotFoundError, PermissionError):
        if path.stat().st_mode & 0o077:
            path.chmod(OWNER_ONLY)


def _create(path: Path) -> None:
    """Creates the file atomically: `os.link` fails if another process has created it."""
    # mkstemp creates with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
        sync_folder(path.parent)
    finally:
        Path(name).unlink()


def sync_folder(folder: Path) -> None:
    """Flushes the entries of a folder to the disk, so that a new name survives a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
