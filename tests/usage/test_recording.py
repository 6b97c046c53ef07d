"""Rules 6.4: usage is rated once per reference, if the service was active at its time."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.models import RatedUsage
from tests.builders import (
    catalog_offer,
    purchased_offer,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import VIC, default_bill_unit, events, forbidden, nothing_written, refused, rows
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import sent_statements
from tests.usage.conftest import User, at, discount, line, record, result_of, user


async def test_usage_becomes_a_charge(runtime: Runtime, carla: User) -> None:
    """Rules 6.1, 6.4: the event has quantity, rate and amount; item, bill and balance follow."""
    [event_id] = await record(runtime, line("r-1", "12.5", description="Film night"))
    [event] = await events(runtime, EventKind.USAGE)
    assert (event.id, event.account_id, event.service_id, event.offer_id) == (
        event_id,
        carla.account,
        carla.service,
        carla.offer,
    )
    assert (event.quantity, event.unit, event.rate) == (Decimal("12.5"), "MB", Decimal("0.05"))
    assert (event.amount, event.currency, event.occurred_at) == (Decimal("0.63"), "USD", NOON)
    assert (event.description, event.details, event.actor) == (
        "Film night",
        {"reference": "r-1"},
        ANA.name,
    )
    [item] = await rows(runtime, BillItem)
    assert (item.id, item.kind, item.service_id, item.total) == (
        event.item_id,
        BillItemKind.USAGE,
        carla.service,
        Decimal("0.63"),
    )
    [bill] = await rows(runtime, Bill)
    assert (bill.id, bill.status, bill.current_charges) == (
        item.bill_id,
        "PENDING",
        Decimal("0.63"),
    )
    assert (await default_bill_unit(runtime, carla.account)).balance == Decimal("0.63")
    [rated] = await rows_by_reference(runtime)
    assert rated == (carla.service, "r-1", event_id)


async def test_explanation_where_none_is_given(runtime: Runtime, carla: User) -> None:
    """Issue 4: a default description that explains the charge."""
    await record(runtime, line("r-1", "12.50"))
    [event] = await events(runtime, EventKind.USAGE)
    assert event.description == "12.5 MB at 0.05"


async def test_discounts_of_the_service_and_of_the_account(runtime: Runtime, carla: User) -> None:
    """Rules 6.1: each is an event caused by the usage; in total at most its amount."""
    async with runtime.unit(ANA) as unit:
        for code, percent, of in (
            ("tenth", "10", carla.service),
            ("rest", "95", None),
            ("more", "50", carla.service),
        ):
            await discount(unit, code, percent)
            await purchased_offer(unit, carla.account, of, code=code)
    ids = await record(runtime, line("r-1", "20"), line("r-2", "40"))
    taken = await events(runtime, EventKind.DISCOUNT)
    assert [(it.followed_id, it.amount, it.details) for it in taken] == [
        (ids[0], Decimal("-0.10"), {"off": carla.offer}),
        (ids[0], Decimal("-0.90"), {"off": carla.offer}),
        (ids[1], Decimal("-0.20"), {"off": carla.offer}),
        (ids[1], Decimal("-1.80"), {"off": carla.offer}),
    ]
    assert taken[0].description == "Tenth: 10% off 20 MB at 0.05"
    [item] = await rows(runtime, BillItem)
    assert {it.item_id for it in taken} == {item.id}
    assert item.total == (await default_bill_unit(runtime, carla.account)).balance == 0


async def test_offer_of_the_account_rates_what_the_services_does_not(
    runtime: Runtime, carla: User
) -> None:
    """The service's own offers first; among several the latest purchase."""
    async with runtime.unit(ANA) as unit:
        for code, rate, of_unit in (
            ("dear", "9", "MB"),
            ("text", "0.1", "SMS"),
            ("text2", "0.2", "SMS"),
        ):
            await catalog_offer(unit, code, usage_rate=Decimal(rate), usage_unit=of_unit)
            await purchased_offer(unit, carla.account, code=code)
    await record(runtime, line("r-1"), line("r-2", unit="SMS"))
    assert [it.rate for it in await events(runtime, EventKind.USAGE)] == [
        Decimal("0.05"),
        Decimal("0.2"),
    ]


