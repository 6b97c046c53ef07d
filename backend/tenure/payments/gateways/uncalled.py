"""The gateway of a dry run: it calls nobody, so the outcome of a charge is unknown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest

WORDS = "Dry run: the gateway was not called."


class UncalledGateway:
    """Answers without a call."""

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """NO_ANSWER: the payment would be pending until the gateway answers."""
        return GatewayAnswer(PaymentOutcome.NO_ANSWER, words=WORDS)

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """NO_ANSWER, as for a charge."""
        return GatewayAnswer(PaymentOutcome.NO_ANSWER, words=WORDS)

    async def check(self) -> None:
        """It needs no configuration."""


@asynccontextmanager
async def open_uncalled() -> AsyncIterator[Gateway]:
    """The gateway of a dry run."""
    yield UncalledGateway()
