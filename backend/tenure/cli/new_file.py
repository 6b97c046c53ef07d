"""Files that are created complete or not at all, readable only by their owner."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenure.kernel.errors import ConfigurationError
from tenure.kernel.secret_key import sync_folder


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[Path]:
    """A temporary file beside `path`, which is renamed to it at the end of the block.

    Its mode is 0600. It is removed if the block fails. Raises ConfigurationError if `path` exists
    by then, unless `replace` is set.
    """
    # mkstemp creates with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.absolute().parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        _sync(draft)
        if replace:
            draft.replace(path)
        else:
            _link(draft, path)
        sync_folder(path.absolute().parent)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


def check_replaceable(path: Path, *, force: bool) -> None:
    """Raises ConfigurationError if a file must not be written at this path."""
    if not path.absolute().parent.is_dir():
        raise ConfigurationError(f"The folder {path.absolute().parent} does not exist. Create it.")
    if not path.exists() and not path.is_symlink():
        return
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ConfigurationError(f"{path} is not a file. Name another one.")
    if not force:
        raise ConfigurationError(f"{path} exists. Name another file, or replace it with --force.")


def _link(draft: Path, path: Path) -> None:
    """Linking fails if the name exists, unlike renaming."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise ConfigurationError(f"{path} was created meanwhile. Nothing was changed.") from None
    except OSError:
        # The file system has no hard links, for example on a USB drive.
        draft.rename(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