async def test_free_usage_is_recorded_too(runtime: Runtime, carla: User) -> None:
    """Free usage has an event, but no discount."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "text", usage_rate=Decimal(0), usage_unit="SMS")
        await purchased_offer(unit, carla.account, carla.service, code="text")
        await purchased_offer(unit, carla.account, code=await discount(unit, "half", "50"))
    [event_id] = await record(runtime, line("r-1", unit="SMS"))
    [event] = await events(runtime, EventKind.USAGE)
    assert (event.id, event.amount) == (event_id, 0)
    assert await events(runtime, EventKind.DISCOUNT) == []


async def test_same_reference_is_rated_once(runtime: Runtime, carla: User) -> None:
    """Rules 6.4: a repeated line returns the first event, within a list and later."""
    explained = line("r-2", description="Film night")
    first = await record(runtime, line("r-1"), explained, line("r-1"), explained)
    assert first[2:] == first[:2]
    async with nothing_written(runtime):
        assert await record(runtime, explained, line("r-1")) == [first[1], first[0]]
    assert [it.amount for it in await events(runtime, EventKind.USAGE)] == [
        Decimal("0.50"),
        Decimal("0.50"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": "99"},
        {"occurred_at": NOON.replace(second=1)},
        {"description": "Other"},
        {"unit": "SMS"},
    ],
)
async def test_other_content_under_the_same_reference(
    runtime: Runtime, carla: User, other: dict[str, Any]
) -> None:
    """Rules 6.4: that line is TAKEN, within a list and later; the others are rated."""
    await set_clock(runtime, at(11))
    answers = await record(runtime, line("r-1"), line("r-1", **other), line("r-2"))
    assert answers[1] == "TAKEN 1 reference"
    assert [isinstance(answer, int) for answer in answers] == [True, False, True]
    async with nothing_written(runtime):
        assert await record(runtime, line("r-1", **other), line("r-1")) == [
            "TAKEN 0 reference",
            answers[0],
        ]


async def test_two_services_may_use_the_same_reference(runtime: Runtime, carla: User) -> None:
    """Rules 6.4: they are two usages, in one list and in two."""
    async with runtime.unit(ANA) as unit:
        other = await user(unit, "other")
        third = await user(unit, "third")
    first = await record(
        runtime, line("r-1"), line("r-1", login="other"), line("r-1", login="nobody")
    )
    assert first[2] == "NOT_FOUND 2 login"
    later = await record(
        runtime, line("r-1", login="third"), line("r-1", login="other"), line("r-1")
    )
    assert later[1:] == [first[1], first[0]]
    assert await rows_by_reference(runtime) == [
        (carla.service, "r-1", first[0]),
        (other.service, "r-1", first[1]),
        (third.service, "r-1", later[0]),
    ]


async def test_reference_answers_whatever_the_service_has_become(
    runtime: Runtime, carla: User
) -> None:
    """Rules 6.4: also for usage in a period that is inactive now (rules 2.11)."""
    await set_clock(runtime, at(15))
    [first] = await record(runtime, line("r-1", occurred_at=at(14)))
    await set_clock(runtime, at(20))
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE, backdate_to=at(13).date())
    assert await record(
        runtime, line("r-1", occurred_at=at(14)), line("r-1", "9", occurred_at=at(14))
    ) == [
        first,
        "TAKEN 1 reference",
    ]


async def test_answer_says_whether_it_was_rated_before(runtime: Runtime, carla: User) -> None:
    """So that clients can count new events."""
    async with runtime.unit(ANA) as unit:
        answers = [await record_usage(unit, [line(it) for it in some]) for some in ("aba", "cb")]
    assert [[answer.is_duplicate for answer in some] for some in answers] == [
        [False, False, True],
        [False, True],
    ]


async def test_reference_of_a_refused_line_is_free(runtime: Runtime, carla: User) -> None:
    """A refused line stores nothing and can be sent again after its correction."""
    answers = await record(runtime, line("r-1", unit="pages"), line("r-1"))
    assert answers[0] == "INVALID 0 unit"
    assert [it.id for it in await events(runtime, EventKind.USAGE)] == answers[1:]


WRONG = [
    ({"quantity": "0"}, "OUT_OF_RANGE", "quantity"),
    ({"quantity": "-1"}, "OUT_OF_RANGE", "quantity"),
    ({"quantity": "0.0000001"}, "INVALID", "quantity"),
    ({"quantity": "NaN"}, "INVALID", "quantity"),
    ({"quantity": "1000000000001"}, "OUT_OF_RANGE", "quantity"),
    ({"occurred_at": NOON + timedelta(microseconds=1)}, "OUT_OF_RANGE", "occurred_at"),
    ({"occurred_at": NOON.replace(year=2036)}, "OUT_OF_RANGE", "occurred_at"),
    ({"occurred_at": NOON - timedelta(microseconds=1)}, "NOT_ALLOWED", "occurred_at"),
    ({"occurred_at": NOON.replace(year=1)}, "NOT_ALLOWED", "occurred_at"),
    ({"login": "nobody"}, "NOT_FOUND", "login"),
    ({"login": "carla\0"}, "INVALID", "login"),
    ({"login": " "}, "REQUIRED", "login"),
    ({"service_kind": "tv"}, "NOT_FOUND", "login"),
    ({"unit": "SMS"}, "INVALID", "unit"),
    ({"unit": ""}, "REQUIRED", "unit"),
    ({"reference": ""}, "REQUIRED", "reference"),
    ({"reference": "x" * 256}, "OUT_OF_RANGE", "reference"),
    ({"description": "x" * 2001}, "OUT_OF_RANGE", "description"),
]


async def test_wrong_lines_do_not_stop_the_others(runtime: Runtime, carla: User) -> None:
    """Each error names its index; nothing of the line is posted."""
    lines = [
        line(**{"reference": f"w-{place}"} | wrong) for place, (wrong, _, _) in enumerate(WRONG)
    ]
    answers = await record(runtime, line("first"), *lines, line("last", login=" CARLA "))
    assert answers[1:-1] == [
        f"{code} {place} {path}" for place, (_, code, path) in enumerate(WRONG, start=1)
    ]
    assert [it.id for it in await events(runtime, EventKind.USAGE)] == [answers[0], answers[-1]]
    assert {reference for _, reference, _ in await rows_by_reference(runtime)} == {"first", "last"}
    assert (await default_bill_unit(runtime, carla.account)).balance == 1


async def test_message_names_the_units_that_are_rated(runtime: Runtime, carla: User) -> None:
    """The message lists the units that can be used."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "text", usage_rate=Decimal(1), usage_unit="SMS")
        await purchased_offer(unit, carla.account, code="text")
        bare = await service(unit, carla.account, "bare")
        await set_offer(unit, carla.offer, Status.ACTIVE)
        [unknown] = await record_usage(unit, [line("r-1", unit="pages")])
    assert str(unknown) == "Nothing rates pages of this service: its usage is rated by MB, SMS."
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
        await set_account(unit, carla.account, Status.ACTIVE)
        await set_service(unit, bare, Status.CLOSED)
        [refusal] = await record_usage(unit, [line("r-2", login="bare")])
    assert str(refusal) == "Internet bare was not active at 2026-11-10 12:00 UTC."


