"""Accounts to which random operations are applied, and the history of these operations.

Paola pays for Carlo; Sara pays for herself, by direct debit; Paola has a second bill unit.
`money_checks` computes the expected charges from the history.
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
from tenure.payments.rules import NewPaymentMethod
from tenure.purchases.actions import add_service, purchase_offer
from tenure.purchases.rules import NewPurchase, NewService
from tenure.receivables.receipts.actions import record_payment
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import RecordedUsage, UsageLine
from tests import builders
from tests.conftest import ANA, set_clock

DAY = timedelta(days=1)
CENT = Decimal("0.01")
# One minute costs less than half a cent.
RATE = Decimal("0.0037")
# Monthly fee, purchase fee and cancel fee. Prorated amounts are rarely whole cents.
PRICES = {
    "LINE": (Decimal("29.99"), Decimal("19.95"), Decimal("7.77")),
    "NET": (Decimal("7.77"), None, None),
    "FINE": (Decimal("31.01"), Decimal("0.01"), None),
}
# Discounts of a whole cycle in whole per cent are computed in SQL, others in Python.
DISCOUNT_PERCENTS = (Decimal("12.5"), Decimal(13))
DISCOUNT = "CARE"
OFFERS = (*PRICES, DISCOUNT)
STATUSES = (Status.INACTIVE, Status.ACTIVE, Status.INACTIVE, Status.ACTIVE, Status.CLOSED)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Step:
    """An operation with its arguments, and the days that pass after it.

    `who` and `what` select rows by the remainder of their count, so every number is valid.
    """

    operation: str
    who: int
    what: int
    cents: int
    days: int


@dataclass(slots=True)
class History:
    """Active days of each offer, amounts used, received and adjusted, and changes of payers.

    `moved` has the bill units whose billing day changed; `done` has one text per operation.
    """

    active: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    used: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    received: Decimal = Decimal(0)
    adjusted: Decimal = Decimal(0)
    moved: set[int] = field(default_factory=set)
    done: list[str] = field(default_factory=list)


class MoneyScenario:
    """The accounts under test, and the date that has been reached."""

    def __init__(self, runtime: Runtime, today: date) -> None:
        self.runtime, self.today = runtime, today
        self.discount_percent = DISCOUNT_PERCENTS[today.day % 2]
        self.accounts: list[int] = []
        self.history = History()

    @property
    def noon(self) -> datetime:
        """The time at which operations are executed."""
        return datetime.combine(self.today, time(12), UTC)

    async def set_up(self, billing_days: Sequence[int]) -> None:
        """Create the accounts, each with a service and an offer per bill unit."""
        await set_clock(self.runtime, self.noon)
        async with self.runtime.unit(ANA) as unit:
            await _catalog(unit, self.discount_percent)
            paola = await builders.account(unit, "Paola", billing_day_of_month=billing_days[0])
            carlo = await builders.child(unit, paola, "Carlo", paid=True)
            sara = await builders.account(unit, "Sara", billing_day_of_month=billing_days[1])
            self.accounts = [paola, carlo, sara]
            await add_payment_method(
                unit, NewPaymentMethod(sara, kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_ok")
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
                await add_service(unit, NewService(account, kind="telephony", **more))

    async def execute(self, step: Step) -> None:
        """Execute an operation and record it, also if a rule refuses it."""
        await set_clock(self.runtime, self.noon)
        try:
            async with self.runtime.unit(ANA) as unit:
                note = await getattr(self, step.operation)(unit, step)
        except TenureError as refusal:
            self.history.done.append(
                f"{self.today} {step.operation}: {refusal.code} {refusal.message}"
            )
        else:
            self.history.done.append(f"{self.today} {step.operation}")
            if note is not None:
                note()

    async def next_job_date(self) -> date:
        """The next date on which a cycle ends or a deferred action is scheduled."""
        async with self.runtime.database.reading() as session:
            pending = select(func.min(DeferredAction.scheduled_for)).where(
                DeferredAction.status == DeferredStatus.PENDING
            )
            scheduled = (await session.execute(pending)).scalar_one()
            billed: date = (
                await session.execute(select(func.min(BillUnit.next_bill_on)))
            ).scalar_one()
        return min(billed, scheduled.date()) if scheduled else billed

    async def advance_to(self, day: date) -> None:
        """Advance the date; offers that are active now are active on the days between."""
        async with self.runtime.database.reading() as session:
            active = select(PurchasedOffer).where(PurchasedOffer.status == Status.ACTIVE)
            for offer in (await session.execute(active)).scalars():
                begun = max(self.today, offer.first_start.date())
                self.history.active[offer.id] |= {
                    begun + n * DAY for n in range((day - begun).days)
                }
        self.today = day

    async def bill_day(self) -> None:
        """Run the bill day of today at one o'clock."""
        await set_clock(self.runtime, datetime.combine(self.today, time(1), UTC))
        await builders.run_job(self.runtime, kind=JobKind.BILL_DAY)

    # Operations

    async def purchase(self, unit: Unit, step: Step) -> None:
        """Purchase for a service or an account, now or from a later day; at most two discounts."""
        service = await _pick(unit, Service, step.who)
        code, ahead = OFFERS[step.what % len(OFFERS)], (0, 0, 0, 9)[step.cents % 4]
        start = datetime.combine(self.today + ahead * DAY, time(), UTC) if ahead else None
        if code == DISCOUNT:
            discounts = select(func.count()).where(PurchasedOffer.kind == OfferKind.DISCOUNT)
            if (await unit.session.execute(discounts)).scalar_one() >= 2:
                return
        for_it = None if code == DISCOUNT and step.cents % 2 else service.id
        quantity = Decimal((1, 1, 3)[step.cents % 3])
        account_id = service.account_id
        more: dict[str, Any] = {"service_id": for_it, "quantity": quantity, "start_at": start}
        await purchase_offer(unit, NewPurchase(account_id, offer_code=code, **more))

    async def change_status(self, unit: Unit, step: Step, **when: datetime) -> None:
        """Change the status of an account, a service or an offer."""
        to = STATUSES[step.cents % len(STATUSES)]
        if step.what % 3 == 0:
            await builders.set_account(unit, self.accounts[step.who % 3], to, **when)
        elif step.what % 3 == 1:
            await builders.set_service(unit, (await _pick(unit, Service, step.who)).id, to, **when)
        else:
            await builders.set_offer(
                unit, (await _pick(unit, PurchasedOffer, step.who)).id, to, **when
            )

    async def defer(self, unit: Unit, step: Step) -> None:
        """Defer a status change to the beginning of a later day."""
        await self.change_status(
            unit,
            step,
            defer_until=datetime.combine(self.today + (1 + step.cents % 25) * DAY, time(), UTC),
        )

    async def use_service(self, unit: Unit, step: Step) -> Any:
        """Record three usage lines of some minutes, of today or of some days ago."""
        service = await _pick(unit, Service, step.who)
        at = self.noon - timedelta(days=(0, 0, 3, 17)[step.what % 4], minutes=1)
        minutes = Decimal(1 + step.cents % 500)
        lines = [
            UsageLine("telephony", service.login or "", minutes, "minute", at, reference)
            for reference in (f"{len(self.history.done)}-{place}" for place in range(3))
        ]
        price, self_used, service_id = Decimal(0), self.history.used, service.id
        for answer in await record_usage(unit, lines):
            if isinstance(answer, TenureError):
                raise answer
            assert isinstance(answer, RecordedUsage)
            event = await unit.session.get_one(Event, answer.event_id)
            assert event.amount is not None
            # Within a cent of its own price, because the usage of an item is rounded in total.
            assert abs(event.amount - round_to_cent(minutes * RATE)) <= CENT
            price += event.amount

        def note() -> None:
            self_used[service_id] += price

        return note

    async def pay(self, unit: Unit, step: Step) -> Any:
        """Pay an amount for one bill or for the oldest; often exactly the open amount."""
        account_id = self.accounts[step.who % 3]
        bills = (
            select(Bill)
            .where(Bill.account_id == account_id, Bill.billed_on.is_not(None))
            .order_by(Bill.id)
        )
        made = (await unit.session.execute(bills)).scalars().all()
        amount, bill_id = Decimal(step.cents) * CENT, None
        if made and step.what % 2:
            bill = made[step.cents % len(made)]
            bill_id, amount = (
                bill.id,
                bill.open_amount if step.what % 3 and bill.open_amount else amount,
            )
        await record_payment(
            unit, account_id, amount=amount, reference=f"{len(self.history.done)}", bill_id=bill_id
        )

        def note() -> None:
            self.history.received += amount

        return note

    async def change_payer(self, unit: Unit, step: Step) -> Any:
        """Let another bill unit, or none, pay for a bill unit."""
        paid = await _pick(unit, BillUnit, step.who)
        payer = None if step.what % 3 == 0 else await _pick(unit, BillUnit, step.what)
        before, paid_id = paid.billing_day_of_month, paid.id
        await change_payer(unit, paid_id, paying_parent_id=payer and payer.id)
        days = select(BillUnit.id, BillUnit.billing_day_of_month)
        now = {it.id: it.billing_day_of_month for it in await unit.session.execute(days)}
        moved = {paid_id} if now[paid_id] != before else set()

        def note() -> None:
            # The bill units that it paid for change with it.
            self.history.moved |= moved and set(now)

        return note

    async def dispute(self, unit: Unit, step: Step) -> None:
        """Dispute a bill, an item or an event, in full or in part."""
        part = None if step.cents % 2 else Decimal(step.cents) * CENT
        await open_dispute(unit, **await _pick_billed(unit, step), amount=part, reason="Wrong")

    async def settle(self, unit: Unit, step: Step) -> Any:
        """Settle the oldest open dispute: grant all, nothing, or a part."""
        opened = (
            select(Dispute)
            .where(Dispute.status == DisputeStatus.OPEN)
            .order_by(Dispute.id)
            .limit(1)
        )
        dispute = (await unit.session.execute(opened)).scalar_one_or_none()
        if dispute is None:
            return None
        share = (dispute.amount, Decimal(0), min(dispute.amount, Decimal(step.cents) * CENT))
        granted = share[step.what % 3]
        await settle_dispute(unit, dispute.id, granted=granted)

        def note() -> None:
            self.history.adjusted -= granted

        return note

    async def adjust_amount(self, unit: Unit, step: Step) -> Any:
        """Adjust an account, a bill, an item or an event, up or down."""
        amount = Decimal(step.cents) * CENT * (-1) ** (step.cents % 2)
        on: dict[str, int] = {"account_id": self.accounts[step.who % 3]}
        if step.what % 4:
            on = await _pick_billed(unit, step)
        await adjust(unit, **on, amount=amount, reason="Goodwill")

        def note() -> None:
            self.history.adjusted += amount

        return note


