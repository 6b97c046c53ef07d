"""Asking a gateway about many payments, some at a time, so that nobody is charged twice (rules 7.3)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from tenure.policies.rules import Gateway, GatewayAnswer, PaymentOutcome, PaymentRequest

# How many payments a gateway is asked about at once.
AT_ONCE = 10

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment that is PENDING. `is_new`: nobody has asked before. `is_wanted`: its bill still owes as much."""

    payment_id: int
    account_id: int
    request: PaymentRequest
    is_new: bool
    is_wanted: bool = True


async def answers_to(
    gateway: Gateway, attempts: Sequence[Attempt]
) -> dict[int, GatewayAnswer | None]:
    """What the gateway says, by payment; None where it never heard of one that is not wanted any more.

    What may have been asked before is asked about first, and charged only where the gateway has never heard of it, under
    the same key. Not to be called in a transaction: an answer may take long.
    """
    turns = asyncio.Semaphore(AT_ONCE)

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
