"""What is due on a business date, and what is on the bills that are made (rules 6.5 to 6.8)."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.models import Bill, BillItem, BillStatus
from tenure.billing.charges.queries import MONTHLY_FEE
from tenure.catalog.models import Offer, OfferKind
from tenure.holds.models import Status
from tenure.jobs.models import QuarantinedAccount
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.unit import Unit

BillUnits = Select[int]
IS_CHARGED = BillUnit.charged_until > BillUnit.next_bill_on


async def next_date_due(
    session: AsyncSession, *, after: date | None, done_until: date | None, last: date
) -> date | None:
    """The first business date behind `after`, up to the last one, on which something is due; the last one in any case.

    Cycles that have ended are due on whatever date they did. Payments are on dates that no bill day was done for.
    """
    before = after or date.min
    ended = select(func.min(BillUnit.next_bill_on)).where(BillUnit.next_bill_on > before)
    not_done = max(before, done_until or date.min)
    collected = select(func.min(Bill.collect_on)).where(
        Bill.status == BillStatus.OPEN, Bill.collect_on > not_done
    )
    found = [(await session.execute(statement)).scalar_one() for statement in (ended, collected)]
    return min(
        (on for on in (*found, last) if on is not None and before < on <= last), default=None
    )


async def count_bill_units_due(session: AsyncSession, today: date) -> int:
    """How many bill units have a cycle that has ended."""
    ended = select(func.count()).select_from(BillUnit).where(BillUnit.next_bill_on <= today)
    return int((await session.execute(ended)).scalar_one())


def uncharged(day: BusinessDate) -> BillUnits:
    """Bill units whose next cycle begins on this day and is not charged yet."""
    is_new = or_(BillUnit.charged_until.is_(None), ~IS_CHARGED)
    return select(BillUnit.id).where(BillUnit.next_bill_on == day.on, is_new)


def nonpaying(day: BusinessDate) -> BillUnits:
    """Those that are paid for, and whose charges have not passed to their payer yet."""
    return select(BillUnit.id).where(
        BillUnit.next_bill_on == day.on, IS_CHARGED, BillUnit.paying_parent_id.is_not(None)
    )


def paying(day: BusinessDate) -> BillUnits:
    """Those whose bill is not made yet."""
    return select(BillUnit.id).where(
        BillUnit.next_bill_on == day.on, IS_CHARGED, BillUnit.paying_parent_id.is_(None)
    )


def with_starts(day: BusinessDate) -> BillUnits:
    """Those with an offer that has begun, and of which nothing is charged yet. What is held begins when it is let go."""
    return select(BillUnit.id).where(
        BillUnit.id.in_(_begun(day).with_only_columns(PurchasedOffer.bill_unit_id))
    )


async def offers_that_began(
    unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate
) -> Sequence[int]:
    """The offers of these bill units that have begun, and of which nothing is charged yet."""
    theirs = _begun(day).where(in_ids(PurchasedOffer.bill_unit_id, bill_unit_ids))
    return (await unit.session.execute(theirs)).scalars().all()


def not_quarantined(bill_units: BillUnits, job_run_id: int) -> BillUnits:
    """Without those of accounts that the run has set aside."""
    aside = select(QuarantinedAccount.account_id).where(QuarantinedAccount.job_run_id == job_run_id)
    return bill_units.where(BillUnit.account_id.not_in(aside))


async def accounts_of(unit: Unit, bill_unit_ids: Collection[int]) -> Sequence[int]:
    """Whose these bill units are."""
    owners = select(BillUnit.account_id).where(in_ids(BillUnit.id, bill_unit_ids)).distinct()
    return (await unit.session.execute(owners)).scalars().all()


async def claimed(unit: Unit, bill_units: BillUnits, *, after: int, limit: int) -> Sequence[int]:
    """The next of the bill units behind `after` that nobody has in hand; they and their accounts are ours."""
    some = bill_units.join(Account, Account.id == BillUnit.account_id).where(BillUnit.id > after)
    ours = (
        some.order_by(BillUnit.id)
        .limit(limit)
        .with_for_update(of=[BillUnit, Account], skip_locked=True, key_share=True)
    )
    return (await unit.session.execute(ours)).scalars().all()


async def how_many(session: AsyncSession, bill_units: BillUnits) -> int:
    """How many there are, also those that somebody has in hand."""
    return int(
        (
            await session.execute(select(func.count()).select_from(bill_units.subquery()))
        ).scalar_one()
    )


def items_of_paid(bill_unit_ids: Collection[int], day: BusinessDate) -> Select[int]:
    """The items of these nonpaying bill units on the bills of their payers, where something is to pass."""
    of_payer = (Bill.bill_unit_id == BillUnit.paying_parent_id) & (Bill.period_end == day.on)
    of_paid = (BillItem.bill_id == Bill.id) & (BillItem.bill_unit_id == BillUnit.id)
    items = select(BillItem.id).select_from(BillUnit).join(Bill, of_payer).join(BillItem, of_paid)
    return items.where(in_ids(BillUnit.id, bill_unit_ids), _to_pass() != 0)


def items_left_behind(bill_unit_ids: Collection[int], day: BusinessDate) -> Select[int]:
    """What others should have passed to these payers, and have not: somebody's part of the day was set aside."""
    of_others = (BillItem.bill_id == Bill.id) & (BillItem.bill_unit_id != Bill.bill_unit_id)
    items = select(BillItem.id).select_from(Bill).join(BillItem, of_others).where(_to_pass() != 0)
    # Most bills have nothing of others on them, and say so themselves.
    has_others = or_(Bill.subordinate_charges != 0, Bill.adjusted != 0)
    return items.where(
        in_ids(Bill.bill_unit_id, bill_unit_ids), Bill.period_end == day.on, has_others
    )


