"""The last steps of the bill day: collecting payments, reviewing overdue accounts (rules 7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from tenure.batch.runs import Run, run_chunks
from tenure.batch.steps import BILL_DAY_ACTOR, Step, StepResult, quarantine_reason
from tenure.batch.totals import of_payments
from tenure.kernel.unit import Unit
from tenure.payments.gateways import gateway
from tenure.payments.gateways.requests import Attempt, gateway_answers
from tenure.policies.rules import Gateway
from tenure.receivables.collection.actions import claim_payments, settle_payments
from tenure.receivables.collection.rules import Answers
from tenure.receivables.overdue.actions import review_overdue
from tenure.receivables.overdue.queries import FailedDebtor, failed_debtors

# Payments, or accounts, per transaction.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class PaymentClaim:
    """PENDING payments to send to the gateway, and its answers by payment id."""

    attempts: Sequence[Attempt]
    answers: Answers = field(default_factory=dict)

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the payments."""
        return [attempt.payment_id for attempt in self.attempts]


class PaymentsStep(Step[PaymentClaim]):
    """Collects payments. Each chunk asks the gateway between two transactions.

    If the answers of a chunk cannot be recorded as a set, each payment gets a unit of its own.
    """

    name = "payments"
    actor = BILL_DAY_ACTOR
    is_concurrent = False
    commits_claim = True

    def __init__(self, run: Run, on: date, opened: Gateway) -> None:
        self.run = run
        self.on = on
        self.gateway = opened
        self.chunk_size = CHUNK

    async def claim(self, unit: Unit, limit: int, after: int) -> PaymentClaim:
        """Makes the next payments PENDING; none of quarantined accounts."""
        quarantined = await self.run.quarantined(unit)
        return PaymentClaim(
            await claim_payments(unit, self.on, limit=limit, quarantined=quarantined)
        )

    async def send(self, claim: PaymentClaim) -> PaymentClaim:
        """The claim with the answers of the gateway."""
        return replace(claim, answers=await gateway_answers(self.gateway, claim.attempts))

    def split(self, claim: PaymentClaim) -> Sequence[PaymentClaim]:
        """The payments one by one."""
        return [PaymentClaim([attempt], claim.answers) for attempt in claim.attempts]

    async def apply(self, unit: Unit, claim: PaymentClaim) -> StepResult:
        """Records the answers."""
        answers = {payment_id: claim.answers[payment_id] for payment_id in claim.ids}
        refused, settled = await settle_payments(unit, self.on, answers)
        return StepResult(
            len(claim.ids) - len(refused),
            quarantined=refused,
            totals=of_payments(settled) if settled else None,
        )

    async def fail(self, unit: Unit, claim: PaymentClaim, fault: Exception) -> StepResult:
        """Quarantines the account. Its payment stays PENDING, and the next run looks it up."""
        reason = quarantine_reason(fault)
        return StepResult(quarantined={it.account_id: reason for it in claim.attempts})


@dataclass(frozen=True, slots=True)
class DebtorClaim:
    """Locked overdue accounts whose last payment failed."""

    debtors: Sequence[FailedDebtor]

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the accounts."""
        return [debtor.account_id for debtor in self.debtors]


class OverdueStep(Step[DebtorClaim]):
    """Reviews accounts that are past due, in the order of their ids."""

    name = "overdue accounts"
    actor = BILL_DAY_ACTOR
    is_concurrent = False

    def __init__(self, on: date) -> None:
        self.on = on
        self.chunk_size = CHUNK

    async def claim(self, unit: Unit, limit: int, after: int) -> DebtorClaim:
        """Locks the next overdue accounts."""
        return DebtorClaim(await failed_debtors(unit, self.on, after=after, limit=limit))

    async def apply(self, unit: Unit, claim: DebtorClaim) -> StepResult:
        """Asks the policy about each account."""
        refused = await review_overdue(unit, self.on, claim.debtors)
        return StepResult(len(claim.ids) - len(refused), quarantined=refused)

    async def fail(self, unit: Unit, claim: DebtorClaim, fault: Exception) -> StepResult:
        """Quarantines the account."""
        return StepResult(quarantined=dict.fromkeys(claim.ids, quarantine_reason(fault)))


async def collect_payments(run: Run, on: date) -> None:
    """Collects all payments that are due on this date."""
    if await run.begin(PaymentsStep.name, _count_unknown):
        async with gateway(run.runtime.gateway) as opened:
            await run_chunks(run, PaymentsStep(run, on, opened))


async def review_overdue_accounts(run: Run, on: date) -> None:
    """Reviews all overdue accounts on this date."""
    if await run.begin(OverdueStep.name, _count_unknown):
        await run_chunks(run, OverdueStep(on))


async def _count_unknown(_: AsyncSession) -> int:
    """The amount of work is not known in advance; the total grows with the counts."""
    return 0
