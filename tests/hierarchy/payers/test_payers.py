"""Rules 2.7, 5.2 and 5.4: who pays for a bill unit, inside a hierarchy or not."""

from typing import Any

import pytest

from tenure.accounts.models import BillUnit
from tenure.events.models import EventKind
from tenure.hierarchy.payers.actions import add_bill_unit, change_payer
from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.builders import account, default_bill_unit_id, paid_unit, row_id, set_account
from tests.checks import (
    ABE,
    VIC,
    account_state,
    default_bill_unit,
    events,
    forbidden,
    nothing_written,
    refused,
    row,
)
from tests.conftest import ANA, NOON


@pytest.fixture
async def two(runtime: Runtime) -> tuple[int, int]:
    """Two accounts that have nothing to do with each other; the first one's billing day is the
    20th.
    """
    async with runtime.unit(ANA) as unit:
        return await account(unit, "Payer", billing_day_of_month=20), await account(unit, "Paid")


async def pays(runtime: Runtime, payer_id: int, paid_id: int, **more: Any) -> None:
    """The default bill unit of one account pays for that of the other."""
    async with runtime.unit(ANA) as unit:
        await change_payer(
            unit,
            await default_bill_unit_id(unit, paid_id),
            paying_parent_id=await default_bill_unit_id(unit, payer_id),
            **more,
        )


async def test_account_has_several_bill_units(runtime: Runtime, two: tuple[int, int]) -> None:
    """Rules 5.4: some paying, some not; an account may be paid in part by one outside of its
    hierarchy.
    """
    payer, paid = two
    async with runtime.unit(ANA) as unit:
        own = row_id(await add_bill_unit(unit, paid, name="Own", billing_day_of_month=5))
        strange = await paid_unit(unit, paid, payer, "Strange")
    kept = await row(runtime, BillUnit, own)
    assert (kept.account_id, kept.is_default, kept.paying_parent_id) == (paid, False, None)
    assert (kept.billing_day_of_month, str(kept.next_bill_on)) == (5, "2026-12-05")
    kept = await row(runtime, BillUnit, strange)
    assert kept.paying_parent_id == (await default_bill_unit(runtime, payer)).id
    recorded = [
        event.description
        for event in await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=paid)
    ]
    assert recorded[1:] == ["Added bill unit Own", "Added bill unit Strange"]


async def test_billing_day_follows_the_payers(runtime: Runtime, two: tuple[int, int]) -> None:
    """Rules 5.2: for a changed payer and for an added bill unit."""
    payer, paid = two
    await pays(runtime, payer, paid)
    followed, payers = (
        await default_bill_unit(runtime, paid),
        await default_bill_unit(runtime, payer),
    )
    assert (followed.paying_parent_id, followed.billing_day_of_month) == (payers.id, 20)
    assert followed.next_bill_on == payers.next_bill_on
    async with runtime.unit(ANA) as unit:
        added = await paid_unit(unit, paid, payer)
    assert (await row(runtime, BillUnit, added)).billing_day_of_month == 20


async def test_another_billing_day_than_the_payers(runtime: Runtime, two: tuple[int, int]) -> None:
    """Rules 5.2, reading: asking for a day of its own together with a payer is INVALID."""
    payer, paid = two
    async with (
        refused(runtime, ErrorCode.INVALID, "billing_day_of_month"),
        runtime.unit(ANA) as unit,
    ):
        paying = await default_bill_unit_id(unit, payer)
        await add_bill_unit(
            unit, paid, name="Own day", billing_day_of_month=5, paying_parent_id=paying
        )


async def test_change_of_payer_is_told(runtime: Runtime, two: tuple[int, int]) -> None:
    """One ACCOUNT_CHANGE event of the paid account, with its actor and note."""
    await pays(runtime, *two, note="signed by both")
    recorded = (await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=two[1]))[-1]
    assert (recorded.actor, recorded.details and recorded.details["note"]) == (
        ANA.name,
        "signed by both",
    )
    assert "is paid by" in recorded.description


