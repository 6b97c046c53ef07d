"""The business settings and the business clock (rules 1 and 10)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.actions import set_clock, update_settings
from tenure.settings.queries import BusinessReader, read_business, settings_of
from tests.checks import ABE, MIA, VIC, audited, forbidden, nothing_written, refused
from tests.conftest import ANA, NOON


async def now(runtime: Runtime) -> datetime:
    """What a unit that begins now takes for the time."""
    async with runtime.unit(ANA) as unit:
        return unit.now


async def put_clock(runtime: Runtime, to: datetime | None) -> None:
    """As an admin sets it."""
    async with runtime.unit(ANA) as unit:
        await set_clock(unit, now=to)


async def test_settings_count_from_the_next_unit_on(runtime: Runtime) -> None:
    """Omitted settings stay; each change is stored with its actor."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, closed_login_prefix="#CLOSED#", payment_term_days=14)
        await update_settings(unit, payment_term_days=14)
        await update_settings(unit, closed_login_prefix=None)
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
    assert (business.closed_login_prefix, business.payment_term_days, business.time_zone) == (
        None,
        14,
        "UTC",
    )
    both = {"closedLoginPrefix": [None, "#CLOSED#"], "paymentTermDays": [30, 14]}
    summary = "Changed closed login prefix, payment term days."
    cleared = {"closedLoginPrefix": ["#CLOSED#", None]}
    assert await audited(runtime) == [
        (ANA.name, "SETTINGS_CHANGED", summary, both),
        (ANA.name, "SETTINGS_CHANGED", "Changed closed login prefix.", cleared),
    ]


REFUSED: list[tuple[dict[str, Any], ErrorCode]] = [
    ({"time_zone": "Europe/Nowhere"}, ErrorCode.INVALID),
    ({"time_zone": None}, ErrorCode.REQUIRED),
    ({"time_zone": "../../etc/passwd"}, ErrorCode.INVALID),
    ({"allow_active_service_with_inactive_account": None}, ErrorCode.REQUIRED),
    ({"inactivate_after_days_past_due": -1}, ErrorCode.OUT_OF_RANGE),
    ({"payment_term_days": 366}, ErrorCode.OUT_OF_RANGE),
    ({"closed_login_prefix": "x" * 65}, ErrorCode.OUT_OF_RANGE),
    ({"closed_login_prefix": "\0"}, ErrorCode.INVALID),
]


async def test_settings_that_are_refused(runtime: Runtime, subtests: pytest.Subtests) -> None:
    """The path names the setting; what came with it is not changed either."""
    for values, code in REFUSED:
        with subtests.test(f"{values!r:.60}"):
            async with refused(runtime, code, *values), runtime.unit(ANA) as unit:
                await update_settings(unit, change_start_time_on_activation=False, **values)


async def test_clock_stands_still_until_it_is_set_again(runtime: Runtime) -> None:
    """Rules 1: the same for every process, since it lies in the database."""
    await put_clock(runtime, NOON + timedelta(days=1))
    other_process = Runtime(runtime.database, BusinessReader(clock_settable=True))
    assert await now(runtime) == await now(other_process) == NOON + timedelta(days=1)
    async with runtime.unit(ANA) as unit:
        assert settings_of(unit).clock_is_set


async def test_clock_goes_forward_only(runtime: Runtime) -> None:
    """Rules 1: OUT_OF_RANGE backwards; where it stands already is no step backwards."""
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "now"):
        await put_clock(runtime, NOON - timedelta(microseconds=1))
    await put_clock(runtime, NOON)
    assert await now(runtime) == NOON


async def test_clock_is_given_back_to_real_time(runtime: Runtime) -> None:
    """Rules 1: also where real time lies behind; both steps are kept."""
    await put_clock(runtime, datetime.max.replace(year=9000, tzinfo=NOON.tzinfo))
    await put_clock(runtime, None)
    assert abs(await now(runtime) - real_now()) < timedelta(minutes=1)
    later = "9000-12-31T23:59:59.999999Z"
    before, after = (details for *_, details in await audited(runtime))
    assert (before, after) == (
        {"clock": ["2026-11-10T12:00:00Z", later]},
        {"clock": [later, None]},
    )


async def test_clock_is_real_time_where_the_server_does_not_allow_it(runtime: Runtime) -> None:
    """Rules 1: NOT_ALLOWED to set, and one that was set before counts no longer."""
    strict = Runtime(runtime.database, BusinessReader(clock_settable=False))
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "now"):
        await put_clock(strict, NOON + timedelta(days=1))
    assert abs(await now(strict) - real_now()) < timedelta(minutes=1)


async def test_setting_the_clock_wakes_the_workers(runtime: Runtime) -> None:
    """Rules 4.4: what has come due by it is looked for at once."""
    woken: list[int] = []
    await put_clock(
        Runtime(
            runtime.database,
            BusinessReader(clock_settable=True),
            wake_workers=lambda: woken.append(1),
        ),
        NOON,
    )
    assert woken == [1]


@pytest.mark.parametrize("actor", [VIC, ABE, MIA])
async def test_settings_and_clock_need_an_admin(runtime: Runtime, actor: Any) -> None:
    """Rules 10."""
    async with forbidden(runtime), runtime.unit(actor) as unit:
        await update_settings(unit, payment_term_days=14)
    async with forbidden(runtime), runtime.unit(actor) as unit:
        await set_clock(unit, now=NOON + timedelta(days=1))
    async with nothing_written(runtime), runtime.unit(actor) as unit:
        assert unit.now == NOON
