"""A gateway that keeps books, and the collections of a bill day that asks it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenure.batch import receivables_steps
from tenure.batch.runs import Run
from tenure.batch.steps import StepResult
from tenure.graphql.mutations import payments
from tenure.kernel.settings import GatewaySettings
from tenure.kernel.unit import Runtime, Unit
from tenure.policies import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest
from tests.conftest import set_clock
from tests.receivables.receipts.bills import DECEMBER, noon

RUN = 1


class Killed(BaseException):
    """The process dies here."""


class Bank:
    """Takes money once for a key, whoever asks again. It may be silent: then it has done its work,
    and nobody hears of it. It answers after `seconds`.
    """

    def __init__(self) -> None:
        self.outcomes: dict[str, PaymentOutcome] = {}
        self.answered: dict[str, GatewayAnswer] = {}
        self.taken: list[tuple[str, Decimal]] = []
        self.calls: list[str] = []
        self.is_silent = False
        self.dies = ""
        self.seconds = 0.0

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """As the token's outcome says; a success where it says nothing."""
        self.calls.append(f"charge {request.key}")
        self._may_die("before the gateway has heard of it")
        if request.key not in self.answered:
            outcome = self.outcomes.get(request.token, PaymentOutcome.SUCCEEDED)
            self.answered[request.key] = GatewayAnswer(outcome, f"bank-{len(self.answered) + 1}")
            if outcome is PaymentOutcome.SUCCEEDED:
                self.taken.append((request.key, request.amount))
        await asyncio.sleep(self.seconds)
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

    monkeypatch.setattr(receivables_steps, "gateway", gateway)
    monkeypatch.setattr(payments, "gateway", gateway)
    return bank


@dataclass(slots=True)
class UncountedRun(Run):
    """A run without a row: its quarantined accounts, with the reason, are kept here."""

    reasons: dict[int, str] = field(default_factory=dict)

    async def begin(self, step: str, count: object) -> bool:
        """Begins every step."""
        return True

    async def is_live(self, unit: Unit) -> bool:
        """True from its date on."""
        self.require_begun(unit)
        return True

    async def quarantined(self, unit: Unit) -> Sequence[int]:
        """The accounts of this run."""
        return list(self.reasons)

    async def record(self, unit: Unit, step: str, result: StepResult) -> StepResult:
        """Keeps the quarantined accounts; counts nothing."""
        self.reasons |= result.quarantined
        return result


async def collect(
    runtime: Runtime, on: date, *, limit: int = 100, quarantined: Collection[int] = ()
) -> dict[int, str]:
    """Collects all payments of a bill day at its noon. Returns newly quarantined accounts."""
    await set_clock(runtime, noon(on))
    run = UncountedRun(runtime, RUN, on, None, reasons=dict.fromkeys(quarantined, ""))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receivables_steps, "CHUNK", limit)
        await receivables_steps.collect_payments(run, on)
    return {it: reason for it, reason in run.reasons.items() if it not in quarantined}


async def look(runtime: Runtime, on: date, *, limit: int = 100) -> dict[int, str]:
    """Reviews all overdue accounts of a bill day at its noon. Returns the quarantined accounts."""
    await set_clock(runtime, noon(on))
    run = UncountedRun(runtime, RUN, on, None)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receivables_steps, "CHUNK", limit)
        await receivables_steps.review_overdue_accounts(run, on)
    return run.reasons


async def days(runtime: Runtime, *after: int) -> None:
    """Both steps, so many days after the 1st of December."""
    for on in (DECEMBER + timedelta(days=number) for number in after):
        await collect(runtime, on)
        await look(runtime, on)
