"""A household whose money moves at random: what can be done to it, by small numbers, and what its days were really like.

Paola pays for Carlo; Sara pays for herself, by direct debit; Paola has a second bill unit of her own. `Household` does
what is asked, by the verbs, and keeps a diary of what it did and saw, from which `conservation` reckons what it must cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from sqlalchemy import func, select

from tenure.accounts.models import BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import Bill, BillItem
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.disputes.actions import adjust, open_dispute, settle_dispute
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event
from tenure.hierarchy.payers.actions import add_bill_unit, change_payer
from tenure.holds.models import Status
from tenure.jobs.models import JobKind
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.purchases.actions import add_service, purchase
from tenure.receivables.receipts.actions import record_payment
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import RecordedUsage, UsageLine
from tests import builders
from tests.conftest import ANA, set_clock

DAY = timedelta(days=1)
CENT = Decimal("0.01")
# A use of one minute costs less than half a cent.
RATE = Decimal("0.0037")
# Prices by the month, for buying, and for ending: a part of a month is rarely a whole cent.
PRICES = {
    "LINE": (Decimal("29.99"), Decimal("19.95"), Decimal("7.77")),
    "NET": (Decimal("7.77"), None, None),
    "FINE": (Decimal("31.01"), Decimal("0.01"), None),
}
PERCENT = Decimal("12.5")
OFF = "CARE"
OFFERS = (*PRICES, OFF)
TO = (Status.INACTIVE, Status.ACTIVE, Status.INACTIVE, Status.ACTIVE, Status.CLOSED)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Move:
    """What is done: to whom and to what, as remainders of how many there are; how much; and how many days pass then."""

    verb: str
    who: int
    what: int
    cents: int
    days: int


@dataclass(slots=True)
class Diary:
    """The days on which offers were active at their end, what was used, paid in and adjusted, and who moved."""

    active: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    used: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    received: Decimal = Decimal(0)
    adjusted: Decimal = Decimal(0)
    moved: set[int] = field(default_factory=set)
    done: list[str] = field(default_factory=list)


class Household:
    """The accounts under test, on the evening of a day."""

    def __init__(self, runtime: Runtime, today: date) -> None:
        self.runtime, self.today = runtime, today
        self.accounts: list[int] = []
        self.diary = Diary()

    @property
    def noon(self) -> datetime:
        """When things are done."""
        return datetime.combine(self.today, time(12), UTC)

    async def move_in(self, billing_days: Sequence[int]) -> None:
        """Everybody has a line with one offer."""
        await set_clock(self.runtime, self.noon)
        async with self.runtime.unit(ANA) as unit:
            await _catalog(unit)
            paola = await builders.account(unit, "Paola", billing_day_of_month=billing_days[0])
            carlo = await builders.child(unit, paola, "Carlo", paid=True)
            sara = await builders.account(unit, "Sara", billing_day_of_month=billing_days[1])
            self.accounts = [paola, carlo, sara]
            await add_payment_method(
                unit, sara, kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_ok"
            )
            second = await add_bill_unit(
                unit, paola, name="Second", billing_day_of_month=billing_days[1]
            )
            for account, bill_unit in (
                (paola, None),
                (paola, builders.row_id(second)),
                (carlo, None),
                (sara, None),
            ):
                login = f"{account} {bill_unit}"
                more: dict[str, Any] = {
                    "login": login,
                    "bill_unit_id": bill_unit,
                    "offer_codes": ["LINE"],
                }
                await add_service(unit, account, kind="telephony", **more)

    async def do(self, move: Move) -> None:
        """Do it, unless it is refused; all or nothing."""
        await set_clock(self.runtime, self.noon)
        try:
            async with self.runtime.unit(ANA) as unit:
                note = await getattr(self, move.verb)(unit, move)
        except TenureError as refusal:
            self.diary.done.append(f"{self.today} {move.verb}: {refusal.code} {refusal.message}")
        else:
            self.diary.done.append(f"{self.today} {move.verb}")
            if note is not None:
                note()

    async def next_job(self) -> date:
        """The next day on which a cycle ends, or a promise is due."""
        async with self.runtime.database.reading() as session:
            due = select(func.min(DeferredAction.scheduled_for)).where(
                DeferredAction.status == DeferredStatus.PENDING
            )
            promised = (await session.execute(due)).scalar_one()
            billed: date = (
                await session.execute(select(func.min(BillUnit.next_bill_on)))
            ).scalar_one()
        return min(billed, promised.date()) if promised else billed

    async def live_until(self, day: date) -> None:
        """Days pass on which nothing is done: what is active stays so."""
        async with self.runtime.database.reading() as session:
            active = select(PurchasedOffer).where(PurchasedOffer.status == Status.ACTIVE)
            for offer in (await session.execute(active)).scalars():
                begun = max(self.today, offer.first_start.date())
                self.diary.active[offer.id] |= {begun + n * DAY for n in range((day - begun).days)}
        self.today = day

    async def bill_day(self) -> None:
        """The bill day of today, early in the morning."""
        await set_clock(self.runtime, datetime.combine(self.today, time(1), UTC))
        await builders.run_job(self.runtime, kind=JobKind.BILL_DAY)

    # What can be done

    async def buy(self, unit: Unit, move: Move) -> None:
        """For a service, or for the account itself; now or from a later day on. At most two discounts together."""
        service = await _one(unit, Service, move.who)
        code, ahead = OFFERS[move.what % len(OFFERS)], (0, 0, 0, 9)[move.cents % 4]
        start = datetime.combine(self.today + ahead * DAY, time(), UTC) if ahead else None
        if code == OFF:
            discounts = select(func.count()).where(PurchasedOffer.kind == OfferKind.DISCOUNT)
            if (await unit.session.execute(discounts)).scalar_one() >= 2:
                return
        for_it = None if code == OFF and move.cents % 2 else service.id
        quantity = Decimal((1, 1, 3)[move.cents % 3])
        account_id = service.account_id
        more: dict[str, Any] = {"service_id": for_it, "quantity": quantity, "start_at": start}
        await purchase(unit, account_id, offer_code=code, **more)

    async def toggle(self, unit: Unit, move: Move, **when: datetime) -> None:
        """Of an account, a service or an offer."""
        to = TO[move.cents % len(TO)]
        if move.what % 3 == 0:
            await builders.set_account(unit, self.accounts[move.who % 3], to, **when)
        elif move.what % 3 == 1:
            await builders.set_service(unit, (await _one(unit, Service, move.who)).id, to, **when)
        else:
            await builders.set_offer(
                unit, (await _one(unit, PurchasedOffer, move.who)).id, to, **when
            )

    async def defer(self, unit: Unit, move: Move) -> None:
        """The same, at the beginning of a later day."""
        await self.toggle(
            unit,
            move,
            defer_until=datetime.combine(self.today + (1 + move.cents % 25) * DAY, time(), UTC),
        )

    async def use(self, unit: Unit, move: Move) -> Any:
        """Three times some minutes; today or, late, some days ago."""
        service = await _one(unit, Service, move.who)
        at = self.noon - timedelta(days=(0, 0, 3, 17)[move.what % 4], minutes=1)
        minutes = Decimal(1 + move.cents % 500)
        lines = [
            UsageLine("telephony", service.login or "", minutes, "minute", at, reference)
            for reference in (f"{len(self.diary.done)}-{place}" for place in range(3))
        ]
        price, self_used, service_id = Decimal(0), self.diary.used, service.id
        for answer in await record_usage(unit, lines):
            if isinstance(answer, TenureError):
                raise answer
            assert isinstance(answer, RecordedUsage)
            event = await unit.session.get_one(Event, answer.event_id)
            assert event.amount is not None
            # Within a cent of its own price: the usage of an item is rounded once (`conservation`).
            assert abs(event.amount - to_the_cent(minutes * RATE)) <= CENT
            price += event.amount

        def note() -> None:
            self_used[service_id] += price

        return note

    async def pay(self, unit: Unit, move: Move) -> Any:
        """So much, for a bill or for whichever is open; often what is open to the cent."""
        account_id = self.accounts[move.who % 3]
        bills = (
            select(Bill)
            .where(Bill.account_id == account_id, Bill.billed_on.is_not(None))
            .order_by(Bill.id)
        )
        made = (await unit.session.execute(bills)).scalars().all()
        amount, bill_id = Decimal(move.cents) * CENT, None
        if made and move.what % 2:
            bill = made[move.cents % len(made)]
            bill_id, amount = (
                bill.id,
                bill.open_amount if move.what % 3 and bill.open_amount else amount,
            )
        await record_payment(
            unit, account_id, amount=amount, reference=f"{len(self.diary.done)}", bill_id=bill_id
        )

        def note() -> None:
            self.diary.received += amount

        return note

    async def change(self, unit: Unit, move: Move) -> Any:
        """Who pays for a bill unit: another one, or nobody else."""
        paid = await _one(unit, BillUnit, move.who)
        payer = None if move.what % 3 == 0 else await _one(unit, BillUnit, move.what)
        before, paid_id = paid.billing_day_of_month, paid.id
        await change_payer(unit, paid_id, paying_parent_id=payer and payer.id)
        days = select(BillUnit.id, BillUnit.billing_day_of_month)
        now = {it.id: it.billing_day_of_month for it in await unit.session.execute(days)}
        moved = {paid_id} if now[paid_id] != before else set()

        def note() -> None:
            # Those that it paid for go along.
            self.diary.moved |= moved and set(now)

        return note

    async def dispute(self, unit: Unit, move: Move) -> None:
        """A bill, an item or an event: all of it or a part, of what was billed."""
        part = None if move.cents % 2 else Decimal(move.cents) * CENT
        await open_dispute(unit, **await _level(unit, move), amount=part, reason="Wrong")

    async def settle(self, unit: Unit, move: Move) -> Any:
        """Grant all, nothing, or some of it."""
        opened = (
            select(Dispute)
            .where(Dispute.status == DisputeStatus.OPEN)
            .order_by(Dispute.id)
            .limit(1)
        )
        dispute = (await unit.session.execute(opened)).scalar_one_or_none()
        if dispute is None:
            return None
        share = (dispute.amount, Decimal(0), min(dispute.amount, Decimal(move.cents) * CENT))
        granted = share[move.what % 3]
        await settle_dispute(unit, dispute.id, granted=granted)

        def note() -> None:
            self.diary.adjusted -= granted

        return note

    async def correct(self, unit: Unit, move: Move) -> Any:
        """Credit or charge an account, a bill, an item or an event."""
        amount = Decimal(move.cents) * CENT * (-1) ** (move.cents % 2)
        on: dict[str, int] = {"account_id": self.accounts[move.who % 3]}
        if move.what % 4:
            on = await _level(unit, move)
        await adjust(unit, **on, amount=amount, reason="Goodwill")

        def note() -> None:
            self.diary.adjusted += amount

        return note


def to_the_cent(amount: Decimal) -> Decimal:
    """As a shop rounds."""
    return amount.quantize(CENT, ROUND_HALF_UP)


async def _catalog(unit: Unit) -> None:
    for code, (monthly, buying, ending) in PRICES.items():
        fees: dict[str, Any] = {
            "monthly_fee": monthly,
            "purchase_fee": buying,
            "cancel_fee": ending,
        }
        if code == "LINE":
            fees |= {"usage_rate": RATE, "usage_unit": "minute"}
        await create_offer(unit, code=code, name=code, kind=OfferKind.CHARGE, **fees)
    await create_offer(
        unit, code=OFF, name=OFF, kind=OfferKind.DISCOUNT, monthly_percent_off=PERCENT
    )


async def _one(unit: Unit, table: type[Row], which: int) -> Row:
    """One of these rows, by the remainder."""
    found = (await unit.session.execute(select(table).order_by(table.id))).scalars().all()  # type: ignore[attr-defined]
    return found[which % len(found)]


async def _level(unit: Unit, move: Move) -> dict[str, int]:
    """A bill that was made, an item of it, or a charge on it; by its name in the API. None where nothing was billed."""
    made = select(Bill.id).where(Bill.billed_on.is_not(None)).order_by(Bill.id)
    item = select(BillItem.id).join(Bill).where(Bill.billed_on.is_not(None)).order_by(BillItem.id)
    event = (
        select(Event.id).join(BillItem, BillItem.id == Event.item_id).join(Bill).order_by(Event.id)
    )
    name, statement = (
        ("bill_id", made),
        ("item_id", item),
        ("event_id", event.where(Bill.billed_on.is_not(None))),
    )[move.what % 3]
    found = (await unit.session.execute(statement)).scalars().all()
    return {name: found[move.who % len(found)] if found else 0}
