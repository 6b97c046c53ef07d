"""Adds an account to a hierarchy, moves it or removes it, now or later (rules 5)."""

from datetime import datetime

from sqlalchemy import insert, literal, select, update

from tenure.accounts.actions import mark_roots
from tenure.accounts.models import Account
from tenure.accounts.queries import default_bill_unit, locked_account
from tenure.deferred.scheduling.actions import schedule
from tenure.events.actions import record
from tenure.events.models import Event, EventKind, EventOperation
from tenure.hierarchy.parents.queries import ancestors, has_children, paid_by_parent
from tenure.hierarchy.parents.rules import (
    MoveOutcome,
    check_no_cycle,
    deferred_kind,
    move_description,
)
from tenure.hierarchy.payers.actions import assign_payer, unassign_payer
from tenure.hierarchy.payers.queries import (
    EffectivePayer,
    bill_units_of,
    effective_payer,
    lock_hierarchy,
)
from tenure.hierarchy.payers.rules import check_may_pay
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.db import Instant
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.text import LARGEST_NOTE, optional_text
from tenure.kernel.unit import Unit


async def change_parent(
    unit: Unit,
    account_id: int,
    *,
    parent_id: int | None,
    parent_pays: bool = False,
    children_stay: bool = False,
    note: str | None = None,
    defer_until: datetime | None = None,
    expected_version: int | None = None,
) -> MoveOutcome:
    """Moves the account below `parent_id`, or with None out of its hierarchy; or schedules that.

    Raises NOT_FOUND, CONFLICT, CYCLE, INVALID, NOT_ALLOWED or OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    checked_note = optional_text(note, path="note", longest=LARGEST_NOTE)
    if defer_until is None:
        await lock_hierarchy(unit)
    account = await locked_account(unit, account_id, expected_version=expected_version)
    parent = await _new_parent(unit, account, parent_id, children_stay=children_stay)
    payer = await _payer(unit, account, parent, parent_pays=parent_pays)
    if defer_until is None:
        return await _move(
            unit, account, parent, payer, children_stay=children_stay, note=checked_note
        )
    if account.status is Status.CLOSED:
        message = (
            f"Account {account.number} is closed. Changes can't be scheduled for it. "
            "Move it now, or reopen it first."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("defer_until",))
    action_id = await schedule(
        unit,
        scheduled_for=defer_until,
        path="defer_until",
        note=checked_note,
        kind=deferred_kind(account.parent_id, parent_id),
        account_id=account.id,
        new_parent_id=parent_id,
        parent_pays=parent_pays,
        children_stay=children_stay,
        summary=f"Move {move_description(account, parent, parent_pays=parent_pays)}",
    )
    return MoveOutcome(action_id)


async def _new_parent(
    unit: Unit, account: Account, parent_id: int | None, *, children_stay: bool
) -> Account | None:
    if parent_id is None:
        return None
    parent = await unit.session.get(Account, parent_id, populate_existing=True)
    if parent is None:
        raise NotFoundError("account", ("parent_id",))
    check_no_cycle(
        account.id, await ancestors(unit, parent_id), parent_id, children_stay=children_stay
    )
    return parent


async def _payer(
    unit: Unit, account: Account, parent: Account | None, *, parent_pays: bool
) -> EffectivePayer | None:
    """The new payer, checked against every bill unit of the account."""
    if not parent_pays:
        return None
    if parent is None:
        message = "parentPays needs a parent."
        raise TenureError(ErrorCode.INVALID, message, ("parent_pays",))
    if parent.status is Status.CLOSED:
        raise TenureError(ErrorCode.NOT_ALLOWED, "The paying account is closed.", ("parent_id",))
    payer = await effective_payer(unit, await default_bill_unit(unit, parent.id))
    for bill_unit in await bill_units_of(unit, [account.id]):
        check_may_pay(payer.bill_unit, payer.account_status, bill_unit, path="parent_id")
    return payer


async def _move(
    unit: Unit,
    account: Account,
    parent: Account | None,
    payer: EffectivePayer | None,
    *,
    children_stay: bool,
    note: str | None,
) -> MoveOutcome:
    former_id = account.parent_id
    parent_id = parent.id if parent else None
    freed = [] if former_id is None or payer else await paid_by_parent(unit, account.id, former_id)
    paid = await bill_units_of(unit, [account.id]) if payer else []
    unpaid = [
        bill_unit
        for bill_unit in paid
        if payer and bill_unit.paying_parent_id != payer.bill_unit.id
    ]
    separates = children_stay and await has_children(unit, account.id)
    if former_id == parent_id and not (freed or unpaid or separates):
        return MoveOutcome()
    event_id = await record(
        unit,
        EventKind.HIERARCHY_CHANGE,
        account.id,
        f"Moved {move_description(account, parent, parent_pays=payer is not None)}",
        details={
            "operation": EventOperation.ACCOUNT_MOVED,
            "fromParent": former_id,
            "toParent": parent_id,
            "toParentNumber": parent and parent.number,
            "parentPays": payer is not None,
            "note": note,
        },
    )
    if separates:
        await _move_children_up(unit, account, former_id, event_id)
    account.parent_id = parent_id
    account.version += 1
    await unit.session.flush()
    if (former_id is None) != (parent_id is None):
        await mark_roots(unit, [account.id], is_root=parent_id is None)
    reassignment = None
    if payer and unpaid:
        reassignment = await assign_payer(unit, payer, unpaid, path="parent_id", event_id=event_id)
    if freed:  # Never with a payer.
        reassignment = await unassign_payer(unit, freed, event_id=event_id)
    return MoveOutcome(event_id=event_id, reassignment=reassignment)


async def _move_children_up(
    unit: Unit, account: Account, former_id: int | None, event_id: int
) -> None:
    """Moves the children to the former parent, each with an event that follows the account's."""
    columns = {
        "kind": literal(EventKind.HIERARCHY_CHANGE, Event.kind.type),
        "account_id": Account.id,
        "occurred_at": literal(unit.now, Instant()),
        "recorded_at": literal(unit.now, Instant()),
        "description": literal("Moved account ")
        .concat(Account.number)
        .concat(f": account {account.number} left"),
        "followed_id": literal(event_id, Event.id.type),
        "actor": literal(unit.actor.name, Event.actor.type),
        "details": literal(
            {"operation": EventOperation.ACCOUNT_MOVED_UP, "leftNumber": account.number},
            Event.details.type,
        ),
    }
    children = Account.parent_id == account.id
    moved = (await unit.session.execute(select(Account.id).where(children))).scalars().all()
    await unit.session.execute(
        insert(Event).from_select(
            list(columns), select(*columns.values()).where(children).order_by(Account.id)
        )
    )
    await unit.session.execute(
        update(Account).where(children).values(parent_id=former_id, version=Account.version + 1),
        execution_options={"synchronize_session": False},
    )
    if former_id is None:
        await mark_roots(unit, moved, is_root=True)
