"""Processes of this version, and of a version with a newer migration, on separate databases."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tenure.kernel.compatibility import newest_revision
from tenure.kernel.db import MIGRATIONS
from tests import programs

TENURE = Path(sys.executable).with_name("tenure")
KEY = "k" * 32
NEWER_PROGRAM = """
import sys
from pathlib import Path

import tenure.kernel.db

tenure.kernel.db.MIGRATIONS = Path(sys.argv.pop(1))

from tenure.cli import main

main()
"""
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


def start(url: str, *arguments: str, migrations: Path | None = None) -> subprocess.Popen[str]:
    """Start `tenure`; with `migrations`, the newer version that has these."""
    program = [TENURE] if migrations is None else [sys.executable, "-c", NEWER_PROGRAM, migrations]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*program, *arguments], env=environment(url), stdout=pipe, stderr=pipe, text=True
    )


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


def ended(process: subprocess.Popen[str]) -> int:
    """The exit code of a process that was started, and no pipe left open."""
    process.communicate(timeout=300)
    return process.returncode
