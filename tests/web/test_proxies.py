"""Whom the headers of proxies are believed from (TENURE_TRUSTED_PROXIES)."""

from typing import Any

import pytest
from pydantic import ValidationError
from starlette.applications import Starlette

from tenure.cli.serving import uvicorn_config
from tenure.kernel.networks import networks
from tenure.kernel.settings import Settings
from tenure.web.connections import Limits
from tests.web.conftest import EMAIL, PASSWORD, Serve, Served


def signed_in(served: Served, forwarded: str) -> tuple[int, bool]:
    """The status, and whether the cookie is Secure, of a sign-in with these headers."""
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    answer = served.client.post(
        "/auth/sign-in", json={"email": EMAIL, "password": PASSWORD}, headers=headers
    )
    return answer.status_code, "; Secure" in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("proxy", ["127.0.0.1", "10.1.2.3", "::1"])
def test_nobody_is_believed_by_default(serve: Serve, proxy: str) -> None:
    """Not even this machine."""
    with serve() as served, served.at_address(proxy) as it:
        assert [it.sign_in("wrong") for _ in range(10)] == [401] * 10
        assert signed_in(it, "203.0.113.5") == (429, False)
    with serve() as served, served.at_address("198.51.100.1") as it:
        assert signed_in(it, "203.0.113.5") == (200, False)


def test_a_trusted_proxy_names_the_client(serve: Serve) -> None:
    """The last address that is no trusted proxy, whatever a client put before it."""
    with (
        serve(trusted_proxies="10.0.0.0/8, fd00::/8") as served,
        served.at_address("10.1.2.3") as it,
    ):
        forged = {"X-Forwarded-For": "203.0.113.77, 198.51.100.9, fd00::7"}
        wrong = {"email": EMAIL, "password": "wrong"}
        answers = [
            it.client.post("/auth/sign-in", json=wrong, headers=forged).status_code
            for _ in range(10)
        ]
        assert answers == [401] * 10
        assert signed_in(it, "198.51.100.9") == (429, False)
        assert signed_in(it, "203.0.113.77") == (200, True)


@pytest.mark.parametrize(
    "value", ["*", "proxy.example.com", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/8 fd00::/8"]
)
def test_what_is_no_network_is_refused(value: str) -> None:
    with pytest.raises(
        ValidationError, match="it must be networks or addresses, separated by commas"
    ):
        Settings(_env_file=None, trusted_proxies=value)  # type: ignore[call-arg]


def test_a_trusted_proxy_may_hold_many_connections() -> None:
    """It holds them for others; the limit by address is for clients."""
    limits = Limits(connections_per_address=1)
    config: Any = uvicorn_config(Starlette(), limits, networks("10.0.0.0/8, fd00::1"))
    opened = config.http.keywords["open_connections"]
    addresses = ("10.1.2.3", "10.1.2.3", "fd00::1", "fd00::1", "192.0.2.1", "192.0.2.1", "unix")
    assert [opened.add(address) for address in addresses] == [True] * 5 + [False, True]
