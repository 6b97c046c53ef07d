"""The folder `shared` beside the repository: the contract with partner systems, sample data."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("TENURE_SHARED") or ROOT.parent / "shared")
IN_CI = os.environ.get("CI") == "true"


def absent(reason: str) -> None:
    """Skips the calling test; with CI=true nothing may be skipped, so the test fails."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def shared(path: str) -> Path:
    """The file or folder `path` of the shared folder; skips the test if it does not exist."""
    found = SHARED / path
    if not found.exists():
        absent(f"shared/{path} is not beside the repository. Set TENURE_SHARED to its folder.")
    return found
