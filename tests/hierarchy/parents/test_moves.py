"""Rules 5.1: adding, removing and moving within the tree of accounts. What comes due later is in
deferred.
"""

from itertools import pairwise

import pytest

from tenure.accounts.models import Account
from tenure.events.models import EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.builders import account, child, set_account
from tests.checks import ABE, VIC, events, forbidden, nothing_written, refused, row, rows
from tests.conftest import ANA


async def parent_of(runtime: Runtime, account_id: int) -> int | None:
    """Whom the account stands below."""
    return (await row(runtime, Account, account_id)).parent_id


async def test_add_move_and_remove(runtime: Runtime) -> None:
    """Rules 5.1: at most one parent; one HIERARCHY_CHANGE event each."""
    async with runtime.unit(ANA) as unit:
        first, second, moved = [await account(unit, name) for name in ("First", "Second", "Moved")]
    for parent in (first, second, None):
        async with runtime.unit(ANA) as unit:
            done = await change_parent(unit, moved, parent_id=parent, note="why not")
            assert done.deferred_action_id is None
        assert await parent_of(runtime, moved) == parent
    recorded = await events(runtime, EventKind.HIERARCHY_CHANGE)
    assert [event.account_id for event in recorded] == [moved] * 3
    numbers = {it.id: it.number for it in await rows(runtime, Account)}
    assert [event.details for event in recorded] == [
        {
            "operation": "ACCOUNT_MOVED",
            "fromParent": former,
            "toParent": to,
            "toParentNumber": to and numbers[to],
            "parentPays": False,
            "note": "why not",
        }
        for former, to in ((None, first), (first, second), (second, None))
    ]
    assert {event.actor for event in recorded} == {ANA.name}


@pytest.mark.parametrize("children_stay", [False, True])
async def test_below_itself_is_a_cycle(runtime: Runtime, children_stay: bool) -> None:
    """Rules 5.1: CYCLE, with or without its children."""
    async with runtime.unit(ANA) as unit:
        alone = await account(unit)
    async with refused(runtime, ErrorCode.CYCLE, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, alone, parent_id=alone, children_stay=children_stay)


async def test_below_its_own_descendant_is_a_cycle(runtime: Runtime) -> None:
    """Rules 5.1: at any depth."""
    async with runtime.unit(ANA) as unit:
        top = await account(unit, "Top")
        below = await child(unit, top, paid=False)
        deep = await child(unit, below, paid=False)
    for descendant in (below, deep):
        async with refused(runtime, ErrorCode.CYCLE, "parent_id"), runtime.unit(ANA) as unit:
            await change_parent(unit, top, parent_id=descendant)


async def test_children_follow(runtime: Runtime) -> None:
    """FOLLOW: the subtree moves as it is, and only the moved account has an event."""
    async with runtime.unit(ANA) as unit:
        brokered, top = await account(unit, "Elsewhere"), await account(unit, "Top")
        below = await child(unit, top, paid=False)
        deep = await child(unit, below, paid=False)
    before = len(await events(runtime, EventKind.HIERARCHY_CHANGE))
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, below, parent_id=brokered)
    assert await parent_of(runtime, below) == brokered
    assert await parent_of(runtime, deep) == below
    assert len(await events(runtime, EventKind.HIERARCHY_CHANGE)) == before + 1


@pytest.mark.parametrize("has_parent", [True, False])
async def test_children_stay(runtime: Runtime, has_parent: bool) -> None:
    """STAY: they go to the former parent, or become roots; each has an event that follows the
    account's.
    """
    async with runtime.unit(ANA) as unit:
        brokered, top = await account(unit, "Elsewhere"), await account(unit, "Top")
        moved = await child(unit, top, paid=False) if has_parent else top
        children = [await child(unit, moved, name, paid=False) for name in ("One", "Two")]
        await change_parent(unit, moved, parent_id=brokered, children_stay=True)
    assert await parent_of(runtime, moved) == brokered
    assert [await parent_of(runtime, left) for left in children] == [
        top if has_parent else None
    ] * 2
    cause, *left = (await events(runtime, EventKind.HIERARCHY_CHANGE))[-3:]
    assert cause.account_id == moved
    assert [(event.account_id, event.followed_id) for event in left] == [
        (left_id, cause.id) for left_id in children
    ]


