"""Concurrent requests to a gateway, in a way that charges nobody twice (rules 7.3)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest

# The number of payments in flight at the gateway.
MAX_CONCURRENT_REQUESTS = 10

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A PENDING payment.

    `is_new`: not sent before. `is_wanted`: its bill still has that open amount.
    """

    payment_id: int
    account_id: int
    request: PaymentRequest
    is_new: bool
    is_wanted: bool = True


async def gateway_answers(
    gateway: Gateway, attempts: Sequence[Attempt]
) -> dict[int, GatewayAnswer | None]:
    """The gateway's answer to each payment; None for an unknown payment that is not wanted any
    more.

    A payment that may have been sent before is looked up first, and charged only if the gateway
    does not know it, under the same key. Do not call this in a transaction: an answer may take
    long.
    """
    turns = asyncio.Semaphore(MAX_CONCURRENT_REQUESTS)

    async def answer(attempt: Attempt) -> GatewayAnswer | None:
        async with turns:
            try:
                return await _answer(gateway, attempt)
            except Exception:
                log.exception("the payment gateway failed", key=attempt.request.key)
                return GatewayAnswer(PaymentOutcome.NO_ANSWER)

    answers = await asyncio.gather(*(answer(attempt) for attempt in attempts))
    return {attempt.payment_id: found for attempt, found in zip(attempts, answers, strict=True)}


async def _answer(gateway: Gateway, attempt: Attempt) -> GatewayAnswer | None:
    known = None if attempt.is_new else await gateway.ask(attempt.request)
    if known is not None or not attempt.is_wanted:
        return known
    return await gateway.charge(attempt.request)
