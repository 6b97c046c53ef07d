"""Changes the payers of bill units, and the PARENT holds with them (rules 2.7, 5.2 to 5.4)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select, update

from tenure.accounts.actions import record_payers
from tenure.accounts.models import Account, BillUnit
from tenure.accounts.queries import (
    default_bill_unit,
    lock_account,
    locked_active_account,
)
from tenure.accounts.rules import checked_billing_day, next_bill_on
from tenure.billing.moves.actions import move_unbilled
from tenure.events.actions import record
from tenure.events.models import EventKind, EventOperation
from tenure.hierarchy.payers.queries import (
    EffectivePayer,
    bill_unit_by_id,
    effective_payer,
    lock_hierarchy,
    paid_bill_units,
)
from tenure.hierarchy.payers.rules import (
    PaidBillUnit,
    PayerOutcome,
    Reassignment,
    check_may_pay,
    payer_changes,
)
from tenure.holds.models import Cause
from tenure.kernel.actor import Role
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.text import LARGEST_NOTE, optional_text, required_text
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, Kind


async def add_bill_unit(
    unit: Unit,
    account_id: int,
    *,
    name: str,
    billing_day_of_month: int | None = None,
    paying_parent_id: int | None = None,
) -> BillUnit:
    """Adds a bill unit. Raises NOT_FOUND, NOT_ALLOWED, REQUIRED, OUT_OF_RANGE or INVALID."""
    unit.require(Role.AGENT)
    await lock_hierarchy(unit)
    account = await locked_active_account(unit, account_id)
    default = await default_bill_unit(unit, account.id)
    day = checked_billing_day(billing_day_of_month) or default.billing_day_of_month
    added = BillUnit(
        account_id=account.id,
        name=required_text(name, path="name"),
        is_default=False,
        currency=account.currency,
        billing_day_of_month=day,
        next_bill_on=next_bill_on(unit.today, day),
        created_at=unit.now,
    )
    unit.session.add(added)
    await unit.session.flush()
    description = f"Added bill unit {added.name}"
    details = {
        "operation": EventOperation.BILL_UNIT_ADDED,
        "billUnit": added.id,
        "billUnitName": added.name,
    }
    event_id = await record(
        unit, EventKind.ACCOUNT_CHANGE, account.id, description, details=details
    )
    if paying_parent_id is not None:
        parent = await bill_unit_by_id(unit, paying_parent_id, path="paying_parent_id")
        payer = await effective_payer(unit, parent)
        _check_same_day(billing_day_of_month, payer)
        await assign_payer(unit, payer, [added], path="paying_parent_id", event_id=event_id)
        await unit.session.refresh(added)
    return added


async def change_payer(
    unit: Unit,
    bill_unit_id: int,
    *,
    paying_parent_id: int | None,
    note: str | None = None,
    expected_version: int | None = None,
) -> PayerOutcome:
    """Sets the payer of a bill unit; with None it pays for itself.

    Raises NOT_FOUND, CONFLICT, CYCLE, INVALID or NOT_ALLOWED.
    """
    unit.require(Role.AGENT)
    checked_note = optional_text(note, path="note", longest=LARGEST_NOTE)
    await lock_hierarchy(unit)
    paid = await bill_unit_by_id(unit, bill_unit_id, path="bill_unit_id")
    account = await lock_account(unit, paid.account_id)
    check_version(paid.version, expected_version)
    payer = None
    if paying_parent_id == paid.id:
        message = "A bill unit can't be its own payer. Use null to make it pay for itself."
        raise TenureError(ErrorCode.CYCLE, message, ("paying_parent_id",))
    if paying_parent_id is not None:
        payer = await effective_payer(
            unit, await bill_unit_by_id(unit, paying_parent_id, path="paying_parent_id")
        )
        check_may_pay(payer.bill_unit, payer.account_status, paid, path="paying_parent_id")
    if (payer.bill_unit.id if payer else None) == paid.paying_parent_id:
        return PayerOutcome(paid)
    result = f"is paid by bill unit {payer.bill_unit.name}" if payer else "pays for itself"
    description = f"Bill unit {paid.name} of account {account.number} {result}"
    details = {
        "operation": EventOperation.PAYER_CHANGED,
        "billUnit": paid.id,
        "billUnitName": paid.name,
        "payingParent": payer and payer.bill_unit.id,
        "payingParentName": payer and payer.bill_unit.name,
        "note": checked_note,
    }
    event_id = await record(
        unit, EventKind.ACCOUNT_CHANGE, account.id, description, details=details
    )
    if payer is None:
        reassignment = await unassign_payer(unit, [paid], event_id=event_id)
    else:
        reassignment = await assign_payer(
            unit, payer, [paid], path="paying_parent_id", event_id=event_id
        )
    await unit.session.refresh(paid)
    return PayerOutcome(paid, reassignment)


async def assign_payer(
    unit: Unit, payer: EffectivePayer, paid: Sequence[BillUnit], *, path: str, event_id: int
) -> Reassignment:
    """Makes `payer` pay for these bill units and for those that they paid for (rules 5.2).

    They take over the payer's billing day.
    """
    for bill_unit in paid:
        check_may_pay(payer.bill_unit, payer.account_status, bill_unit, path=path)
    ids = [bill_unit.id for bill_unit in paid]
    transferred = in_ids(BillUnit.id, ids) | in_ids(BillUnit.paying_parent_id, ids)
    values = {
        "paying_parent_id": payer.bill_unit.id,
        "billing_day_of_month": payer.bill_unit.billing_day_of_month,
        "next_bill_on": payer.bill_unit.next_bill_on,
        # The cycles are now the payer's; the bill day determines again what is charged.
        "charged_until": None,
    }
    affected = await paid_bill_units(unit, transferred)
    moved, change_id = await _reassign(unit, affected, values, event_id=event_id)
    return Reassignment(payer_changes(affected, payer.bill_unit.account_id, moved), change_id)


async def unassign_payer(unit: Unit, paid: Sequence[BillUnit], *, event_id: int) -> Reassignment:
    """Makes these bill units pay for themselves.

    Bill units that they paid for before stay with their current payer (rules 5.2).
    """
    ids = [bill_unit.id for bill_unit in paid]
    affected = await paid_bill_units(unit, in_ids(BillUnit.id, ids))
    values = {"paying_parent_id": None}
    moved, change_id = await _reassign(unit, affected, values, event_id=event_id)
    return Reassignment(payer_changes(affected, None, moved), change_id)


async def _reassign(
    unit: Unit, affected: Sequence[PaidBillUnit], values: Mapping[str, object], *, event_id: int
) -> tuple[dict[int, Decimal], int]:
    """Sets the new values of bill units, moves their unbilled charges, and refreshes their holds.

    Returns the moved amounts, and the id of the status change.
    """
    account_ids = {bill_unit.account_id for bill_unit in affected}
    await _lock(unit, account_ids)
    ids = [bill_unit.id for bill_unit in affected]
    await unit.session.execute(
        update(BillUnit)
        .where(in_ids(BillUnit.id, ids))
        .values(**values, version=BillUnit.version + 1),
        execution_options={"synchronize_session": False},
    )
    await record_payers(unit, ids)
    moved = await move_unbilled(unit, ids)
    change_id = await refresh_parent_holds(unit, account_ids, event_id=event_id)
    return moved, change_id


async def refresh_parent_holds(
    unit: Unit, account_ids: Iterable[int], *, event_id: int | None = None
) -> int:
    """Recomputes the PARENT holds of these accounts and of all that they pay for (rules 2.6).

    Returns the id of the status change.
    """
    context = EventContext(Cause.PARENT, unit.now, followed_id=event_id)
    return await apply(unit, HoldChange(Kind.ACCOUNT, sorted(account_ids)), context)


async def _lock(unit: Unit, account_ids: Collection[int]) -> None:
    rows = select(Account.id).where(in_ids(Account.id, account_ids)).order_by(Account.id)
    await unit.session.execute(for_no_key_update(rows))


def _check_same_day(billing_day_of_month: int | None, payer: EffectivePayer) -> None:
    day = payer.bill_unit.billing_day_of_month
    if billing_day_of_month not in (None, day):
        message = f"The billing day must be the payer's, which is {day}."
        raise TenureError(ErrorCode.INVALID, message, ("billing_day_of_month",))
