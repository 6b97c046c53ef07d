"""The endpoint passes the audit of the GraphQL-over-HTTP specification (npm: graphql-http)."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

from tenure.identity.actions import create_token
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.conftest import ANA
from tests.server import served
from tests.shared import ROOT, absent
from tests.waiting import PATIENCE

SUITE = ROOT / "frontend" / "node_modules" / "graphql-http"
SCRIPT = ROOT / "frontend" / "scripts" / "audit.mjs"
REQUIRED = 36


async def new_token(path: Path) -> str:
    """The secret of a token of the database in `path`."""
    database = Database(f"sqlite:///{path}")
    async with Runtime(database, BusinessReader()).unit(ANA) as unit:
        _, secret = await create_token(unit, name="audit", role=Role.AGENT)
    await database.close()
    return secret


def test_every_must_and_should_of_the_specification(tmp_path: Path, migrated_sqlite: Path) -> None:
    node = shutil.which("node")
    if node is None or not SUITE.exists():
        absent("The packages of the page are not installed: `make setup` does it.")
    token = asyncio.run(new_token(Path(shutil.copy(migrated_sqlite, tmp_path / "tenure.db"))))
    with served(tmp_path) as address:
        done = subprocess.run(
            [str(node), SCRIPT, f"{address}/graphql", token],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode == 0, done.stderr
    results = [it for it in json.loads(done.stdout) if it["name"].split()[0] in {"MUST", "SHOULD"}]
    failed = [f"{it['name']}: {it['reason']}" for it in results if it["status"] != "ok"]
    assert failed == []
    assert len(results) == REQUIRED
