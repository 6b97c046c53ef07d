"""Rules 7.2 and 9: which gateway it is, the simulated one, one of a plug-in, and asking about many
payments.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

import tenure.payments.gateways
from tenure.cli.checks import findings
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.settings import GatewaySettings, Settings
from tenure.payments.gateways import gateway
from tenure.payments.gateways.requests import MAX_CONCURRENT_REQUESTS, Attempt, gateway_answers
from tenure.policies import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest, policy
from tenure.policies.queries import with_plugins

OUT = PaymentOutcome
SUCCEEDED = GatewayAnswer(OUT.SUCCEEDED, "42")


def request(token: str, key: str = "B-1/1") -> PaymentRequest:
    """25.00 USD."""
    return PaymentRequest(key, token, Decimal(25), "USD")


class Mine:
    """A gateway that a plug-in brings: it remembers what it was asked, and knows some keys."""

    def __init__(self, **known: GatewayAnswer) -> None:
        self.known = known
        self.calls: list[str] = []
        self.running = self.most_running = 0

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """Takes the money."""
        self.calls.append(f"charge {request.key}")
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        if request.token == "broken":
            raise RuntimeError("a bug")
        return SUCCEEDED

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """What it knows."""
        self.calls.append(f"ask {request.key}")
        return self.known.get(request.key)

    async def check(self) -> None:
        """Works."""


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mine]:
    """A plug-in that knows the gateway `mine`, and one whose answer makes no sense."""
    brought = Mine()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Gateway]:
        yield brought

    def payment_gateway(settings: GatewaySettings) -> AbstractAsyncContextManager[Gateway] | object:
        if settings.name == "raises":
            raise ValueError("no certificate")
        return {"mine": opened(), "nonsense": 1}.get(settings.name)

    plugins = with_plugins(SimpleNamespace(payment_gateway=policy(payment_gateway)))
    monkeypatch.setattr(tenure.payments.gateways, "installed", lambda: plugins)
    return brought


@pytest.mark.parametrize(
    ("token", "charged", "asked"),
    [
        ("tok_ok", OUT.SUCCEEDED, OUT.SUCCEEDED),
        ("tok_invalid_card", OUT.INVALID_CARD, OUT.INVALID_CARD),
        ("tok_expired", OUT.EXPIRED, OUT.EXPIRED),
        ("tok_insufficient_funds", OUT.INSUFFICIENT_FUNDS, OUT.INSUFFICIENT_FUNDS),
        ("tok_validation_failed", OUT.VALIDATION_FAILED, OUT.VALIDATION_FAILED),
        ("tok_no_answer", OUT.NO_ANSWER, OUT.SUCCEEDED),
        ("pm_of_another_gateway", OUT.VALIDATION_FAILED, OUT.VALIDATION_FAILED),
    ],
)
async def test_simulated_answers_by_token(
    token: str, charged: PaymentOutcome, asked: PaymentOutcome
) -> None:
    """Rules 7.2: the same again and again; what got no answer turns out to have succeeded."""
    async with gateway(GatewaySettings()) as simulated:
        await simulated.check()
        assert [(await simulated.charge(request(token))).outcome for _ in range(2)] == [
            charged,
            charged,
        ]
        answer = await simulated.ask(request(token))
    assert answer is not None
    assert answer.outcome is asked


async def test_gateway_of_a_plugin(mine: Mine) -> None:
    """Rules 9: TENURE_GATEWAY may name one that an installed package brings."""
    async with gateway(GatewaySettings("mine")) as opened:
        assert opened is mine
    async with gateway(GatewaySettings("simulated")) as opened:
        assert opened is not mine
    with pytest.raises(ConfigurationError, match="raises cannot be opened: no certificate"):
        gateway(GatewaySettings("raises"))
    with pytest.raises(ConfigurationError, match="is no asynchronous context manager"):
        gateway(GatewaySettings("nonsense"))


def test_name_that_nobody_knows() -> None:
    """Said at once, with what there is."""
    with pytest.raises(
        ConfigurationError,
        match=r"TENURE_GATEWAY is strype: it must be simulated or stripe, or a plug-in's\.",
    ):
        gateway(GatewaySettings("strype"))


@pytest.mark.parametrize(
    ("settings", "good", "words"),
    [
        ({}, True, "simulated: no money is charged"),
        ({"gateway": "strype"}, False, "TENURE_GATEWAY is strype"),
        ({"gateway": "stripe"}, False, "TENURE_GATEWAY_KEY must be set"),
    ],
)
async def test_tenure_check(
    database_url: str, settings: dict[str, str], good: bool, words: str
) -> None:
    """A line of its own."""
    required: dict[str, Any] = {"database_url": database_url, "secret_key": "x" * 32}
    found = await findings(Settings(**required | settings))
    [line] = [it for it in found if it.subject == "gateway"]
    assert (line.is_ok, line.message[: len(words)]) == (good, words)


def test_the_key_is_not_shown() -> None:
    """Neither in a log nor in a traceback."""
    settings = Settings(gateway_key="sk_live_secret")
    assert "sk_live" not in f"{settings!r} {settings.payment_gateway!r}"


async def test_who_may_have_been_asked_is_asked_about_first() -> None:
    """Rules 7.3: what the gateway has heard of is not charged again; what is not wanted any more is
    not charged at all.
    """
    mine = Mine(known=GatewayAnswer(OUT.EXPIRED))
    attempts = [
        Attempt(1, 1, request("t", "new"), is_new=True),
        Attempt(2, 1, request("t", "known"), is_new=False),
        Attempt(3, 1, request("t", "lost"), is_new=False),
        Attempt(4, 1, request("t", "paid since"), is_new=False, is_wanted=False),
    ]
    answers = await gateway_answers(mine, attempts)
    assert answers == {1: SUCCEEDED, 2: GatewayAnswer(OUT.EXPIRED), 3: SUCCEEDED, 4: None}
    assert sorted(mine.calls) == [
        "ask known",
        "ask lost",
        "ask paid since",
        "charge lost",
        "charge new",
    ]


async def test_some_at_a_time() -> None:
    """A gateway limits how often it may be asked."""
    mine = Mine()
    await gateway_answers(
        mine,
        [
            Attempt(n, 1, request("t", str(n)), is_new=True)
            for n in range(5 * MAX_CONCURRENT_REQUESTS)
        ],
    )
    assert mine.most_running == MAX_CONCURRENT_REQUESTS


async def test_gateway_that_raises() -> None:
    """It may have taken the money: no answer, and the others go on."""
    attempts = [
        Attempt(1, 1, request("broken"), is_new=True),
        Attempt(2, 1, request("t"), is_new=True),
    ]
    assert await gateway_answers(Mine(), attempts) == {
        1: GatewayAnswer(OUT.NO_ANSWER),
        2: SUCCEEDED,
    }