def passing(item_ids: Collection[int]) -> AnySelect:
    """What passes from which bill unit to which, with the words for it; by bill unit and bill."""
    paid, payer = aliased(Account, name="paid"), aliased(Account, name="payer")
    words = (
        literal("Charges of account ")
        .concat(paid.number)
        .concat(" pass to account ")
        .concat(payer.number)
    )
    rows = (
        select(
            BillItem.bill_unit_id.label("from_unit_id"),
            paid.id.label("from_account_id"),
            Bill.bill_unit_id.label("to_unit_id"),
            payer.id.label("to_account_id"),
            Bill.currency,
            words.concat(", which pays for it: bill ").concat(Bill.number).label("words"),
            Bill.number,
            func.sum(_to_pass()).label("amount"),
        )
        .join(Bill, Bill.id == BillItem.bill_id)
        .join(paid, paid.id == BillItem.account_id)
        .join(payer, payer.id == Bill.account_id)
        .where(in_ids(BillItem.id, item_ids))
    )
    by = (BillItem.bill_unit_id, paid.id, paid.number, Bill.bill_unit_id, payer.id, payer.number)
    return rows.group_by(*by, Bill.currency, Bill.number).having(func.sum(_to_pass()) != 0)


def both_sides(item_ids: Collection[int]) -> CompoundSelect[Any]:
    """`passing` twice: what is taken off one account, and what is put on the other. `place` says what belongs together."""
    rows = passing(item_ids).subquery("passing")
    moved = select(func.row_number().over(order_by=rows.c.from_unit_id).label("place"), rows).cte(
        "moved"
    )
    common = (moved.c.place, moved.c.currency, moved.c.words, moved.c.number)
    taken = select(
        *common,
        literal_column("0").label("side"),
        moved.c.from_account_id.label("account_id"),
        (-moved.c.amount).label("amount"),
    )
    given = select(
        *common, literal_column("1").label("side"), moved.c.to_account_id, moved.c.amount
    )
    return union_all(taken, given)


def carried() -> ColumnElement[Decimal]:
    """The balance that the next bill of a paying bill unit starts from.

    That is its balance without what is on bills that are not made: charges of its own, and those that have passed to it.
    """
    unmade = aliased(Bill, name="unmade")
    counted = case(
        (BillItem.bill_unit_id == unmade.bill_unit_id, BillItem.total + BillItem.adjusted),
        else_=BillItem.transferred,
    )
    # What accounts that are paid for have paid of a bill that is not made yet (rules 5.3).
    ahead = aliased(Bill, name="ahead")
    pending = select(func.coalesce(func.sum(counted), 0)).join(
        unmade, unmade.id == BillItem.bill_id
    )
    of_unit = pending.where(unmade.bill_unit_id == BillUnit.id, unmade.billed_on.is_(None))
    paid_ahead = select(func.coalesce(func.sum(ahead.paid), 0)).where(
        ahead.bill_unit_id == BillUnit.id
    )
    paid = paid_ahead.where(ahead.billed_on.is_(None)).correlate(BillUnit).scalar_subquery()
    return BillUnit.balance - of_unit.correlate(BillUnit).scalar_subquery() - paid


def carries_over() -> ColumnElement[bool]:
    """True where a bill unit has something to carry over, and there will be bills: none for a closed account (rules 6.8).

    The account is not joined: sure that nobody has another status than most, PostgreSQL would begin with all accounts.
    """
    status = (
        select(Account.status)
        .where(Account.id == BillUnit.account_id)
        .correlate(BillUnit)
        .scalar_subquery()
    )
    return and_(carried() != 0, status != Status.CLOSED)


def held_before() -> ColumnElement[Decimal]:
    """What open disputes hold of the bills that were made before this one."""
    earlier = aliased(Bill, name="earlier")
    held = select(func.coalesce(func.sum(earlier.held), 0)).where(
        earlier.bill_unit_id == Bill.bill_unit_id
    )
    return (
        held.where(earlier.held != literal_column("0"), earlier.billed_on.is_not(None))
        .correlate(Bill)
        .scalar_subquery()
    )


def _begun(day: BusinessDate) -> Select[int]:
    has_price = or_(MONTHLY_FEE > 0, Offer.purchase_fee > 0)
    offers = select(PurchasedOffer.id).join(Offer, Offer.id == PurchasedOffer.offer_id)
    return offers.where(
        PurchasedOffer.charged_until.is_(None),
        PurchasedOffer.first_start < day.end,
        PurchasedOffer.status == Status.ACTIVE,
        or_(PurchasedOffer.ends_at.is_(None), PurchasedOffer.ends_at > PurchasedOffer.first_start),
        PurchasedOffer.kind == OfferKind.CHARGE,
        has_price,
    )


def _to_pass() -> ColumnElement[Decimal]:
    return BillItem.total + BillItem.adjusted - BillItem.transferred
