"""A status change that cancels the deferred actions it leaves with nothing to do (rules 4.8)."""

from datetime import timedelta
from typing import Any

import pytest

from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.builders import (
    account,
    child,
    scheduled_move,
    service,
    set_account,
    set_service,
)
from tests.checks import account_state, action, refused
from tests.conftest import ANA, NOON
from tests.graphql.caller import Caller, global_id

SOON, LATER, LAST = (NOON + timedelta(days=days) for days in (1, 2, 3))
PENDING, CANCELLED = DeferredStatus.PENDING, DeferredStatus.CANCELLED


async def statuses(runtime: Runtime, *action_ids: int | None) -> list[DeferredStatus]:
    """The status of each action."""
    return [(await action(runtime, it)).status for it in action_ids]


@pytest.fixture
async def family(runtime: Runtime) -> dict[str, Any]:
    """A payer and an account that it pays for, with changes that are scheduled for both."""
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer")
        paid = await child(unit, payer)
        line = await service(unit, paid)
        other = await account(unit, "Other")
        suspends = await set_service(
            unit, line, Status.INACTIVE, defer_until=SOON, reactivate_on=LAST
        )
        move = await scheduled_move(unit, paid, parent_id=None, defer_until=LATER)
        unrelated = await set_account(unit, other, Status.INACTIVE, defer_until=SOON)
        closing = await set_service(unit, line, Status.CLOSED, defer_until=LAST)
    return {
        "payer": payer,
        "line": line,
        "conflicts": [suspends.deferred_action_id, suspends.reactivation_id, move],
        "others": [unrelated.deferred_action_id, closing.deferred_action_id],
    }


async def test_conflicts_are_cancelled_with_the_change(
    runtime: Runtime, family: dict[str, Any]
) -> None:
    """Also those of paid accounts; an action that closes what is closed is no conflict."""
    async with runtime.unit(ANA) as unit:
        done = await set_account(unit, family["payer"], Status.CLOSED, cancel_conflicts=True)
    assert done.cancelled == 3
    assert done.impact is not None
    # In the order of their times.
    first, last, move = family["conflicts"]
    assert list(done.impact.conflicting) == [first, move, last]
    assert await statuses(runtime, *family["conflicts"]) == [CANCELLED] * 3
    assert await statuses(runtime, *family["others"]) == [PENDING] * 2
    cancelled = await action(runtime, family["conflicts"][2])
    assert (cancelled.cancelled_by, cancelled.cancelled_at) == (ANA.name, NOON)


async def test_without_the_option_they_stay_pending(
    runtime: Runtime, family: dict[str, Any]
) -> None:
    """Rules 4.8: a change by hand leaves them pending."""
    async with runtime.unit(ANA) as unit:
        done = await set_account(unit, family["payer"], Status.CLOSED)
    assert done.cancelled == 0
    assert await statuses(runtime, *family["conflicts"], *family["others"]) == [PENDING] * 5


async def test_a_scheduled_change_cancels_only_what_is_later(
    runtime: Runtime, family: dict[str, Any]
) -> None:
    """What is scheduled before the closing can still be done."""
    between = SOON + timedelta(hours=1)
    async with runtime.unit(ANA) as unit:
        done = await set_account(
            unit, family["payer"], Status.CLOSED, defer_until=between, cancel_conflicts=True
        )
    assert done.cancelled == 2
    assert await statuses(runtime, *family["conflicts"]) == [PENDING, CANCELLED, CANCELLED]
    assert await statuses(runtime, done.deferred_action_id, *family["others"]) == [PENDING] * 3


async def test_a_refused_change_cancels_nothing(runtime: Runtime, family: dict[str, Any]) -> None:
    """Both are one change: with another version, the actions stay pending too."""
    async with (
        refused(runtime, ErrorCode.CONFLICT, "expected_version"),
        runtime.unit(ANA) as unit,
    ):
        await set_account(
            unit, family["payer"], Status.CLOSED, expected_version=9, cancel_conflicts=True
        )
    assert await account_state(runtime, family["payer"]) == "ACTIVE"


@pytest.mark.parametrize("cancels", [True, False])
async def test_reactivating_cancels_the_return(runtime: Runtime, cancels: bool) -> None:
    """Rules 4.11: the return of an inactivation that is over. So an undo is one change."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, await account(unit))
        away = await set_service(unit, line, Status.INACTIVE, reactivate_on=LATER)
    async with runtime.unit(ANA) as unit:
        back = await set_service(unit, line, Status.ACTIVE, cancel_conflicts=cancels)
    assert back.cancelled == int(cancels)
    assert await statuses(runtime, away.reactivation_id) == [CANCELLED if cancels else PENDING]


async def test_the_mutation_tells_how_many(runtime: Runtime, family: dict[str, Any]) -> None:
    """`cancelConflicts` of the API, with the first event of the change."""
    answer = await Caller(runtime, ANA).change(
        "changeAssetStatus",
        "ChangeAssetStatusInput",
        "cancelledDeferredActionCount event { kind target { id } change }"
        " impact { conflictingDeferredActions { status } }",
        assetId=global_id("Service", family["line"]),
        status="CLOSED",
        cancelConflicts=True,
    )
    assert answer["errors"] == []
    assert answer["cancelledDeferredActionCount"] == 2
    event = answer["event"]
    assert (event["kind"], event["target"]) == (
        "STATUS_CHANGE",
        {"id": global_id("Service", family["line"])},
    )
    assert event["change"] is not None
    found = answer["impact"]["conflictingDeferredActions"]
    assert found == [{"status": "CANCELLED"}] * 2