async def test_held_at_once_by_an_inactive_payer_and_freed_at_once(
    runtime: Runtime, two: tuple[int, int]
) -> None:
    """Rules 2.7: in the same transaction; the STATUS_CHANGE event follows that of the payer."""
    payer, paid = two
    async with runtime.unit(ANA) as unit:
        await set_account(unit, payer, Status.INACTIVE)
    await pays(runtime, payer, paid)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"
    [held] = await events(runtime, account_id=paid)
    changed = (await events(runtime, EventKind.ACCOUNT_CHANGE, account_id=paid))[-1]
    assert (held.cause, held.followed_id, held.actor) == (Cause.PARENT, changed.id, ANA.name)
    async with runtime.unit(ANA) as unit:
        await change_payer(unit, await default_bill_unit_id(unit, paid), paying_parent_id=None)
    assert await account_state(runtime, paid) == "ACTIVE"


async def test_bill_unit_added_under_an_inactive_payer(
    runtime: Runtime, two: tuple[int, int]
) -> None:
    """Rules 2.7, for an added nonpaying bill unit, and through it to whom the account pays for."""
    payer, paid = two
    async with runtime.unit(ANA) as unit:
        far = await account(unit, "Far")
        await paid_unit(unit, far, paid)
        await set_account(unit, payer, Status.INACTIVE)
        await paid_unit(unit, paid, payer)
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"
    assert await account_state(runtime, far) == "INACTIVE (INACTIVE PARENT)"


async def test_payer_behind_pays(runtime: Runtime, two: tuple[int, int]) -> None:
    """Rules 5.2: a paying parent is always paying itself. Who names a nonpaying one gets the one
    behind it.
    """
    payer, paid = two
    await pays(runtime, payer, paid)
    async with runtime.unit(ANA) as unit:
        last = await account(unit, "Last")
    await pays(runtime, paid, last)
    assert (await default_bill_unit(runtime, last)).paying_parent_id == (
        await default_bill_unit(runtime, payer)
    ).id


async def test_those_that_it_paid_for_pass_to_its_new_payer_and_stay(
    runtime: Runtime, two: tuple[int, int]
) -> None:
    """Rules 5.2: and they stay there when it pays for itself again."""
    payer, middle = two
    async with runtime.unit(ANA) as unit:
        last = await account(unit, "Last")
    await pays(runtime, middle, last)
    await pays(runtime, payer, middle)
    behind = (await default_bill_unit(runtime, payer)).id
    transferred = await default_bill_unit(runtime, last)
    assert (transferred.paying_parent_id, transferred.billing_day_of_month) == (behind, 20)
    async with runtime.unit(ANA) as unit:
        await change_payer(unit, await default_bill_unit_id(unit, middle), paying_parent_id=None)
    assert (await default_bill_unit(runtime, middle)).paying_parent_id is None
    assert (await default_bill_unit(runtime, last)).paying_parent_id == behind


async def test_those_that_passed_are_held_by_the_new_payer(
    runtime: Runtime, two: tuple[int, int]
) -> None:
    """Rules 2.7 and 5.2: freed of the one that paid before, held by the one that pays now."""
    payer, middle = two
    async with runtime.unit(ANA) as unit:
        last = await account(unit, "Last")
        await set_account(unit, payer, Status.INACTIVE)
    await pays(runtime, middle, last)
    await pays(runtime, payer, middle)
    assert await account_state(runtime, last) == "INACTIVE (INACTIVE PARENT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, payer, Status.ACTIVE)
        await set_account(unit, middle, Status.INACTIVE)
    assert await account_state(runtime, last) == "ACTIVE"


async def test_bill_unit_does_not_pay_for_itself_through_another(
    runtime: Runtime, two: tuple[int, int]
) -> None:
    """CYCLE: itself, and one that it pays for."""
    payer, paid = two
    await pays(runtime, payer, paid)
    for named in (payer, paid):
        async with refused(runtime, ErrorCode.CYCLE, "paying_parent_id"):
            await pays(runtime, named, payer)
    async with refused(runtime, ErrorCode.CYCLE, "paying_parent_id"):
        await pays(runtime, paid, paid)


