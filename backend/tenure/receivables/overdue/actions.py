"""Reviewing overdue accounts whose last payment failed (rules 6.5, 7.3)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import structlog

from tenure.holds.models import Status
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.receivables.collection.actions import effect_of_failure
from tenure.receivables.collection.rules import (
    days_past_due,
    failure_reason,
)
from tenure.receivables.overdue.queries import FailedDebtor
from tenure.receivables.receipts.actions import hold_accounts_for_debt
from tenure.status.cascades.rules import HoldReason, Kind
from tenure.status.entities.queries import entity_facts

log = structlog.get_logger()


async def review_overdue(unit: Unit, on: date, debtors: Sequence[FailedDebtor]) -> dict[int, str]:
    """Asks the policy again about these locked accounts: more days have passed.

    Returns the refused accounts with the reason.
    """
    account_facts = await entity_facts(
        unit.session, Kind.ACCOUNT, [debtor.account_id for debtor in debtors]
    )
    quarantined: dict[int, str] = {}
    wanted: dict[Status, dict[int, HoldReason]] = defaultdict(dict)
    for account_id, payment, due_on in debtors:
        days = days_past_due(due_on, on)
        try:
            effect = effect_of_failure(unit, account_facts[account_id].account, payment, days)
        except TenureError as refusal:
            quarantined[account_id] = refusal.message
            continue
        if effect is not None:
            payment.held = True
            reason = f"{days} days past due, and the last payment failed: {failure_reason(payment)}"
            wanted[effect][account_id] = HoldReason(reason, payment.event_id)
    await unit.session.flush()
    for effect, accounts in wanted.items():
        await hold_accounts_for_debt(unit, effect, accounts)
    return quarantined
