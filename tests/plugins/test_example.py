"""The example of docs/plugins.md, installed with pip: it changes decisions of Tenure."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tenure.accounts.models import Rank
from tenure.assets.models import Service
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.policies.queries import installed
from tests.builders import account, service, set_account, set_service
from tests.checks import account_state, events, refused, row
from tests.conftest import ANA

EXAMPLE = Path(__file__).with_name("example")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which pip installed the package.

    It is built in a copy, so that no files remain beside the sources.
    """
    folder = tmp_path_factory.mktemp("plugin")
    copytree(EXAMPLE, folder / "example")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", "--target", folder / "site", folder / "example"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


@pytest.fixture
def example(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process finds the installed package."""
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    installed.cache_clear()
    yield
    sys.modules.pop("tenure_example", None)
    installed.cache_clear()


@pytest.mark.usefixtures("example")
async def test_installed_plugin_decides(runtime: Runtime) -> None:
    """It refuses to close a platinum account, and rewrites the login of a closed service."""
    async with runtime.unit(ANA) as unit:
        gold = await account(unit, "Gold", number="G-1", rank=Rank.GOLD)
        platinum = await account(unit, "Platinum", number="P-1", rank=Rank.PLATINUM)
        line = await service(unit, platinum, "carla")
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "status") as raised,
        runtime.unit(ANA) as unit,
    ):
        await set_account(unit, platinum, Status.CLOSED)
    assert (
        raised.value.message
        == "P-1 is a platinum customer: their manager closes such accounts by another way."
    )
    async with runtime.unit(ANA) as unit:
        await set_account(unit, gold, Status.CLOSED)
        await set_account(unit, platinum, Status.INACTIVE)
        await set_service(unit, line, Status.CLOSED)
    assert await account_state(runtime, gold) == "CLOSED (CLOSED MANUAL)"
    assert (await row(runtime, Service, line)).login == "gone-P-1-carla"
    assert [it.details for it in await events(runtime, service_id=line)][-1] == {
        "note": "Login rewritten"
    }


def test_status_changes_are_not_prepared_without_a_plugin() -> None:
    """The policy is found by the entry point of the package only."""
    assert not installed().prepares_status_changes
