"""The example clients in Python and TypeScript run on the demonstration, and repeat requests."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from graphql import build_schema, parse, validate

from tenure.kernel.actor import Role
from tests.demonstration import DemoServer
from tests.shared import ROOT
from tests.waiting import PATIENCE

EXAMPLES = ROOT / "docs" / "examples"
MODULES = ROOT / "frontend" / "node_modules"
ARGUMENTS = ("nora han", "2040-01-02T00:00:00Z")
SCHEDULED = "Inactivate Nora Hansen (A-1031): PENDING\n"


class UnstableProxy:
    """Passes requests on to the server; answers the first with each body with 503."""

    def __init__(self, target: str) -> None:
        self.received: list[tuple[str | None, bytes]] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            """Answers one request."""

            def do_POST(self) -> None:
                """Refuse the first request with a body, and pass on the second."""
                body = self.rfile.read(int(self.headers["content-length"]))
                is_first = all(body != earlier for _, earlier in proxy.received)
                proxy.received.append((self.headers["idempotency-key"], body))
                passed = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() in ("authorization", "content-type", "idempotency-key")
                }
                answer = (
                    httpx.Response(503, json={"errors": []})
                    if is_first
                    else httpx.post(
                        f"{target}{self.path}", content=body, headers=passed, timeout=PATIENCE
                    )
                )
                self.send_response(answer.status_code)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, format: str, *args: object) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def proxy(demo_server: DemoServer) -> Iterator[UnstableProxy]:
    """An unstable connection to the server."""
    proxy = UnstableProxy(demo_server.address)
    thread = threading.Thread(target=proxy.server.serve_forever)
    thread.start()
    yield proxy
    proxy.server.shutdown()
    thread.join()
    proxy.server.server_close()


def check_output(proxy: UnstableProxy, token: str, *command: str | Path) -> None:
    """Run an example; it repeats each of its two requests with the same key."""
    done = subprocess.run(
        [*command, *ARGUMENTS],
        check=False,
        env=os.environ | {"TENURE": proxy.address, "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout, done.stderr, done.returncode) == (SCHEDULED, "", 0)
    [*query, first, second] = proxy.received
    assert len(query) == 2
    assert query[0] == query[1]
    assert first == second
    assert first[0]


@pytest.mark.thorough
def test_python(proxy: UnstableProxy, demo_server: DemoServer) -> None:
    program = EXAMPLES / "python" / "example.py"
    check_output(proxy, demo_server.tokens[Role.AGENT], sys.executable, program)


def test_typescript(proxy: UnstableProxy, demo_server: DemoServer, tmp_path: Path) -> None:
    if not MODULES.exists():
        pytest.skip("The packages of the page are not installed: `make setup` does it.")
    folder = tmp_path / "client"
    shutil.copytree(EXAMPLES / "typescript", folder)
    (folder / "node_modules").symlink_to(MODULES)
    built = subprocess.run(
        [MODULES / ".bin" / "tsc"], check=False, cwd=folder, capture_output=True, text=True
    )
    assert (built.returncode, built.stdout) == (0, "")
    token = demo_server.tokens[Role.AGENT]
    check_output(proxy, token, "node", folder / "dist" / "example.js")


def test_operations_fit_the_schema() -> None:
    schema = build_schema((ROOT / "frontend" / "schema.graphql").read_text())
    assert validate(schema, parse((EXAMPLES / "operations.graphql").read_text())) == []


@pytest.fixture
def retrying() -> ModuleType:
    """The module of the example."""
    location = EXAMPLES / "python" / "retrying.py"
    spec = importlib.util.spec_from_file_location("retrying", location)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("document", "key", "statuses", "sent"),
    [
        ("{ a }", None, [503, 429, 200], 3),
        ("mutation { a }", "k", [502, 504, 200], 3),
        ("mutation { a }", None, [503], 1),
        ("{ a }", None, [400], 1),
        ("{ a }", None, [500], 1),
        ("{ a }", None, [503, 503, 503], 3),
    ],
)
def test_what_python_repeats(
    retrying: ModuleType, document: str, key: str | None, statuses: list[int], sent: int
) -> None:
    requests: list[httpx.Request] = []
    pauses: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(statuses[len(requests) - 1], headers={"retry-after": "7"})

    transport = retrying.RetryingTransport(
        httpx.MockTransport(answer), attempts=3, sleep=pauses.append
    )
    with httpx.Client(transport=transport) as client:
        headers = {"idempotency-key": key} if key else {}
        last = client.post("http://tenure.test", json={"query": document}, headers=headers)
    assert (last.status_code, len(requests)) == (statuses[sent - 1], sent)
    assert pauses == [7.0] * (sent - 1)
    assert len({json.dumps(sorted(it.headers.items())) for it in requests}) == 1
