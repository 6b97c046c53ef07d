"""Rules 5.2: what `parentPays` does to the bill units of who moves, and of those that they paid
for.
"""

import pytest

from tenure.accounts.models import BillUnit
from tenure.events.models import EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import add_bill_unit, change_payer
from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, child, default_bill_unit_id, paid_unit, service, set_account
from tests.checks import account_state, default_bill_unit, events, refused, rows, service_state
from tests.conftest import ANA


async def payers_of(runtime: Runtime, account_id: int) -> list[int | None]:
    """For each bill unit of the account, by id, the account that pays for it."""
    owners = {unit.id: unit.account_id for unit in await rows(runtime, BillUnit)}
    units = await rows(runtime, BillUnit, account_id=account_id)
    return [owners[unit.paying_parent_id] if unit.paying_parent_id else None for unit in units]


async def roots(unit: Unit, *names: str) -> list[int]:
    """Accounts that stand alone."""
    return [await account(unit, name) for name in names]


async def test_all_bill_units_become_nonpaying(runtime: Runtime) -> None:
    """Paid by the new parent's default bill unit; the billing day follows the payer's."""
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent", billing_day_of_month=28)
        [moved] = await roots(unit, "Moved")
        await add_bill_unit(unit, moved, name="Second", billing_day_of_month=3)
        await change_parent(unit, moved, parent_id=parent, parent_pays=True)
    payer = await default_bill_unit(runtime, parent)
    units = await rows(runtime, BillUnit, account_id=moved)
    assert [unit.paying_parent_id for unit in units] == [payer.id] * 2
    assert [(unit.billing_day_of_month, unit.next_bill_on) for unit in units] == [
        (28, payer.next_bill_on)
    ] * 2


async def test_whoever_pays_for_the_parent_pays(runtime: Runtime) -> None:
    """The one behind the parent, wherever it stands."""
    async with runtime.unit(ANA) as unit:
        top = await account(unit, "Top")
        middle = await child(unit, top)
        last = await child(unit, middle)
    assert await payers_of(runtime, last) == [top]


async def test_without_parent_pays_the_move_leaves_payers_alone(runtime: Runtime) -> None:
    """An account that pays for itself goes on so; one that is paid by a stranger does too."""
    async with runtime.unit(ANA) as unit:
        parent, stranger, moved = await roots(unit, "Parent", "Stranger", "Moved")
        await paid_unit(unit, moved, stranger)
        await change_parent(unit, moved, parent_id=parent)
    assert await payers_of(runtime, moved) == [None, stranger]


@pytest.mark.parametrize("to", ["another parent", "none", "the same parent"])
async def test_those_that_the_former_parent_paid_become_paying_again(
    runtime: Runtime, to: str
) -> None:
    """Without `parentPays`; what a stranger pays for stays with the stranger."""
    async with runtime.unit(ANA) as unit:
        former, another, stranger = await roots(unit, "Former", "Another", "Stranger")
        moved = await child(unit, former)
        await paid_unit(unit, moved, former, "Also by the former")
        await paid_unit(unit, moved, stranger, "By a stranger")
    parent = {"another parent": another, "none": None, "the same parent": former}[to]
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, moved, parent_id=parent)
    assert await payers_of(runtime, moved) == [None, None, stranger]


async def test_freed_of_the_payer_behind_the_former_parent(runtime: Runtime) -> None:
    """Reading: who paid on behalf of the former parent counts as the former parent."""
    async with runtime.unit(ANA) as unit:
        top = await account(unit, "Top")
        middle = await child(unit, top)
        last = await child(unit, middle)
        await change_parent(unit, last, parent_id=None)
    assert await payers_of(runtime, last) == [None]


async def test_new_parent_pays_in_the_place_of_the_former(runtime: Runtime) -> None:
    """A move with `parentPays`: every bill unit, also one that a stranger paid for."""
    async with runtime.unit(ANA) as unit:
        former, new, stranger = await roots(unit, "Former", "New", "Stranger")
        moved = await child(unit, former)
        await paid_unit(unit, moved, stranger)
        await change_parent(unit, moved, parent_id=new, parent_pays=True)
    assert await payers_of(runtime, moved) == [new, new]


async def test_those_that_it_paid_for_pass_on_and_stay(runtime: Runtime) -> None:
    """Rules 5.2: they pass to its new payer, and stay there when it pays for itself again."""
    async with runtime.unit(ANA) as unit:
        [top] = await roots(unit, "Top")
        middle = await account(unit, "Middle")
        last = await child(unit, middle)
    assert await payers_of(runtime, last) == [middle]
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, middle, parent_id=top, parent_pays=True)
    assert await payers_of(runtime, last) == [top]
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, middle, parent_id=top)
    assert await payers_of(runtime, middle) == [None]
    assert await payers_of(runtime, last) == [top]


