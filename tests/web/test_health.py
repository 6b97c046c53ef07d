"""Alive, ready, and counted."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tenure.kernel.compatibility import newest_revision
from tenure.kernel.db import Database
from tenure.kernel.readiness import what_is_wrong
from tenure.kernel.settings import Settings
from tests.waiting import until
from tests.web.conftest import Serve, Served


def test_alive_and_ready(served: Served) -> None:
    assert served.client.get("/healthz").json() == {"alive": True}
    answer = served.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": []})


async def test_what_is_wrong_is_said(tmp_path: object) -> None:
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    assert await what_is_wrong(empty) == [
        (
            f"The database is at schema none, this version needs {newest_revision()}: "
            "run `tenure migrate`."
        )
    ]
    await empty.close()
    nowhere = Database("postgresql://postgres@127.0.0.1:1/nothing")
    [problem] = await what_is_wrong(nowhere)
    assert problem.startswith("The database cannot be reached: ")
    await nowhere.close()


async def test_both_databases_are_ready_after_migration(database: Database) -> None:
    assert await what_is_wrong(database) == []


def test_requests_are_counted_by_path_and_status(served: Served) -> None:
    served.client.get("/healthz")
    served.client.get("/accounts/1")
    served.client.get("/accounts/2")
    served.asked()
    served.client.request("BREW", "/pot")
    lines = served.client.get("/metrics").text.splitlines()
    assert 'tenure_http_requests_total{method="GET",path="/healthz",status="200"} 1.0' in lines
    assert 'tenure_http_requests_total{method="POST",path="/graphql",status="200"} 1.0' in lines
    assert 'tenure_http_requests_total{method="OTHER",path="/",status="405"} 1.0' in lines
    assert (
        sum(line.startswith("tenure_http_requests_total") and 'path="/"' in line for line in lines)
        == 2
    )
    assert "tenure_deferred_actions_due 0.0" in lines
    # The day's bill run may not have ended yet.
    assert {"tenure_job_runs_live 0.0", "tenure_job_runs_live 1.0"} & set(lines)


def test_webhooks_have_their_figures(served: Served) -> None:
    """Attempts by result, the backlog and its age, and whether events are sent."""
    document = """mutation { createWebhook(input: {url: "https://receiver.invalid/"}) {
      webhook { id } errors { code }
    } }"""
    assert served.sign_in() == 200
    headers = {"origin": "http://tenure.test"}
    answer = served.client.post("/graphql", json={"query": document}, headers=headers).json()
    assert answer["data"]["createWebhook"]["errors"] == []
    lines = served.client.get("/metrics").text.splitlines()
    assert 'tenure_webhook_attempts_total{result="succeeded",webhook="1"} 0.0' in lines
    assert 'tenure_webhook_attempts_total{result="failed",webhook="1"} 0.0' in lines
    assert 'tenure_webhook_pending{webhook="1"} 0.0' in lines
    assert 'tenure_webhook_oldest_pending_seconds{webhook="1"} 0.0' in lines
    assert 'tenure_webhook_active{webhook="1"} 1.0' in lines


def test_compiled_queries_and_fallbacks_are_counted(served: Served) -> None:
    for document in (
        "{ accounts { totalCount } }",
        "{ settings { timeZone } }",
        "{ viewer { name } }",
    ):
        headers = {"authorization": f"Bearer {served.token}"}
        served.client.post("/graphql", json={"query": document}, headers=headers)
    lines = served.client.get("/metrics").text.splitlines()
    assert "tenure_graphql_compiled_total 2.0" in lines
    assert 'tenure_graphql_fallback_total{reason="resolver"} 1.0' in lines


def test_without_its_broker_a_server_is_ready_and_says_so(serve: Serve) -> None:
    """It can answer all the same, and what is due is a row in the database."""
    with serve(broker_url="redis://127.0.0.1:1") as served:
        until(lambda: served.client.get("/readyz").json()["problems"])
        answer = served.client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert [problem.partition(": ")[0] for problem in answer.json()["problems"]] == [
        "The broker cannot be reached"
    ]


def test_a_broker_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="TENURE_BROKER_URL must be redis://"):
        Settings(
            _env_file=None,
            database_url=f"sqlite:///{tmp_path}/x.db",
            broker_url="kafka://127.0.0.1",
        )