def round_to_cent(amount: Decimal) -> Decimal:
    """Round half away from zero, to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


async def _catalog(unit: Unit, discount_percent: Decimal) -> None:
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
        unit,
        code=DISCOUNT,
        name=DISCOUNT,
        kind=OfferKind.DISCOUNT,
        monthly_percent_off=discount_percent,
    )


async def _pick(unit: Unit, table: type[Row], which: int) -> Row:
    """The row at position `which` modulo the number of rows."""
    by_id = table.id  # type: ignore[attr-defined]
    found = (await unit.session.execute(select(table).order_by(by_id))).scalars().all()
    return found[which % len(found)]


async def _pick_billed(unit: Unit, step: Step) -> dict[str, int]:
    """The argument for a billed bill, item or event; id 0 if nothing was billed yet."""
    made = select(Bill.id).where(Bill.billed_on.is_not(None)).order_by(Bill.id)
    item = select(BillItem.id).join(Bill).where(Bill.billed_on.is_not(None)).order_by(BillItem.id)
    event = (
        select(Event.id).join(BillItem, BillItem.id == Event.item_id).join(Bill).order_by(Event.id)
    )
    name, statement = (
        ("bill_id", made),
        ("item_id", item),
        ("event_id", event.where(Bill.billed_on.is_not(None))),
    )[step.what % 3]
    found = (await unit.session.execute(statement)).scalars().all()
    return {name: found[step.who % len(found)] if found else 0}
