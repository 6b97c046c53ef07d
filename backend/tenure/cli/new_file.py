"""Files that appear whole or not at all, readable by their owner alone."""

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
    """A draft beside `path`, which takes its name at the end of the block. Without `replace` nothing is overwritten.

    Raises ConfigurationError where the file exists by then. The draft has mode 0600 and is removed where the block fails.
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
    """Raises ConfigurationError where a file at this path may not be written."""
    if not path.absolute().parent.is_dir():
        raise ConfigurationError(f"The folder {path.absolute().parent} does not exist: create it.")
    if not path.exists() and not path.is_symlink():
        return
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ConfigurationError(f"{path} is not a file: name another one.")
    if not force:
        raise ConfigurationError(f"{path} exists: name another file, or replace it with --force.")


def _link(draft: Path, path: Path) -> None:
    """A link is made only where no file has the name."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise ConfigurationError(
            f"{path} has been created meanwhile: nothing was changed."
        ) from None
    except OSError:
        # A file system without hard links, for example of a USB drive.
        draft.rename(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
