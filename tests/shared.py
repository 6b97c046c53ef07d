"""What lies outside the repository, beside it: the contract with partner systems and the data set of the stories."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("TENURE_SHARED") or ROOT.parent / "shared")
IN_CI = os.environ.get("CI") == "true"


def absent(reason: str) -> None:
    """Skips the test that calls it; with CI=true nothing may be skipped, so there it fails."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def shared(path: str) -> Path:
    """The file or folder `path` of the shared folder; where it is not there the test is skipped (in CI it fails)."""
    found = SHARED / path
    if not found.exists():
        absent(f"shared/{path} is not beside the repository; TENURE_SHARED names another place.")
    return found
