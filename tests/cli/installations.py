"""Processes of this version, and of a version with a newer migration, on separate databases."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tenure.kernel.compatibility import newest_revision
from tenure.kernel.db import MIGRATIONS
from tests import programs
from tests.programs import Call, Program
from tests.waiting import until

KEY = "k" * 32
NEWER_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
backward_compatible = {compatible}


def upgrade() -> None:
    op.add_column("account", sa.Column("nickname_{revision}", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("account", "nickname_{revision}")
"""


def environment(url: str, **more: str) -> dict[str, str]:
    """The settings of a process on this database, and nothing of the developer's."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
    own |= {"TENURE_DATABASE_URL": url, "TENURE_SECRET_KEY": KEY, "TENURE_LOG": "json"}
    return own | more


def tenure(url: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `tenure` to its end."""
    return programs.run(
        *arguments, environment=environment(url, **more), folder=Path.cwd(), timeout=300
    )


@dataclass(frozen=True, slots=True)
class Started:
    """A running `tenure`, and the folder with the files of its output."""

    program: Program
    folder: TemporaryDirectory[str]

    def ended(self) -> tuple[int, str, str]:
        """The exit code, the output and the errors, once it has ended. Removes the files."""
        code = self.program.wait(300)
        output, errors = self._written("stdout"), self._written("stderr")
        self.folder.cleanup()
        return code, output, errors

    def first_error(self) -> str:
        """The first line that it writes to its standard error."""
        until(lambda: "\n" in self._written("stderr") or self.program.poll() is not None)
        return self._written("stderr").partition("\n")[0]

    def _written(self, stream: str) -> str:
        path = Path(self.folder.name) / stream
        return path.read_text() if path.exists() else ""


def start(url: str, *arguments: str, migrations: Path | None = None) -> Started:
    """Start `tenure`; with `migrations`, the newer version that has these."""
    folder = TemporaryDirectory()
    streams = [Path(folder.name) / stream for stream in ("stdout", "stderr")]
    call = Call(
        arguments, environment(url), Path.cwd(), Path(os.devnull), *streams, migrations=migrations
    )
    return Started(programs.start(call), folder)


def newer_migrations(folder: Path, **compatible: bool) -> Path:
    """The migrations of this version, and further ones: revision and compatibility."""
    made = folder / "_".join(["newer", *compatible])
    shutil.copytree(MIGRATIONS, made, ignore=shutil.ignore_patterns("__pycache__"))
    before = newest_revision()
    for revision, is_compatible in compatible.items():
        text = NEWER_MIGRATION.format(revision=revision, before=before, compatible=is_compatible)
        (made / "versions" / f"{revision}_newer.py").write_text(f'"""Newer."""\n{text}')
        before = revision
    return made
