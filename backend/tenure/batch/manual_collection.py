"""Sends one payment to the gateway at once (rules 7.3).

As on the bill day, the gateway is asked between two transactions: the first made the PENDING
payment (`claim_payment`), the second records the answer. A process that dies in between leaves it
to the next bill day.
"""

from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.gateways.requests import Attempt, gateway_answers
from tenure.policies.rules import Gateway
from tenure.receivables.collection.actions import settle_payments


async def send_payment(runtime: Runtime, actor: Actor, gateway: Gateway, attempt: Attempt) -> None:
    """Charge a PENDING payment whose transaction has been committed, and record the answer."""
    answers = await gateway_answers(gateway, [attempt])

    async def settle(unit: Unit) -> None:
        await settle_payments(unit, unit.today, answers)

    await runtime.run_in_unit(actor, settle)