async def test_currency_must_be_the_same(runtime: Runtime, two: tuple[int, int]) -> None:
    """Rules 5.2: INVALID."""
    async with runtime.unit(ANA) as unit:
        euro = await account(unit, "Euro", currency="EUR")
    async with refused(runtime, ErrorCode.INVALID, "paying_parent_id"):
        await pays(runtime, euro, two[1])
    async with refused(runtime, ErrorCode.INVALID, "paying_parent_id"), runtime.unit(ANA) as unit:
        await paid_unit(unit, two[1], euro)


async def test_closed_account_does_not_pay(runtime: Runtime, two: tuple[int, int]) -> None:
    """Rules 5.2: NOT_ALLOWED."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, two[0], Status.CLOSED)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "paying_parent_id"):
        await pays(runtime, *two)
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "paying_parent_id"),
        runtime.unit(ANA) as unit,
    ):
        await paid_unit(unit, two[1], two[0])


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.CLOSED])
async def test_no_bill_unit_for_an_account_that_is_not_active(
    runtime: Runtime, two: tuple[int, int], status: Status
) -> None:
    """Rules 6.8: nothing can be added."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, two[1], status)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "account_id"), runtime.unit(ANA) as unit:
        await add_bill_unit(unit, two[1], name="More")


async def test_same_payer_again_writes_nothing(runtime: Runtime, two: tuple[int, int]) -> None:
    """Neither does paying for itself again."""
    async with nothing_written(runtime), runtime.unit(ANA) as unit:
        await change_payer(unit, await default_bill_unit_id(unit, two[1]), paying_parent_id=None)
    await pays(runtime, *two)
    async with nothing_written(runtime):
        await pays(runtime, *two)


async def test_unknown_and_stale(runtime: Runtime, two: tuple[int, int]) -> None:
    """NOT_FOUND for what is not there, CONFLICT for what somebody else changed."""
    payer, paid = two
    async with refused(runtime, ErrorCode.NOT_FOUND, "bill_unit_id"), runtime.unit(ANA) as unit:
        await change_payer(unit, 987654321, paying_parent_id=None)
    async with refused(runtime, ErrorCode.NOT_FOUND, "paying_parent_id"), runtime.unit(ANA) as unit:
        await change_payer(unit, await default_bill_unit_id(unit, paid), paying_parent_id=987654321)
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"), runtime.unit(ANA) as unit:
        await add_bill_unit(unit, 987654321, name="More")
    async with refused(runtime, ErrorCode.CONFLICT, "expected_version"):
        await pays(runtime, payer, paid, expected_version=2)


REFUSED: list[tuple[dict[str, Any], ErrorCode]] = [
    ({"name": None}, ErrorCode.REQUIRED),
    ({"name": "  "}, ErrorCode.REQUIRED),
    ({"name": "a\0b"}, ErrorCode.INVALID),
    ({"name": "x" * 10_000}, ErrorCode.OUT_OF_RANGE),
    *[({"billing_day_of_month": day}, ErrorCode.OUT_OF_RANGE) for day in (0, 32, -1)],
]


async def test_bill_units_that_are_refused(
    runtime: Runtime, two: tuple[int, int], subtests: pytest.Subtests
) -> None:
    """Names that cannot be kept, and days outside of 1 to 31."""
    for values, code in REFUSED:
        with subtests.test(f"{values!r:.40}"):
            async with refused(runtime, code, *values), runtime.unit(ANA) as unit:
                await add_bill_unit(unit, two[1], **{"name": "More", **values})


async def test_agents_change_payers_and_viewers_do_not(
    runtime: Runtime, two: tuple[int, int]
) -> None:
    """Rules 10."""
    async with runtime.unit(ANA) as unit:
        first, second = (
            await default_bill_unit_id(unit, two[0]),
            await default_bill_unit_id(unit, two[1]),
        )
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await change_payer(unit, second, paying_parent_id=first)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await add_bill_unit(unit, two[1], name="More")
    async with runtime.unit(ABE) as unit:
        await change_payer(unit, second, paying_parent_id=first)
        await add_bill_unit(unit, two[1], name="More")
    assert (await default_bill_unit(runtime, two[1])).created_at == NOON