async def test_below_its_own_child_where_the_children_stay(runtime: Runtime) -> None:
    """Rules 5.1: no cycle comes about, since the child has left by then."""
    async with runtime.unit(ANA) as unit:
        top = await account(unit, "Top")
        below = await child(unit, top, paid=False)
        deep = await child(unit, below, paid=False)
        await change_parent(unit, top, parent_id=deep, children_stay=True)
    assert await parent_of(runtime, below) is None
    assert await parent_of(runtime, deep) == below
    assert await parent_of(runtime, top) == deep


async def test_any_depth(runtime: Runtime) -> None:
    """Rules 5.1: two hundred levels, and the cycle from the last to the first is still seen."""
    async with runtime.unit(ANA) as unit:
        chain = [await account(unit, f"Level {level}") for level in range(200)]
        for parent, below in pairwise(chain):
            await change_parent(unit, below, parent_id=parent)
    async with refused(runtime, ErrorCode.CYCLE, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, chain[0], parent_id=chain[-1])


async def test_same_parent_again_writes_nothing(runtime: Runtime) -> None:
    """Nor does taking out what stands in no hierarchy."""
    async with runtime.unit(ANA) as unit:
        top = await account(unit, "Top")
        below = await child(unit, top)
    async with nothing_written(runtime), runtime.unit(ANA) as unit:
        await change_parent(unit, below, parent_id=top, parent_pays=True)
        await change_parent(unit, top, parent_id=None)
        await change_parent(unit, below, parent_id=top, parent_pays=True, children_stay=True)


async def test_unknown_and_stale(runtime: Runtime) -> None:
    """NOT_FOUND with the id at fault, CONFLICT for a version that has passed."""
    async with runtime.unit(ANA) as unit:
        there = await account(unit)
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, 987654321, parent_id=there)
    async with refused(runtime, ErrorCode.NOT_FOUND, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, there, parent_id=987654321)
    async with refused(runtime, ErrorCode.CONFLICT, "expected_version"), runtime.unit(ANA) as unit:
        await change_parent(unit, there, parent_id=None, expected_version=2)


@pytest.mark.parametrize(
    ("note", "code"), [("\0", ErrorCode.INVALID), ("x" * 10_000, ErrorCode.OUT_OF_RANGE)]
)
async def test_notes_that_cannot_be_kept(runtime: Runtime, note: str, code: ErrorCode) -> None:
    """Of a move."""
    async with runtime.unit(ANA) as unit:
        top, below = await account(unit, "Top"), await account(unit, "Below")
    async with refused(runtime, code, "note"), runtime.unit(ANA) as unit:
        await change_parent(unit, below, parent_id=top, note=note)


async def test_agents_move_and_viewers_do_not(runtime: Runtime) -> None:
    """Rules 10."""
    async with runtime.unit(ANA) as unit:
        top, below = await account(unit, "Top"), await account(unit, "Below")
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await change_parent(unit, below, parent_id=top)
    async with runtime.unit(ABE) as unit:
        await change_parent(unit, below, parent_id=top)
    assert await parent_of(runtime, below) == top


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.CLOSED])
async def test_place_in_the_tree_says_nothing_about_the_status(
    runtime: Runtime, status: Status
) -> None:
    """Rules 1, 5.2: without `parentPays` the parent may be any account, and holds nothing."""
    async with runtime.unit(ANA) as unit:
        top, below = await account(unit, "Top"), await account(unit, "Below")
        await set_account(unit, top, status)
        await change_parent(unit, below, parent_id=top)
    assert (await row(runtime, Account, below)).status == Status.ACTIVE
