"""Rules 6.4: a reference is rated once, also if two requests record it at the same time."""

from decimal import Decimal
from typing import Any

from tenure.billing.bills.models import BillItem
from tenure.events.models import EventKind
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import RecordedUsage
from tests.checks import default_bill_unit, events, rows
from tests.conftest import ANA
from tests.hierarchy.payers.test_at_once import meanwhile
from tests.usage.conftest import User, line, result_of, user


async def test_two_record_the_same_references(runtime: Runtime, carla: User) -> None:
    """The second request waits and returns the events of the first; only new lines are rated."""
    mine, yours = [line("b"), line("a"), line("c")], [line("d"), line("c"), line("b"), line("a")]
    answers: list[list[Any]] = []

    async def first(unit: Unit) -> None:
        answers.append(await record_usage(unit, mine))

    async def second(unit: Unit) -> list[RecordedUsage | TenureError]:
        return await record_usage(unit, yours)

    async with meanwhile(runtime, first, second) as task:
        answers.append(await task)
    by_reference = {
        reference.reference: result_of(answer)
        for reference, answer in zip(mine, answers[0], strict=True)
    }
    assert [result_of(answer) for answer in answers[1]][1:] == [
        by_reference[reference] for reference in "cba"
    ]
    assert [answer.is_duplicate for answer in answers[1]] == [False, True, True, True]
    assert len(await events(runtime, EventKind.USAGE)) == 4
    assert (await default_bill_unit(runtime, carla.account)).balance == 2
    [item] = await rows(runtime, BillItem)
    assert item.total == 2


async def test_two_services_one_reference(runtime: Runtime, carla: User) -> None:
    """Rules 6.4: the same reference of two services at the same time is rated twice."""
    async with runtime.unit(ANA) as unit:
        other = await user(unit, "other")
    answers: list[list[Any]] = []

    async def first(unit: Unit) -> None:
        answers.append(await record_usage(unit, [line("same")]))

    async def second(unit: Unit) -> list[RecordedUsage | TenureError]:
        return await record_usage(unit, [line("same", login="other"), line("own", login="other")])

    async with meanwhile(runtime, first, second) as task:
        answers.append(await task)
    assert len({result_of(answer) for some in answers for answer in some}) == 3
    assert (await default_bill_unit(runtime, carla.account)).balance == Decimal("0.50")
    assert (await default_bill_unit(runtime, other.account)).balance == 1
    assert len(await events(runtime, EventKind.USAGE)) == 3
