"""Bill units and their payers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit
from tenure.hierarchy.payers.rules import PaidBillUnit
from tenure.holds.models import Status
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import NO_KEY_UPDATE, for_no_key_update
from tenure.kernel.unit import Unit
from tenure.settings.models import BusinessRow


@dataclass(frozen=True, slots=True)
class EffectivePayer:
    """A paying bill unit, and the status of its account."""

    bill_unit: BillUnit
    account_status: Status


async def lock_hierarchy(unit: Unit) -> None:
    """Locks the payers and parents of all accounts until the unit ends.

    Two valid changes at once could together form a cycle, or a paying parent that is nonpaying.
    """
    await unit.session.execute(for_no_key_update(select(BusinessRow.id)))


async def bill_unit_by_id(unit: Unit, bill_unit_id: int, *, path: str) -> BillUnit:
    """The bill unit. Raises NOT_FOUND."""
    bill_unit = await unit.session.get(BillUnit, bill_unit_id, populate_existing=True)
    if bill_unit is None:
        raise NotFoundError("bill unit", (path,))
    return bill_unit


async def effective_payer(unit: Unit, bill_unit: BillUnit) -> EffectivePayer:
    """The bill unit where it is paying, else its payer (rules 5.2). Locks the payer's account."""
    paying = bill_unit
    if bill_unit.paying_parent_id is not None:
        paying = await bill_unit_by_id(unit, bill_unit.paying_parent_id, path="paying_parent_id")
    account = await unit.session.get(
        Account, paying.account_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    assert account is not None
    return EffectivePayer(paying, account.status)


async def bill_units_of(unit: Unit, account_ids: Sequence[int]) -> Sequence[BillUnit]:
    """All bill units of these accounts, by id."""
    statement = (
        select(BillUnit).where(in_ids(BillUnit.account_id, account_ids)).order_by(BillUnit.id)
    )
    return (
        (await unit.session.execute(statement.execution_options(populate_existing=True)))
        .scalars()
        .all()
    )


async def paid_bill_units(unit: Unit, condition: ColumnElement[bool]) -> Sequence[PaidBillUnit]:
    """The bill units with this condition, by id, each with the account that pays for it."""
    payer = aliased(BillUnit)
    payer_account = func.coalesce(payer.account_id, BillUnit.account_id)
    rows = select(BillUnit.id, BillUnit.account_id, payer_account, BillUnit.currency)
    joined = rows.outerjoin(payer, payer.id == BillUnit.paying_parent_id).where(condition)
    found = await unit.session.execute(joined.order_by(BillUnit.id))
    return [PaidBillUnit(*row) for row in found]
