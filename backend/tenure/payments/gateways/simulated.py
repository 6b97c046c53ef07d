"""A gateway for demonstrations and tests. It takes no money, and answers by the token alone (rules
7.2).

The answer is the same however often it is asked, also after a crash. A payment without an answer is
found to have succeeded when it is looked up. An unknown token fails its validation.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tenure.kernel.settings import GatewaySettings
from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest

OUTCOMES = {
    "tok_ok": PaymentOutcome.SUCCEEDED,
    "tok_invalid_card": PaymentOutcome.INVALID_CARD,
    "tok_expired": PaymentOutcome.EXPIRED,
    "tok_insufficient_funds": PaymentOutcome.INSUFFICIENT_FUNDS,
    "tok_validation_failed": PaymentOutcome.VALIDATION_FAILED,
    "tok_no_answer": PaymentOutcome.NO_ANSWER,
}


class SimulatedGateway:
    """Keeps no state."""

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """The outcome of the token."""
        return GatewayAnswer(OUTCOMES.get(request.token, PaymentOutcome.VALIDATION_FAILED))

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """The outcome of the token; no answer counts as success."""
        answer = await self.charge(request)
        return (
            GatewayAnswer(PaymentOutcome.SUCCEEDED)
            if answer.outcome is PaymentOutcome.NO_ANSWER
            else answer
        )

    async def check(self) -> None:
        """Always works."""


@asynccontextmanager
async def open_simulated(settings: GatewaySettings) -> AsyncIterator[Gateway]:  # noqa: ARG001
    """Nothing has to be opened."""
    yield SimulatedGateway()
