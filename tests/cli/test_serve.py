"""`tenure serve --demo` fills an empty database, prints the sign-in, serves, and stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests import programs
from tests.server import free_port
from tests.waiting import PATIENCE

TENURE = Path(sys.executable).with_name("tenure")


@pytest.mark.thorough
def test_the_first_run_tells_how_to_sign_in_and_the_second_does_not_tell_again(
    tmp_path: Path,
) -> None:
    first = _run(tmp_path)
    password = re.search(
        r"Sign in as admin@example.com with the password (\S+) \(it is not shown again\)", first
    )
    assert password is not None
    assert "40 demonstration accounts were created." in first
    second = _run(tmp_path, password[1])
    assert password[1] not in second
    assert "`tenure user password EMAIL` sets a new one" in second
    assert "demonstration accounts" not in second


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = programs.run(
            *("serve", "--port", port),
            environment=_environment(),
            folder=tmp_path,
            timeout=PATIENCE,
        )
    assert run.returncode == 1
    assert (
        run.stderr == f"tenure: Port {port} of 127.0.0.1 cannot be used: Address already in use. "
        "Choose another one with --port.\n"
    )
    assert list(tmp_path.iterdir()) == []


def _run(folder: Path, password: str | None = None) -> str:
    """Serve until ready, sign in where a password is known, stop by SIGINT; what was printed."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [TENURE, "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as it:
        try:
            _await(address, it)
            if password:
                answer = httpx.post(
                    f"{address}/auth/sign-in",
                    json={"email": "admin@example.com", "password": password},
                    timeout=PATIENCE,
                )
                assert answer.status_code == 200
        finally:
            it.send_signal(signal.SIGINT)
            printed, _ = it.communicate(timeout=PATIENCE)
    assert it.returncode == 0
    assert f"Tenure serves {address}" in printed
    return printed


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}


def _await(address: str, it: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and it.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("`tenure serve` did not become ready.")