async def test_price_beyond_all_bounds(runtime: Runtime, carla: User) -> None:
    """OUT_OF_RANGE if the amount exceeds the column."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "gold", usage_rate=Decimal(1000), usage_unit="bar")
        await purchased_offer(unit, carla.account, code="gold")
    assert await record(runtime, line("r-1", "1000000000000", unit="bar")) == [
        "OUT_OF_RANGE 0 quantity"
    ]


async def test_too_many_lines(runtime: Runtime, carla: User) -> None:
    """The whole list is refused."""
    lines = [line(str(number)) for number in range(1001)]
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "lines"), runtime.unit(ANA) as unit:
        await record_usage(unit, lines)


async def test_nothing_at_all(runtime: Runtime) -> None:
    """An empty list has an empty result."""
    async with nothing_written(runtime):
        assert await record(runtime) == []


async def test_agents_record_usage(runtime: Runtime, carla: User) -> None:
    """Rules 10: viewers cannot."""
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await record_usage(unit, [line("r-1")])


@pytest.mark.parametrize("whose", ["service", "account"])
async def test_late_usage_of_before_during_and_after_a_suspension(
    runtime: Runtime, carla: User, whose: str
) -> None:
    """The status at the time of the usage decides, also after 2.13 moved the start."""
    change, target = (
        (set_service, carla.service) if whose == "service" else (set_account, carla.account)
    )
    for day, to in (
        (12, Status.INACTIVE),
        (15, Status.ACTIVE),
        (18, Status.INACTIVE),
        (20, Status.CLOSED),
    ):
        await set_clock(runtime, at(day))
        async with runtime.unit(ANA) as unit:
            await change(unit, target, to)
    await set_clock(runtime, at(25))
    days = {11: True, 12: False, 14: False, 15: True, 17: True, 18: False, 19: False, 21: False}
    answers = await record(runtime, *(line(f"{day}", occurred_at=at(day)) for day in days))
    refusals = [None if isinstance(answer, int) else answer for answer in answers]
    assert refusals == [
        None if active else f"NOT_ALLOWED {place} occurred_at"
        for place, active in enumerate(days.values())
    ]


async def test_late_usage_is_rated_by_what_was_in_force_then(runtime: Runtime, carla: User) -> None:
    """Later offers do not rate it, and later discounts do not apply."""
    await set_clock(runtime, at(15))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.offer, Status.CLOSED)
        await catalog_offer(unit, "new", usage_rate=Decimal(1), usage_unit="MB")
        await purchased_offer(unit, carla.account, carla.service, code="new")
        await purchased_offer(unit, carla.account, code=await discount(unit, "half", "50"))
    await set_clock(runtime, at(20))
    await record(runtime, line("r-1", occurred_at=at(14)), line("r-2", occurred_at=at(15)))
    assert [it.amount for it in await events(runtime, EventKind.USAGE)] == [
        Decimal("0.50"),
        Decimal("10.00"),
    ]
    assert [it.amount for it in await events(runtime, EventKind.DISCOUNT)] == [Decimal("-5.00")]


async def test_offer_that_starts_later(runtime: Runtime, carla: User) -> None:
    """It rates nothing before its start."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "text", usage_rate=Decimal(1), usage_unit="SMS")
        await purchased_offer(unit, carla.account, carla.service, code="text", start_at=at(15))
    await set_clock(runtime, at(20))
    lines = [line(str(day), unit="SMS", occurred_at=at(day)) for day in (14, 15)]
    assert [isinstance(answer, int) for answer in await record(runtime, *lines)] == [False, True]