async def test_held_at_once_under_an_inactive_payer(runtime: Runtime) -> None:
    """Rules 2.7: with its services, in the same transaction; the event follows that of the move."""
    async with runtime.unit(ANA) as unit:
        parent, moved = await roots(unit, "Parent", "Moved")
        line = await service(unit, moved)
        await set_account(unit, parent, Status.INACTIVE)
        await change_parent(unit, moved, parent_id=parent, parent_pays=True)
    assert await account_state(runtime, moved) == "INACTIVE (INACTIVE PARENT)"
    assert await service_state(runtime, line) == "INACTIVE (INACTIVE ACCOUNT)"
    [move] = await events(runtime, EventKind.HIERARCHY_CHANGE)
    [held] = await events(runtime, account_id=moved, service_id=None)
    assert (held.cause, held.followed_id) == (Cause.PARENT, move.id)


async def test_freed_at_once_by_leaving_an_inactive_payer(runtime: Runtime) -> None:
    """Rules 2.7, and those that passed on with it are freed where their payer now is active."""
    async with runtime.unit(ANA) as unit:
        bad, good = await roots(unit, "Bad", "Good")
        moved = await child(unit, bad)
        await set_account(unit, bad, Status.CLOSED)
    assert await account_state(runtime, moved) == "CLOSED (CLOSED PARENT)"
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, moved, parent_id=good, parent_pays=True)
    assert await account_state(runtime, moved) == "ACTIVE"


async def test_parent_that_is_paid_for_does_not_hold_by_its_own_status(runtime: Runtime) -> None:
    """Rules 2.6: the payer counts, who stands behind the parent; the parent itself may be
    suspended.
    """
    async with runtime.unit(ANA) as unit:
        top = await account(unit, "Top")
        middle = await child(unit, top)
        last = await child(unit, middle)
        await set_account(unit, middle, Status.INACTIVE)
    assert await account_state(runtime, last) == "ACTIVE"


async def test_closed_payer_is_refused(runtime: Runtime) -> None:
    """NOT_ALLOWED: a closed parent, also one for which an active account pays, and a closed payer
    behind.
    """
    async with runtime.unit(ANA) as unit:
        top, closed, moved = await roots(unit, "Top", "Closed", "Moved")
        paid_and_closed = await child(unit, top)
        await set_account(unit, paid_and_closed, Status.CLOSED)
        await set_account(unit, closed, Status.CLOSED)
    for parent in (closed, paid_and_closed):
        async with refused(runtime, ErrorCode.NOT_ALLOWED, "parent_id"), runtime.unit(ANA) as unit:
            await change_parent(unit, moved, parent_id=parent, parent_pays=True)


async def test_currency_must_be_the_same(runtime: Runtime) -> None:
    """INVALID with `parentPays`; without it accounts of two currencies may share a hierarchy."""
    async with runtime.unit(ANA) as unit:
        euro, moved = await account(unit, "Euro", currency="EUR"), await account(unit, "Dollar")
    async with refused(runtime, ErrorCode.INVALID, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, moved, parent_id=euro, parent_pays=True)
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, moved, parent_id=euro)
    assert await payers_of(runtime, moved) == [None]


async def test_no_parent_that_pays(runtime: Runtime) -> None:
    """Reading: `parentPays` without a parent is INVALID."""
    async with runtime.unit(ANA) as unit:
        [alone] = await roots(unit, "Alone")
    async with refused(runtime, ErrorCode.INVALID, "parent_pays"), runtime.unit(ANA) as unit:
        await change_parent(unit, alone, parent_id=None, parent_pays=True)


async def test_parent_that_the_account_pays_for(runtime: Runtime) -> None:
    """CYCLE: the new parent is paid by the account that would be paid by it."""
    async with runtime.unit(ANA) as unit:
        parent, moved = await roots(unit, "Parent", "Moved")
        await change_payer(
            unit,
            await default_bill_unit_id(unit, parent),
            paying_parent_id=await default_bill_unit_id(unit, moved),
        )
    async with refused(runtime, ErrorCode.CYCLE, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, moved, parent_id=parent, parent_pays=True)


async def test_children_that_stay_keep_their_payer(runtime: Runtime) -> None:
    """The hierarchy does not determine who pays: a moved account keeps what it pays for."""
    async with runtime.unit(ANA) as unit:
        [top] = await roots(unit, "Top")
        moved = await child(unit, top, paid=False)
        left = await child(unit, moved)
        await change_parent(unit, moved, parent_id=None, children_stay=True)
    assert await payers_of(runtime, left) == [moved]
