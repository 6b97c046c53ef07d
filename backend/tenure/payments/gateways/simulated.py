"""The gateway for demonstrations and tests: it takes no money, and answers by the token alone (rules 7.2).

So it answers the same however often, and after whatever crash, it is asked. What got no answer turns out to have succeeded
when somebody asks what became of it. A token that it does not know fails its validation.
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


class Simulated:
    """Remembers nothing: there is nothing to remember."""

    async def charge(self, request: PaymentRequest) -> GatewayAnswer:
        """As the token says."""
        return GatewayAnswer(OUTCOMES.get(request.token, PaymentOutcome.VALIDATION_FAILED))

    async def ask(self, request: PaymentRequest) -> GatewayAnswer | None:
        """As the token says; no answer was a success."""
        answer = await self.charge(request)
        return (
            GatewayAnswer(PaymentOutcome.SUCCEEDED)
            if answer.outcome is PaymentOutcome.NO_ANSWER
            else answer
        )

    async def check(self) -> None:
        """It always works."""


@asynccontextmanager
async def open_simulated(settings: GatewaySettings) -> AsyncIterator[Gateway]:  # noqa: ARG001 - there is nothing to set
    """There is nothing to open."""
    yield Simulated()
