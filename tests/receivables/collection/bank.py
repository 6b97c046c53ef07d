"""A gateway that keeps books, and the collections of a bill day that asks it."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenure.kernel.settings import GatewaySettings
from tenure.kernel.unit import Runtime, Unit
from tenure.policies import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest
from tenure.receivables.collection import actions
from tenure.receivables.collection.actions import collect_chunk
from tenure.receivables.overdue.actions import review_overdue_chunk
from tenure.receivables.runs.actions import CollectionResult
from tests.conftest import ANA, set_clock
from tests.receivables.receipts.bills import DECEMBER, noon

RUN = 1


class Killed(BaseException):
    """The process dies here."""


class Bank:
    """Takes money once for a key, whoever asks again. It may be silent: then it has done its work, and nobody hears of it."""

    def __init__(self) -> None:
        self.outcomes: dict[str, PaymentOutcome] = {}
        self.answered: dict[str, GatewayAnswer] = {}
        self.taken: list[tuple[str, Decimal]] = []
        self.calls: list[str] = []
        self.is_silent = False
        self.dies = ""

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """As the token's outcome says; a success where it says nothing."""
        self.calls.append(f"charge {request.key}")
        self._may_die("before the gateway has heard of it")
        if request.key not in self.answered:
            outcome = self.outcomes.get(request.token, PaymentOutcome.SUCCEEDED)
            self.answered[request.key] = GatewayAnswer(outcome, f"bank-{len(self.answered) + 1}")
            if outcome is PaymentOutcome.SUCCEEDED:
                self.taken.append((request.key, request.amount))
        self._may_die("after the gateway has taken the money")
        return (
            GatewayAnswer(PaymentOutcome.NO_ANSWER)
            if self.is_silent
            else self.answered[request.key]
        )

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """What is in its books."""
        self.calls.append(f"ask {request.key}")
        return (
            GatewayAnswer(PaymentOutcome.NO_ANSWER)
            if self.is_silent
            else self.answered.get(request.key)
        )

    async def check(self) -> None:
        """It is open."""

    def _may_die(self, where: str) -> None:
        if self.dies == where:
            raise Killed(where)


def opened(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The bank, which is the gateway from now on."""
    bank = Bank()

    @asynccontextmanager
    async def gateway(settings: GatewaySettings) -> AsyncIterator[Gateway]:
        yield bank

    monkeypatch.setattr(actions, "gateway", gateway)
    return bank


async def collect(
    runtime: Runtime, on: date, *, limit: int = 100, quarantined: Collection[int] = ()
) -> dict[int, str]:
    """The payments of a bill day, all of them, at its noon; answers with who was set aside and why."""
    await set_clock(runtime, noon(on))
    refused: dict[int, str] = {}
    while True:
        left_out = {*quarantined, *refused}
        chunk = await collect_chunk(
            runtime, ANA, RUN, on, limit=limit, record_result=told_nobody, quarantined=left_out
        )
        if chunk.is_last:
            return refused
        refused |= chunk.quarantined


async def look(runtime: Runtime, on: date, *, limit: int = 100) -> dict[int, str]:
    """The overdue accounts of a bill day, all of them, at its noon; answers with who was set aside and why."""
    await set_clock(runtime, noon(on))
    refused: dict[int, str] = {}
    chunk = CollectionResult()
    while True:
        chunk = await review_overdue_chunk(
            runtime, ANA, RUN, on, limit=limit, record_result=told_nobody, after=chunk.last
        )
        if chunk.is_last:
            return refused
        refused |= chunk.quarantined


async def days(runtime: Runtime, *after: int) -> None:
    """Both steps, so many days after the 1st of December."""
    for on in (DECEMBER + timedelta(days=number) for number in after):
        await collect(runtime, on)
        await look(runtime, on)


async def told_nobody(unit: Unit, chunk: CollectionResult) -> None:
    """Nobody counts."""
