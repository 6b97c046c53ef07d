"""Behind nginx with the configuration of docs/operations.md: client address and scheme."""

import asyncio
import json
import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

import httpx
import pytest
from websockets.sync.client import connect

from tenure.identity.actions import create_user
from tenure.kernel.actor import SYSTEM, Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.server import free_port, served
from tests.services import NGINX, program
from tests.shared import ROOT
from tests.waiting import PATIENCE

EMAIL, PASSWORD = "ben@example.com", "correct horse battery"
SELF_SIGNED = (
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
    "-subj /CN=tenure.example.com"
)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[str]:
    """The https address of an nginx in front of `tenure serve`."""
    NGINX.need()
    folder = tmp_path_factory.mktemp("nginx")
    copy(migrated_sqlite, folder / "tenure.db")
    asyncio.run(people(f"sqlite:///{folder}/tenure.db"))
    with (
        served(folder, TENURE_TRUSTED_PROXIES="127.0.0.1/32") as address,
        nginx(folder, upstream=address.removeprefix("http://")) as proxy,
    ):
        yield proxy


async def people(url: str) -> None:
    """One user."""
    database = Database(url)
    await Runtime(database, BusinessReader()).run_in_unit(
        SYSTEM, lambda unit: create_user(unit, email=EMAIL, role=Role.ADMIN, password=PASSWORD)
    )
    await database.close()


@contextmanager
def nginx(folder: Path, *, upstream: str) -> Iterator[str]:
    """An nginx of its own, with the example of the documentation; stopped at the end."""
    port = free_port()
    certificate = ["-keyout", folder / "tenure.key", "-out", folder / "tenure.pem"]
    subprocess.run(
        [program("openssl"), *SELF_SIGNED.split(), *certificate], check=True, capture_output=True
    )
    (folder / "nginx.conf").write_text(configuration(folder, upstream, port))
    arguments = ["-p", folder, "-c", folder / "nginx.conf", "-e", folder / "nginx.log"]
    with subprocess.Popen([program("nginx"), *arguments], stderr=subprocess.DEVNULL) as it:
        try:
            until = time.monotonic() + PATIENCE
            while not listens(port):
                if it.poll() is not None or time.monotonic() > until:
                    pytest.fail(
                        f"nginx did not start:\n{(folder / 'nginx.log').read_text()}", pytrace=False
                    )
                time.sleep(0.05)
            yield f"https://127.0.0.1:{port}"
        finally:
            it.terminate()
            it.wait(PATIENCE)


def configuration(folder: Path, upstream: str, port: int) -> str:
    """The example as it is documented, with the ports and files of the test."""
    [example] = re.findall(
        r"```nginx\n(.*?)```", (ROOT / "docs" / "operations.md").read_text(), re.DOTALL
    )
    for documented, here in {
        "server 127.0.0.1:8000;": f"server {upstream};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/ssl/tenure.pem": f"{folder}/tenure.pem",
        "/etc/ssl/tenure.key": f"{folder}/tenure.key",
    }.items():
        assert example.count(documented) == 1, documented
        example = example.replace(documented, here)
    # Its worker would be another user, who may not read this folder.
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    head = f"{user} daemon off; pid {folder}/nginx.pid; events {{}}"
    return f"{head}\nhttp {{ access_log off; {temporary}\n{example}\n}}\n"


def listens(port: int) -> bool:
    """True once somebody accepts connections."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except OSError:
        return False
    return True


def browser(proxied: str, source: str = "127.0.0.1") -> httpx.Client:
    """A client at this address of the loopback network, which sends a forged X-Forwarded-For."""
    transport = httpx.HTTPTransport(verify=False, local_address=source)
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    return httpx.Client(transport=transport, base_url=proxied, headers=forged, timeout=PATIENCE)


def sign_in(client: httpx.Client, password: str) -> httpx.Response:
    """The answer."""
    return client.post("/auth/sign-in", json={"email": EMAIL, "password": password})


def test_the_scheme_of_the_browser_counts(proxied: str) -> None:
    """Cookie Secure and HSTS, without TENURE_PUBLIC_URL; the page's own origin may call."""
    with browser(proxied) as client:
        answer = sign_in(client, PASSWORD)
        assert answer.status_code == 200
        assert answer.headers["set-cookie"].startswith("__Host-tenure_session=")
        assert "; Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        viewer = client.post(
            "/graphql", json={"query": "{ viewer { name } }"}, headers={"Origin": proxied}
        )
        assert viewer.json()["data"] == {"viewer": {"name": EMAIL}}


def test_the_address_of_the_browser_counts(proxied: str) -> None:
    """Rules 10: others behind the proxy are not refused, and a forged header has no effect."""
    with browser(proxied, "127.0.0.2") as attacker, browser(proxied, "127.0.0.3") as other:
        assert [sign_in(attacker, "wrong").status_code for _ in range(10)] == [401] * 10
        refused = sign_in(attacker, PASSWORD)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 300
        attacker.headers["X-Forwarded-For"] = "203.0.113.10"
        assert sign_in(attacker, PASSWORD).status_code == 429
        assert sign_in(other, PASSWORD).status_code == 200


def test_websockets_pass(proxied: str) -> None:
    """With the cookie and the origin of the page, as a browser sends them."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with browser(proxied) as client:
        cookie = sign_in(client, PASSWORD).headers["set-cookie"].partition(";")[0]
    address = proxied.replace("https", "wss", 1) + "/graphql"
    protocols = ["graphql-transport-ws"]
    with connect(
        address,
        subprotocols=protocols,
        ssl=context,
        origin=proxied,
        additional_headers={"Cookie": cookie},
    ) as session:
        session.send(json.dumps({"type": "connection_init"}))
        assert json.loads(session.recv(30)) == {"type": "connection_ack"}
        session.send(
            json.dumps(
                {"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { name } }"}}
            )
        )
        assert json.loads(session.recv(30))["payload"]["data"] == {"viewer": {"name": EMAIL}}
