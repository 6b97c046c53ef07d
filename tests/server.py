"""Starts `tenure serve` on its own database, and sends requests to it without signing in."""

import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests import programs
from tests.programs import Call, Program
from tests.waiting import PATIENCE

# On a busy machine requests wait longer than users should.
LONG_TIMEOUTS = {
    f"TENURE_{what}_TIMEOUT": str(PATIENCE) for what in ("POOL", "LOCK", "STATEMENT", "OPERATION")
}
PORTS = range(10_000, 32_000)
REFUSED_CLOSE_CODES = {4401, 4403}


@contextmanager
def served(folder: Path, *, port: int = 0, **settings: str) -> Iterator[str]:
    """Runs `tenure serve` with its database and log in `folder`; yields its address.

    With a port of 0 it is a free one. Requests have long timeouts, unless the settings say others.
    """
    port = port or free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
    database = {"TENURE_DATABASE_URL": f"sqlite:///{folder}/tenure.db"}
    environment = own | database | LONG_TIMEOUTS | settings
    log = folder / "server.log"
    log.write_text("")
    arguments = ("serve", "--host", "127.0.0.1", "--port", str(port))
    process = programs.start(Call(arguments, environment, folder, Path(os.devnull), log, log))
    try:
        await_ready(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of this machine on which nobody listens.

    It is below those that the system gives to connections and to servers with port 0, so that none
    of them takes it before the server of the test does.
    """
    while True:
        port = secrets.choice(PORTS)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def await_ready(address: str, process: Program, log: Path) -> None:
    """Waits until the server is ready; fails with its log if it exits or takes too long."""
    deadline = time.monotonic() + PATIENCE
    with httpx.Client(base_url=address) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if client.get("/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    pytest.fail(f"`tenure serve` did not become ready:\n{log.read_text()}", pytrace=False)


def post_result(address: str, document: str) -> str:
    """Sends `document` by POST; returns the code of the first error, or the whole response."""
    response = httpx.post(f"{address}/graphql", json={"query": document}, timeout=PATIENCE)
    return code_in(
        response.json()["errors"] if '"errors"' in response.text else None, response.text
    )


def subscription_result(address: str, document: str) -> str:
    """Sends a subscription by WebSocket; returns the code of the first error, or the message.

    A connection that the server closes for lack of authentication counts as UNAUTHENTICATED.
    """
    try:
        with connect(
            address.replace("http", "ws", 1) + "/graphql", subprotocols=["graphql-transport-ws"]
        ) as socket:
            socket.send(json.dumps({"type": "connection_init"}))
            message = json.loads(socket.recv(timeout=PATIENCE))
            if message["type"] != "connection_ack":
                return str(message)
            socket.send(
                json.dumps({"type": "subscribe", "id": "1", "payload": {"query": document}})
            )
            message = json.loads(socket.recv(timeout=PATIENCE))
            errors = (
                message["payload"]
                if message["type"] == "error"
                else message.get("payload", {}).get("errors")
            )
            return code_in(errors, str(message))
    except TimeoutError:
        return "no message"
    except ConnectionClosed as closed:
        return (
            "UNAUTHENTICATED"
            if closed.rcvd and closed.rcvd.code in REFUSED_CLOSE_CODES
            else str(closed)
        )
    except InvalidStatus as refused:
        return (
            "UNAUTHENTICATED"
            if refused.response.status_code == httpx.codes.UNAUTHORIZED
            else str(refused)
        )


def code_in(errors: list[dict[str, dict[str, str]]] | None, otherwise: str) -> str:
    """The code of the first error, or `otherwise`."""
    return errors[0].get("extensions", {}).get("code", otherwise) if errors else otherwise