async def test_backdated_inactivation(runtime: Runtime, carla: User) -> None:
    """Rules 2.11: effective from that time, also for usage recorded later."""
    await set_clock(runtime, at(20))
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE, backdate_to=at(15).date())
    lines = [line(str(day), occurred_at=at(day)) for day in (14, 16)]
    assert [isinstance(answer, int) for answer in await record(runtime, *lines)] == [True, False]


async def test_login_that_was_given_up_and_taken_since(runtime: Runtime, carla: User) -> None:
    """Rules 3.2: late usage belongs to the service that was active under the login."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, closed_login_prefix="#CLOSED#")
    await set_clock(runtime, at(12))
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.CLOSED)
    await set_clock(runtime, at(14))
    async with runtime.unit(ANA) as unit:
        second = await user(unit)
    answers = await record(runtime, *(line(str(day), occurred_at=at(day)) for day in (11, 13, 14)))
    assert answers[1] == "NOT_ALLOWED 1 occurred_at"
    assert [it.service_id for it in await events(runtime, EventKind.USAGE)] == [
        carla.service,
        second.service,
    ]


async def test_statements_do_not_grow_with_the_list(runtime: Runtime, carla: User) -> None:
    """Issue 4: a fixed number for 1,000 lines, and five more for usage before a change."""
    async with runtime.unit(ANA) as unit:
        for number in range(9):
            await user(unit, f"user{number}")
        await purchased_offer(unit, carla.account, code=await discount(unit, "tenth", "10"))
    logins = ["carla", *(f"user{number}" for number in range(9))]
    sent: list[int] = []
    for size in (10, 1000):
        lines = [line(f"{size}-{number}", login=logins[number % 10]) for number in range(size)]
        async with runtime.unit(ANA) as unit:
            with sent_statements(runtime.database) as statements:
                answers = await record_usage(unit, lines)
        assert all(isinstance(result_of(answer), int) for answer in answers)
        sent.append(len(statements))
    await set_clock(runtime, at(12))
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE)
        with sent_statements(runtime.database) as statements:
            await record_usage(unit, [line("late")])
        sent.append(len(statements))
    assert sent == [sent[0], sent[0], sent[0] + 5]
    assert sent[0] <= 12


async def rows_by_reference(runtime: Runtime) -> list[tuple[int, str, int]]:
    """Service, reference and event of each rated usage."""
    async with runtime.database.reading() as session:
        found = await session.execute(RatedUsage.__table__.select().order_by(RatedUsage.event_id))
        return [(service_id, reference, event_id) for service_id, reference, event_id in found]
