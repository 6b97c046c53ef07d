"""Rules 2.6: what is paid by an account that is not active is held with it. Status alone; moves are
in payers.
"""

from itertools import pairwise

import pytest

from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.builders import account, child, paid_unit, service, set_account
from tests.checks import account_state, refused, service_state
from tests.conftest import ANA


async def test_child_follows_its_payer_and_comes_back(runtime: Runtime) -> None:
    """Rules 2.6: INACTIVE and CLOSED, and the child's assets with it; back when the payer is."""
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent")
        paid = await child(unit, parent)
        line = await service(unit, paid, "line")
        await set_account(unit, parent, Status.INACTIVE)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"
    assert await service_state(runtime, line) == "INACTIVE (INACTIVE ACCOUNT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, parent, Status.CLOSED)
    assert await account_state(runtime, paid) == "CLOSED (CLOSED PARENT)"
    assert await service_state(runtime, line) == "CLOSED (CLOSED ACCOUNT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, parent, Status.ACTIVE)
    assert await account_state(runtime, paid) == "ACTIVE"
    assert await service_state(runtime, line) == "ACTIVE"


async def test_manually_suspended_child_closes_with_its_payer(runtime: Runtime) -> None:
    """Rules 2.6: whatever other holds the account carries."""
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent")
        paid = await child(unit, parent)
        await set_account(unit, paid, Status.INACTIVE)
        await set_account(unit, parent, Status.CLOSED)
    assert await account_state(runtime, paid) == "CLOSED (CLOSED PARENT, INACTIVE MANUAL)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, parent, Status.ACTIVE)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE MANUAL)"


async def test_with_two_payers_held_until_both_are_back(runtime: Runtime) -> None:
    """Rules 2.6: at least one of its nonpaying bill units is enough. One payer closed, one
    inactive: a hold of each.
    """
    async with runtime.unit(ANA) as unit:
        first, second = await account(unit, "First"), await account(unit, "Second")
        paid = await child(unit, first)
        await paid_unit(unit, paid, second)
        await set_account(unit, first, Status.INACTIVE)
        await set_account(unit, second, Status.CLOSED)
    assert await account_state(runtime, paid) == "CLOSED (CLOSED PARENT, INACTIVE PARENT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, second, Status.ACTIVE)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, first, Status.ACTIVE)
    assert await account_state(runtime, paid) == "ACTIVE"


async def test_child_that_pays_for_itself_is_untouched(runtime: Runtime) -> None:
    """Rules 2.6: the hierarchy says nothing about who pays."""
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent")
        free = await child(unit, parent, paid=False)
        await set_account(unit, parent, Status.INACTIVE)
        await set_account(unit, parent, Status.CLOSED)
    assert await account_state(runtime, free) == "ACTIVE"


async def test_childs_change_never_touches_its_parent(runtime: Runtime) -> None:
    """Rules 2.6."""
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent")
        paid = await child(unit, parent)
    for status in (Status.INACTIVE, Status.CLOSED, Status.ACTIVE):
        async with runtime.unit(ANA) as unit:
            await set_account(unit, paid, status)
        assert await account_state(runtime, parent) == "ACTIVE"


async def test_holds_outside_of_the_hierarchy(runtime: Runtime) -> None:
    """Rules 2.6: inside and outside."""
    async with runtime.unit(ANA) as unit:
        stranger, paid = await account(unit, "Stranger"), await account(unit, "Paid")
        await paid_unit(unit, paid, stranger)
        await set_account(unit, stranger, Status.INACTIVE)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"


async def test_holds_through_any_number_of_levels(runtime: Runtime) -> None:
    """Rules 2.6: five accounts, each paid in one bill unit by the one before."""
    async with runtime.unit(ANA) as unit:
        chain = [await account(unit, f"Link {place}") for place in range(5)]
        for payer, paid in pairwise(chain):
            await paid_unit(unit, paid, payer)
        await set_account(unit, chain[0], Status.CLOSED)
    assert [await account_state(runtime, link) for link in chain[1:]] == [
        "CLOSED (CLOSED PARENT)"
    ] * 4
    async with runtime.unit(ANA) as unit:
        await set_account(unit, chain[0], Status.ACTIVE)
    assert [await account_state(runtime, link) for link in chain] == ["ACTIVE"] * 5


async def test_closed_link_in_the_middle_keeps_what_is_below_it_closed(runtime: Runtime) -> None:
    """Rules 2.6: exactly while its own payer is; the head of the chain comes back, the middle does
    not.
    """
    async with runtime.unit(ANA) as unit:
        head, middle, last = [await account(unit, name) for name in ("Head", "Middle", "Last")]
        await paid_unit(unit, middle, head)
        await paid_unit(unit, last, middle)
        await set_account(unit, middle, Status.CLOSED)
        await set_account(unit, head, Status.INACTIVE)
        await set_account(unit, head, Status.ACTIVE)
    assert await account_state(runtime, middle) == "CLOSED (CLOSED MANUAL)"
    assert await account_state(runtime, last) == "CLOSED (CLOSED PARENT)"


async def test_cannot_be_prevented_by_hand(runtime: Runtime) -> None:
    """Rules 2.2 and 2.6: an account that its payer holds does not become active; the message says
    what holds it.
    """
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent")
        paid = await child(unit, parent)
        await set_account(unit, paid, Status.INACTIVE)
        await set_account(unit, parent, Status.INACTIVE)
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "status") as refusal,
        runtime.unit(ANA) as unit,
    ):
        await set_account(unit, paid, Status.ACTIVE)
    assert "PARENT" in refusal.value.message
    assert "MANUAL" not in refusal.value.message
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE MANUAL, INACTIVE PARENT)"


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.CLOSED])
async def test_circle_of_payers_does_not_hold_itself_for_ever(
    runtime: Runtime, status: Status
) -> None:
    """Rules 2.6: two accounts that pay for each other are both held by one's hold, and both free
    without it.
    """
    async with runtime.unit(ANA) as unit:
        one, other = await account(unit, "One"), await account(unit, "Other")
        await paid_unit(unit, other, one)
        await paid_unit(unit, one, other)
        await set_account(unit, one, status)
    assert await account_state(runtime, one) == f"{status} ({status} MANUAL, {status} PARENT)"
    assert await account_state(runtime, other) == f"{status} ({status} PARENT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, one, Status.ACTIVE)
    assert await account_state(runtime, one) == "ACTIVE"
    assert await account_state(runtime, other) == "ACTIVE"


async def test_circle_stays_held_by_a_third(runtime: Runtime) -> None:
    """Rules 2.6: a payer outside of the circle holds both of it, and neither is freed by hand."""
    async with runtime.unit(ANA) as unit:
        third, one, other = [await account(unit, name) for name in ("Third", "One", "Other")]
        await paid_unit(unit, other, one)
        await paid_unit(unit, one, other)
        await paid_unit(unit, one, third, "By the third")
        await set_account(unit, third, Status.INACTIVE)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"), runtime.unit(ANA) as unit:
        await set_account(unit, other, Status.ACTIVE)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, third, Status.ACTIVE)
    assert await account_state(runtime, one) == "ACTIVE"
    assert await account_state(runtime, other) == "ACTIVE"
