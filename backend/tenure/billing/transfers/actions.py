"""Using an account's own credit before its charges are transferred to its payer (rules 5.3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, update

from tenure.billing.bills.actions import NO_SESSION_SYNC, apply_bill_changes, post
from tenure.billing.bills.models import Allocation, BillItem
from tenure.billing.bills.rules import BillChange, Charge
from tenure.billing.credits.actions import (
    add_to_balances,
    credit_withdrawal,
    other_statement_changes,
)
from tenure.billing.credits.queries import (
    billed_credits,
)
from tenure.billing.transfers.queries import items_to_transfer
from tenure.billing.transfers.rules import (
    UsedCredit,
    credit_for_items,
    retained_credit_text,
    retained_credits,
)
from tenure.kernel.db import insert_rows
from tenure.kernel.money import Millionths
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit

DAY = timedelta(days=1)


async def use_credit_before_transfer(unit: Unit, items: Select[int], on: date) -> None:
    """Nonpaying accounts use their own credit for their charges; only the rest is transferred
    (rules 5.3).

    Payments are allocated to the payer's bill, which is not made yet. An adjustment that exceeds
    the charges is carried to the next bill. The caller has locked the accounts.
    """
    passing = await items_to_transfer(unit, items)
    if not passing:
        return
    charged = {item.account_id for item in passing if item.amount > 0}
    used = list(credit_for_items(passing, await billed_credits(unit, charged))) if charged else []
    if used:
        await _pay_items(unit, used)
    charges: list[Charge] = []
    for it in retained_credits(passing):
        description = retained_credit_text(it.amount, it.currency)
        taken = credit_withdrawal(
            unit,
            it.account_id,
            it.bill_unit_id,
            it.amount,
            currency=it.currency,
            description=description,
        )
        charges += [replace(taken, day=on - DAY), replace(taken, day=on, amount=-it.amount)]
    await post(unit, charges)


async def _pay_items(unit: Unit, used: Sequence[UsedCredit]) -> None:
    """Pay the payer's bill by these amounts, and reduce what is transferred of the items by the
    same.
    """
    await unit.session.execute(
        insert_rows(Allocation),
        [
            {
                "bill_id": it.item.bill_id,
                "event_id": it.credit.event_id,
                "from_bill_id": it.credit.from_bill_id,
            }
            | {"amount": it.amount}
            for it in used
        ],
    )
    changes: dict[int, Decimal] = defaultdict(Decimal)
    transferred: dict[int, Decimal] = defaultdict(Decimal)
    for it in used:
        changes[it.credit.bill_unit_id] += it.amount
        changes[it.item.bill_unit_id] -= it.amount
        transferred[it.item.id] += it.amount
    await add_to_balances(unit, changes)
    columns = {"id": BillItem.id.type, "amount": Millionths()}
    rows = [{"id": item_id, "amount": amount} for item_id, amount in transferred.items()]
    less = rows_as_table(unit.session, "less", columns, rows)
    passing = (
        update(BillItem)
        .where(BillItem.id == less.c.id)
        .values(transferred=BillItem.transferred + less.c.amount)
    )
    await unit.session.execute(passing, execution_options=NO_SESSION_SYNC)
    statements = await other_statement_changes(unit, [(it.credit, it.amount) for it in used])
    await apply_bill_changes(
        unit, [*statements, *(BillChange(it.item.bill_id, paid=-it.amount) for it in used)]
    )
