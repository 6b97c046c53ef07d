"""Rules 2.11: a backdated change corrects what it reaches as of its date, whatever the order of
asking.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tenure.accounts.models import Account
from tenure.activity.rules import (
    HoldPeriod,
    InitialHolds,
    PaidSpan,
    StatusEvent,
    account_holds,
    own_holds,
    with_origin,
)
from tenure.assets.models import PurchasedOffer, Service
from tenure.events.models import Event, EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import change_payer
from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import UsageLine
from tests.billing.charges.test_charging import bill_day, close_cycles
from tests.builders import (
    account,
    catalog_offer,
    default_bill_unit_id,
    paid_unit,
    purchased_offer,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import events, refused, row, rows
from tests.conftest import ANA, set_clock
from tests.repetitions import repetitions

ACTIVE, INACTIVE, CLOSED = Status.ACTIVE, Status.INACTIVE, Status.CLOSED
CHANGES = {
    "payer": set_account,
    "other": set_account,
    "account": set_account,
    "service": set_service,
    "offer": set_offer,
}
TODAY = 28
CYCLE = range(1, 31)


def day(number: int) -> date:
    """A day of November 2026."""
    return date(2026, 11, number)


def noon(number: int, *, month: int = 11) -> datetime:
    """Noon of a day of November 2026, or of another month."""
    return datetime(2026, month, number, 12, tzinfo=UTC)


@dataclass
class Chain:
    """A payer, whom it pays for, their service and its offer; the offer costs 1.00 a day of
    November.
    """

    ids: dict[str, int]
    payer_unit: int
    paid_unit: int
    own_offer: int


async def chain(runtime: Runtime, *, paid_from: int = 1) -> Chain:
    """All of them exist since 1 November, billed on the 1st; the payer pays since the given day.
    Now is the 28th.
    """
    await set_clock(runtime, noon(1))
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "dsl", monthly_fee=Decimal(30))
        await catalog_offer(unit, "all", usage_rate=Decimal("0.004"), usage_unit="call")
        payer = await account(unit, "Payer", billing_day_of_month=1)
        owner = await account(unit, "Owner", billing_day_of_month=1)
        line = await service(unit, owner, "owner")
        await purchased_offer(unit, owner, code="all")
        offer = await purchased_offer(unit, owner, line, code="dsl")
        own = await purchased_offer(unit, owner, code="dsl")
        units = await default_bill_unit_id(unit, payer), await default_bill_unit_id(unit, owner)
    await set_clock(runtime, noon(paid_from))
    async with runtime.unit(ANA) as unit:
        await change_payer(unit, units[1], paying_parent_id=units[0])
    await set_clock(runtime, noon(TODAY))
    ids = {"payer": payer, "account": owner, "service": line, "offer": offer}
    return Chain(ids, units[0], units[1], own)


async def change(runtime: Runtime, it: Chain, what: str, to: Status, on: int | None = None) -> None:
    """Change one of them as of a day; now where none is given."""
    async with runtime.unit(ANA) as unit:
        backdate_to = None if on is None else day(on)
        await CHANGES[what](unit, it.ids[what], to, backdate_to=backdate_to)


def use(on: int, reference: str) -> UsageLine:
    """One call for 0.004 in the evening of that day, which the offer of the account rates."""
    at = noon(on).replace(hour=18)
    return UsageLine("internet", "owner", Decimal(1), "call", at, reference)


async def record(runtime: Runtime, days: Iterable[int], reference: str = "first") -> set[int]:
    """A call on each of these days, recorded now; the days on which it was accepted."""
    lines = {on: use(on, f"{reference} {on}") for on in days}
    async with runtime.unit(ANA) as unit:
        answers = await record_usage(unit, [*lines.values()])
    refusals = {it.code for it in answers if isinstance(it, TenureError)}
    assert refusals <= {ErrorCode.NOT_ALLOWED}
    return {on for on, it in zip(lines, answers, strict=True) if not isinstance(it, TenureError)}


async def used_days(runtime: Runtime) -> list[int]:
    """The days whose calls are charged in the end; all of them together are rounded once."""
    calls = [it for it in await rows(runtime, Event, kind=EventKind.USAGE) if it.quantity]
    given_back = {it.followed_id for it in calls if it.quantity and it.quantity < 0}
    kept = [it for it in calls if it.id not in given_back and it.followed_id not in given_back]
    exact = len(kept) * Decimal("0.004")
    assert sum(it.amount or 0 for it in calls) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert len(calls) == len(kept) + 2 * len(given_back)
    return sorted(it.occurred_at.day for it in kept)


async def charged_days(runtime: Runtime, offer_id: int) -> int:
    """For how many days the offer is charged in the end: its fees add up to 1.00 for each."""
    fees = [
        it for it in await rows(runtime, Event, offer_id=offer_id) if it.kind is EventKind.CYCLE_FEE
    ]
    total = sum((it.amount for it in fees if it.amount is not None), Decimal(0))
    assert total == int(total)
    assert sum(it.details["days"] for it in fees if it.details) == total
    return int(total)


@pytest.mark.parametrize("order", [("offer", "service"), ("service", "offer")])
async def test_offer_then_its_service(runtime: Runtime, order: tuple[str, str]) -> None:
    """Rules 2.11: offer inactive as of the 25th, its service as of the 20th: charged until the
    19th.
    """
    it = await chain(runtime)
    for what in order:
        await change(runtime, it, what, INACTIVE, {"offer": 25, "service": 20}[what])
    assert await charged_days(runtime, it.ids["offer"]) == 19
    assert (await row(runtime, PurchasedOffer, it.ids["offer"])).status_changed_at == datetime(
        2026, 11, 20, tzinfo=UTC
    )


LEVELS = ("payer", "account", "service", "offer")
ABOVE = [(first, then) for place, first in enumerate(LEVELS) for then in LEVELS[:place]]


@pytest.mark.parametrize(("first", "then"), ABOVE)
@pytest.mark.parametrize("closing", [False, True])
async def test_what_was_inactive_or_closed_already(
    runtime: Runtime, first: str, then: str, closing: bool
) -> None:
    """Rules 2.11: something below is inactive (or closed) as of the 25th, something above as of the
    20th.
    """
    it = await chain(runtime)
    await change(runtime, it, first, CLOSED if closing else INACTIVE, 25)
    await change(runtime, it, then, INACTIVE, 20)
    assert await charged_days(runtime, it.ids["offer"]) == 19


async def test_a_closed_offer_stays_frozen_and_pays_one_cancel_fee(runtime: Runtime) -> None:
    """Rules 2.5 and 2.11: its days are given back; neither its holds nor its cancel fee are written
    again.
    """
    it = await chain(runtime)
    await change(runtime, it, "offer", CLOSED, 25)
    before = await row(runtime, PurchasedOffer, it.ids["offer"])
    await change(runtime, it, "service", INACTIVE, 20)
    after = await row(runtime, PurchasedOffer, it.ids["offer"])
    assert (after.version, after.inactive_holds, after.closed_at) == (
        *(before.version, before.inactive_holds, before.closed_at),
    )
    assert await charged_days(runtime, it.ids["offer"]) == 19


@pytest.mark.parametrize("paid_from", [1, 22])
async def test_a_payers_hold_never_begins_before_it_paid(runtime: Runtime, paid_from: int) -> None:
    """Rules 2.11: payer inactive as of the 20th, paying since the 22nd: charged until the 21st."""
    it = await chain(runtime, paid_from=paid_from)
    await change(runtime, it, "payer", INACTIVE, 20)
    begun = max(20, paid_from)
    assert await charged_days(runtime, it.ids["offer"]) == begun - 1
    assert await charged_days(runtime, it.own_offer) == begun - 1
    since = noon(22) if paid_from == 22 else datetime(2026, 11, 20, tzinfo=UTC)
    assert (await row(runtime, Account, it.ids["account"])).status_changed_at == since
    assert (await row(runtime, Service, it.ids["service"])).status_changed_at == since
    recorded = [
        event.occurred_at
        for event in await events(runtime)
        if event.account_id == it.ids["account"]
    ]
    assert recorded == [since] * 5


async def test_below_the_payer_by_hierarchy(runtime: Runtime) -> None:
    """Rules 2.11: a move on the 24th makes the parent pay; its earlier status does not count."""
    it = await chain(runtime)
    await set_clock(runtime, noon(24))
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent", billing_day_of_month=1)
    async with runtime.unit(ANA) as unit:
        await change_payer(unit, it.paid_unit, paying_parent_id=None)
        await change_parent(unit, it.ids["account"], parent_id=parent, parent_pays=True)
    await set_clock(runtime, noon(TODAY))
    it.ids["payer"] = parent
    await change(runtime, it, "payer", INACTIVE, 25)
    assert await charged_days(runtime, it.ids["offer"]) == 24


@pytest.mark.parametrize(("first", "then"), ABOVE[:3])
async def test_usage_below_what_was_inactive_already(
    runtime: Runtime, first: str, then: str
) -> None:
    """Rules 2.11 and 6.4: inactive as of the 25th, what is above it as of the 20th.

    What is below gets no second event. Its usage since the 20th is given back all the same, and
    late usage of that time is refused.
    """
    it = await chain(runtime)
    await record(runtime, range(15, 28))
    await change(runtime, it, first, INACTIVE, 25)
    assert await used_days(runtime) == [*range(15, 25)]
    assert await record(runtime, [24, 25], "late") == {24}
    await change(runtime, it, then, INACTIVE, 20)
    assert await used_days(runtime) == [*range(15, 20)]
    assert await record(runtime, [19, 20, 22, 24], "later") == {19}


async def _pay_from(runtime: Runtime, account_id: int, payer_id: int, on: int) -> None:
    await set_clock(runtime, noon(on))
    async with runtime.unit(ANA) as unit:
        await paid_unit(unit, account_id, payer_id)
    await set_clock(runtime, noon(TODAY))


async def test_two_payers_in_any_order(runtime: Runtime) -> None:
    """Rules 2.6, 2.11: inactive while one payer is: the 20th and 21st, then from the 25th on."""
    await set_clock(runtime, noon(1))
    async with runtime.unit(ANA) as unit:
        other = await account(unit, "Other payer", billing_day_of_month=1)
    it = await chain(runtime)
    await _pay_from(runtime, it.ids["account"], other, 2)
    it.ids["other"] = other
    await change(runtime, it, "payer", INACTIVE, 25)
    await change(runtime, it, "other", INACTIVE, 20)
    assert await charged_days(runtime, it.ids["offer"]) == 19
    await change(runtime, it, "other", ACTIVE, 22)
    assert await charged_days(runtime, it.ids["offer"]) == 22


async def test_a_hold_is_not_lifted_before_it_began(runtime: Runtime) -> None:
    """Rules 2.11: offer by hand as of the 25th, service from 20 to 22: the offer is not active as
    of the 23rd.
    """
    it = await chain(runtime)
    await change(runtime, it, "offer", INACTIVE, 25)
    await change(runtime, it, "service", INACTIVE, 20)
    await change(runtime, it, "service", ACTIVE, 22)
    assert await charged_days(runtime, it.ids["offer"]) == 22
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "backdate_to"):
        await change(runtime, it, "offer", ACTIVE, 23)
    await change(runtime, it, "offer", ACTIVE, 26)
    assert await charged_days(runtime, it.ids["offer"]) == 27


async def test_a_service_that_was_left_active(runtime: Runtime) -> None:
    """Rules 2.11, 2.12: an account that did not reach its service then does not now, whatever the
    setting is.
    """
    it = await chain(runtime)
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, allow_active_service_with_inactive_account=True)
    await change(runtime, it, "account", INACTIVE, 5)
    await change(runtime, it, "account", ACTIVE, 8)
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, allow_active_service_with_inactive_account=False)
    await change(runtime, it, "account", INACTIVE, 10)
    await change(runtime, it, "account", ACTIVE, 12)
    await change(runtime, it, "service", INACTIVE, 20)
    assert await charged_days(runtime, it.ids["offer"]) == 17
    assert await charged_days(runtime, it.own_offer) == 25


@pytest.mark.parametrize("anew", [True, False])
async def test_the_next_bill_day_changes_nothing(runtime: Runtime, anew: bool) -> None:
    """Rules 2.11, 2.13, 6.3: the correction also holds in the next cycle, with either setting."""
    it = await chain(runtime)
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, change_start_time_on_activation=anew)
    await change(runtime, it, "offer", INACTIVE, 25)
    await change(runtime, it, "service", INACTIVE, 20)
    await change(runtime, it, "service", ACTIVE, 22)
    await change(runtime, it, "offer", ACTIVE, 26)
    assert await charged_days(runtime, it.ids["offer"]) == 27
    await bill_day(runtime, date(2026, 12, 1))
    fees = [
        e
        for e in await rows(runtime, Event, offer_id=it.ids["offer"])
        if e.kind is EventKind.CYCLE_FEE
    ]
    assert [(e.amount, e.period_start) for e in fees[-1:]] == [(Decimal(30), date(2026, 12, 1))]
    await close_cycles(runtime, date(2026, 12, 1), date(2027, 1, 1))
    await set_clock(runtime, noon(11, month=12))
    async with runtime.unit(ANA) as unit:
        await set_service(unit, it.ids["service"], INACTIVE)
    fees = [
        e
        for e in await rows(runtime, Event, offer_id=it.ids["offer"])
        if e.kind is EventKind.CYCLE_FEE
    ]
    assert fees[-1].details == {"days": -21, "cycleDays": 31}


@dataclass
class Model:
    """Day by day: the intervals of holds by hand on each of the four; a closed offer never comes
    back.
    """

    paid_from: int
    holds: dict[str, list[list[int | None]]] = field(
        default_factory=lambda: {name: [] for name in ("payer", "account", "service", "offer")}
    )
    # By offer, since when it is closed: that of the service, and those of the account.
    closed: dict[str, int] = field(default_factory=dict)

    def change(self, what: str, to: Status, on: int) -> None:
        """What the program has accepted."""
        resting = [it for it in self.holds[what] if it[1] is None]
        if to is ACTIVE:
            for it in resting:
                it[1] = on
        else:
            self.holds[what].append([on, None])
        if to is CLOSED:
            since = max(on, self.paid_from if what == "payer" else 0)
            self.closed.setdefault("offer", since)
            if what in ("payer", "account"):
                self.closed.setdefault("offer of account", since)

    def is_active(self, on: int) -> bool:
        """The offer of the service at the end of that day."""
        return on < self.closed.get("offer", 99) and not self._is_held(on, LEVELS)

    def was_used(self, on: int) -> bool:
        """The service, which an offer of the account rates, in the evening of that day."""
        is_open = on < self.closed.get("offer of account", 99)
        return is_open and not self._is_held(on, LEVELS[:-1])

    def _is_held(self, on: int, names: Iterable[str]) -> bool:
        return any(
            start is not None and start <= on and (end is None or on < end)
            for name in names
            if name != "payer" or on >= self.paid_from
            for start, end in self.holds[name]
        )


@pytest.mark.parametrize("seed", range(repetitions("TENURE_TEST_BACKDATED", 6, 12)))
async def test_any_order_gives_the_sum_of_the_days(runtime: Runtime, seed: int) -> None:
    """Rules 2.11, 6.4: random backdated changes; an independent model knows each day's fee and
    usage.
    """
    some = random.Random(seed)
    paid_from = some.choice([1, 1, 12, 18])
    it = await chain(runtime, paid_from=paid_from)
    model, accepted = Model(paid_from), 0
    used = await record(runtime, range(2, TODAY))
    assert used == set(range(2, TODAY))
    refusals: set[ErrorCode] = set()
    for _ in range(14):
        what = some.choice(["payer", "account", "service", "offer"])
        to = some.choice(
            [
                INACTIVE,
                INACTIVE,
                ACTIVE,
                ACTIVE,
                ACTIVE,
                CLOSED if some.random() < 0.2 else INACTIVE,
            ]
        )
        on = some.choice([None, *range(2, TODAY)])
        before = await events(runtime)
        try:
            await change(runtime, it, what, to, on)
        except TenureError as error:
            refusals.add(error.code)
            continue
        if len(await events(runtime)) > len(before):
            accepted += 1
            model.change(what, to, TODAY if on is None else on)
        assert await charged_days(runtime, it.ids["offer"]) == sum(map(model.is_active, CYCLE))
        used = {day for day in used if model.was_used(day)}
        assert await used_days(runtime) == sorted(used)
    late = await record(runtime, range(2, TODAY), "late")
    assert late == {day for day in range(2, TODAY) if model.was_used(day)}
    assert accepted >= 2
    assert refusals <= {ErrorCode.OUT_OF_RANGE, ErrorCode.NOT_ALLOWED}


def test_holds_that_came_with_an_import() -> None:
    """Rules 2.11: imported entities have holds without events, which count from the creation."""
    closed = InitialHolds(noon(1), 0, int(Cause.MANUAL))
    [hold] = own_holds(with_origin(closed, [], Cause.MANUAL))
    assert hold == HoldPeriod(noon(1), None, True, 0)
    active = StatusEvent(7, noon(9), INACTIVE, ACTIVE, 0, 0, int(Cause.MANUAL))
    reactivated = with_origin(InitialHolds(noon(1), 0, 0), [active], Cause.MANUAL)
    assert own_holds(reactivated) == [HoldPeriod(noon(1), noon(9), False, 0)]
    assert [event.to_status for event in reactivated] == [INACTIVE, ACTIVE]
    assert with_origin(InitialHolds(noon(1), 0, 0), [], Cause.MANUAL) == []


def test_accounts_that_pay_for_each_other() -> None:
    """Rules 2.6 and 2.11, decision 1: a hold comes back to nobody; it ends for all when it ends."""
    own = {1: [HoldPeriod(noon(5), noon(8), False, 3)], 2: [], 3: []}
    paid = [
        PaidSpan(1, 2, noon(1), None),
        PaidSpan(2, 1, noon(1), None),
        PaidSpan(2, 3, noon(6), noon(7)),
    ]
    found = account_holds(own, paid)
    assert found[1] == found[2] == {HoldPeriod(noon(5), noon(8), False, 3)}
    assert found[3] == {HoldPeriod(noon(6), noon(7), False, 3)}
