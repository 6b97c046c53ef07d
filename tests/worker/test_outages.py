"""Without broker or database a process logs one line and retries; the server answers."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tenure.identity.actions import create_token
from tenure.kernel.actor import Role
from tenure.kernel.unit import Runtime
from tests.conftest import ANA, set_clock
from tests.server import free_port
from tests.waiting import PATIENCE, until
from tests.worker.processes import Installation, Process
from tests.worker.proxy import TcpProxy
from tests.worker.test_broker import LATER, schedule_inactivations, until_done

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

on_redis = pytest.mark.parametrize("broker_url", ["redis"], indirect=True)

OUT = "The broker cannot be reached: "
START = (
    "mutation { startJob(input: {kind: DEFERRED_ACTIONS}) "
    "{ jobRun { id } errors { code message } } }"
)


@pytest.fixture
def proxy(broker_url: str) -> Iterator[TcpProxy]:
    """A proxy of the broker that does not accept connections yet."""
    made = TcpProxy(broker_url)
    yield made
    made.shut()


@pytest.mark.thorough
@on_postgresql
async def test_a_broker_that_is_not_there_at_start_and_later(
    runtime: Runtime, installed: Installation, proxy: TcpProxy
) -> None:
    installed.settings["TENURE_BROKER_URL"] = proxy.url
    await schedule_inactivations(runtime, 5)
    await set_clock(runtime, LATER)
    async with runtime.unit(ANA) as unit:
        _, token = await create_token(unit, name="Shop", role=Role.ADMIN)
    server, address = served(installed)
    worker, scheduler = installed.start("worker"), installed.start("scheduler", "--every", "0.5")
    for process in installed.started:
        process.until_says(OUT)
    status, ready = readiness(address)
    assert (status, ready["ready"]) == (200, True)
    assert [str(problem).startswith(OUT) for problem in ready["problems"]] == [True]
    assert started(address, token) == []
    server.until_says("a wake-up message could not be sent")

    proxy.open()
    await until_done(runtime, 5)
    until(lambda: not readiness(address)[1]["problems"], lambda: str(readiness(address)))
    assert [process.log.read_text().count(OUT) for process in installed.started] == [2, 2, 2]

    proxy.shut()
    for process in installed.started:
        process.until_says(OUT, 3)
    await schedule_more(runtime)
    proxy.open()
    await until_done(runtime, 10)
    for process in installed.started:
        process.until_says("Resolved:", 2)
    assert readiness(address) == (200, {"ready": True, "problems": []})
    assert [process.log.read_text().count(OUT) for process in installed.started] == [4, 4, 4]
    logs = [process.log.read_text() for process in (server, worker, scheduler)]
    assert [("Traceback" in log, "Consumer encountered" in log) for log in logs] == [
        (False, False)
    ] * 3
    assert [process.stop() for process in (worker, scheduler)] == [0, 0]


@pytest.mark.thorough
@on_postgresql
@on_redis
async def test_a_database_that_is_not_there_at_start(
    runtime: Runtime, installed: Installation
) -> None:
    await schedule_inactivations(runtime, 5)
    await set_clock(runtime, LATER)
    proxy = TcpProxy(installed.settings["TENURE_DATABASE_URL"])
    installed.settings["TENURE_DATABASE_URL"] = proxy.url
    server, address = served(installed)
    worker, scheduler = installed.start("worker"), installed.start("scheduler", "--every", "0.5")
    for process in installed.started:
        process.until_says("The database cannot be reached: ")
    assert readiness(address)[0] == httpx.codes.SERVICE_UNAVAILABLE
    proxy.open()
    await until_done(runtime, 5)
    until(lambda: readiness(address)[0] == httpx.codes.OK, server.log.read_text)
    for process in installed.started:
        process.until_says("Resolved:")
    assert [process.stop() for process in (worker, scheduler)] == [0, 0]
    logs = [process.log.read_text() for process in (server, worker, scheduler)]
    assert [log for log in logs if "Traceback" in log] == []
    assert [log.count("The database cannot be reached: ") for log in logs] == [2, 2, 2]
    proxy.shut()


@pytest.mark.thorough
@on_redis
async def test_what_can_never_work_is_said_at_once(installed: Installation) -> None:
    for arguments, settings, words in (
        (["worker"], {"tenure_broker_url": ""}, "TENURE_BROKER_URL is empty"),
        (["scheduler"], {"tenure_broker_url": ""}, "TENURE_BROKER_URL is empty"),
        (
            ["worker", "--processes", "2"],
            {"tenure_broker_url": "http://x"},
            "TENURE_BROKER_URL must be redis://",
        ),
        (
            ["worker", "--processes", "2"],
            {"tenure_database_url": "mysql://x"},
            "TENURE_DATABASE_URL must be sqlite",
        ),
    ):
        process = installed.start(*arguments, **settings)
        assert process.it.wait(PATIENCE) == 1
        assert words in process.log.read_text()
        assert "Traceback" not in process.log.read_text()


def served(installed: Installation) -> tuple[Process, str]:
    """A server and its address, once it answers."""
    port = free_port()
    server, address = installed.start("serve", "--port", str(port)), f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(f"{address}/healthz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    until(answers, server.log.read_text)
    return server, address


def readiness(address: str) -> tuple[int, dict[str, Any]]:
    """What `/readyz` answers."""
    answer = httpx.get(f"{address}/readyz", timeout=PATIENCE)
    return answer.status_code, answer.json()


def started(address: str, token: str) -> list[Any]:
    """The errors of asking for a job run."""
    answer = httpx.post(
        f"{address}/graphql",
        json={"query": START},
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE,
    )
    return list(answer.json()["data"]["startJob"]["errors"])


async def schedule_more(runtime: Runtime) -> None:
    """Insert five further actions that are due."""
    columns = (
        "kind, account_id, summary, to_status, parent_pays, children_stay, scheduled_for, "
        "created_by, created_at"
    )
    async with runtime.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            f"INSERT INTO deferred_action ({columns}, id, status, attempts, version) "
            f"SELECT {columns}, id + 5, 'PENDING', 0, 1 FROM deferred_action"
        )
