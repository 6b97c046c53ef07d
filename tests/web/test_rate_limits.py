"""Rate limits and time limits of a running application, as the operator has set them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tenure.kernel.errors import ConfigurationError
from tenure.web.pages import DIST
from tests.web.conftest import Serve, Served

VIEWER = "{ viewer { name } }"


def ask(served: Served, query: str = VIEWER) -> Any:
    """The response to a query of the token."""
    headers = {"authorization": f"Bearer {served.token}"}
    return served.client.post("/graphql", json={"query": query}, headers=headers)


def test_the_defaults(served: Served) -> None:
    assert ask(served).json()["extensions"] == {
        "cost": {"requested": 1, "limit": 50_000, "remaining": 49_999, "restoreRate": 1000.0}
    }


def test_users_and_tokens_have_buckets_of_their_own(serve: Serve) -> None:
    with serve(rate_limit_points="2", rate_limit_restore="0.01") as served:
        assert [ask(served).status_code for _ in range(3)] == [200, 200, 429]
        served.sign_in()
        assert served.client.post("/graphql", json={"query": VIEWER}).status_code == 200
        metrics = served.client.get("/metrics").text
    assert "tenure_rate_limited_total 1.0" in metrics
    assert "tenure_rate_limit_unavailable_total 0.0" in metrics


def test_without_limits(serve: Serve) -> None:
    with serve(rate_limit_points="0") as served:
        assert ask(served).json()["extensions"] == {
            "cost": {"requested": 1, "limit": None, "remaining": None, "restoreRate": None}
        }


def test_the_time_limit_is_that_of_the_settings(serve: Serve) -> None:
    with serve(operation_timeout="0.000001") as served:
        answer = ask(served, "{ accounts { nodes { id } } }")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (
        504,
        {"code": "TIMEOUT"},
    )


def test_only_registered_operations_and_those_of_the_page(serve: Serve, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"mine": "{ clock { isSet } }"}')
    with serve(operations=str(manifest)) as served:
        mine, other = ask(served, "{ clock { isSet } }"), ask(served)
        assert mine.json()["data"] == {"clock": {"isSet": False}}
        assert other.json()["errors"][0]["extensions"] == {"code": "OPERATION_NOT_REGISTERED"}
        page = DIST / "operations.json"
        texts = json.loads(page.read_text()).values() if page.exists() else ()
        for text in [it for it in texts if it.startswith("query Viewer")]:
            assert "data" in ask(served, text).json()


def test_a_manifest_that_cannot_be_read(serve: Serve) -> None:
    with pytest.raises(ConfigurationError, match="TENURE_OPERATIONS"), serve(operations="none"):
        pass
