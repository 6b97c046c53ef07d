"""Bill units that are due on a date, and the amounts of their bills (rules 6.5 to 6.8)."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    and_,
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
from tenure.billing.pending_bills.queries import carried_balance
from tenure.catalog.models import Offer, OfferKind
from tenure.holds.models import Status
from tenure.jobs.models import QuarantinedAccount
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit

BillUnits = Select[int]
IS_CHARGED = BillUnit.charged_until > BillUnit.next_bill_on


async def next_date_due(
    session: AsyncSession, *, after: date | None, done_until: date | None, last: date
) -> date | None:
    """The first business date after `after` on which something is due, at the latest `last`.

    Ended cycles are due on the date on which they ended; payments on dates without a finished bill
    day. Returns None after `last`.
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
    """The number of bill units whose cycle has ended."""
    ended = select(func.count()).select_from(BillUnit).where(BillUnit.next_bill_on <= today)
    return int((await session.execute(ended)).scalar_one())


def uncharged(day: BusinessDate) -> BillUnits:
    """Bill units whose next cycle begins on this date and is not charged yet."""
    is_new = or_(BillUnit.charged_until.is_(None), ~IS_CHARGED)
    return select(BillUnit.id).where(BillUnit.next_bill_on == day.on, is_new)


def nonpaying(day: BusinessDate) -> BillUnits:
    """Nonpaying bill units whose charges are not transferred to their payer yet."""
    return select(BillUnit.id).where(
        BillUnit.next_bill_on == day.on, IS_CHARGED, BillUnit.paying_parent_id.is_not(None)
    )


def paying(day: BusinessDate) -> BillUnits:
    """Paying bill units whose bill is not made yet."""
    return select(BillUnit.id).where(
        BillUnit.next_bill_on == day.on, IS_CHARGED, BillUnit.paying_parent_id.is_(None)
    )


def with_new_offers(day: BusinessDate) -> BillUnits:
    """Bill units with an active offer that has started and is not charged yet."""
    return select(BillUnit.id).where(
        BillUnit.id.in_(_new_offers(day).with_only_columns(PurchasedOffer.bill_unit_id))
    )


async def new_offers(
    unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate
) -> Sequence[int]:
    """The active offers of these bill units that have started and are not charged yet."""
    offers = _new_offers(day).where(in_ids(PurchasedOffer.bill_unit_id, bill_unit_ids))
    return (await unit.session.execute(offers)).scalars().all()


def not_quarantined(bill_units: BillUnits, job_run_id: int) -> BillUnits:
    """The bill units without those of accounts that the run has quarantined."""
    quarantined = select(QuarantinedAccount.account_id).where(
        QuarantinedAccount.job_run_id == job_run_id
    )
    return bill_units.where(BillUnit.account_id.not_in(quarantined))


async def accounts_of(unit: Unit, bill_unit_ids: Collection[int]) -> Sequence[int]:
    """The accounts of these bill units."""
    owners = select(BillUnit.account_id).where(in_ids(BillUnit.id, bill_unit_ids)).distinct()
    return (await unit.session.execute(owners)).scalars().all()


async def claimed_bill_units(
    unit: Unit, bill_units: BillUnits, *, after: int, limit: int
) -> Sequence[int]:
    """Locks and returns the next unlocked bill units after `after`, with their accounts."""
    some = bill_units.join(Account, Account.id == BillUnit.account_id).where(BillUnit.id > after)
    locked = for_no_key_update(
        some.order_by(BillUnit.id).limit(limit), of=[BillUnit, Account], skip_locked=True
    )
    return (await unit.session.execute(locked)).scalars().all()


async def count_bill_units(session: AsyncSession, bill_units: BillUnits) -> int:
    """The number of bill units, locked ones included."""
    return int(
        (
            await session.execute(select(func.count()).select_from(bill_units.subquery()))
        ).scalar_one()
    )


def items_to_transfer(bill_unit_ids: Collection[int], day: BusinessDate) -> Select[int]:
    """Items of these nonpaying bill units, on their payers' bills, with an amount to transfer."""
    of_payer = (Bill.bill_unit_id == BillUnit.paying_parent_id) & (Bill.period_end == day.on)
    of_paid = (BillItem.bill_id == Bill.id) & (BillItem.bill_unit_id == BillUnit.id)
    items = select(BillItem.id).select_from(BillUnit).join(Bill, of_payer).join(BillItem, of_paid)
    return items.where(in_ids(BillUnit.id, bill_unit_ids), _untransferred() != 0)


def missed_transfers(bill_unit_ids: Collection[int], day: BusinessDate) -> Select[int]:
    """Items on these payers' bills whose transfer was missed, as their account was quarantined."""
    of_others = (BillItem.bill_id == Bill.id) & (BillItem.bill_unit_id != Bill.bill_unit_id)
    items = (
        select(BillItem.id).select_from(Bill).join(BillItem, of_others).where(_untransferred() != 0)
    )
    # Most bills have no charges of other accounts; their own columns show it.
    has_others = or_(Bill.subordinate_charges != 0, Bill.adjusted != 0)
    return items.where(
        in_ids(Bill.bill_unit_id, bill_unit_ids), Bill.period_end == day.on, has_others
    )


def transfer_amounts(item_ids: Collection[int]) -> AnySelect:
    """The amounts to transfer, by bill unit and bill, with a description."""
    paid = aliased(Account, name="paid")
    payer = aliased(Account, name="payer")
    description = (
        literal("Charges of account ")
        .concat(paid.number)
        .concat(" are billed to account ")
        .concat(payer.number)
    )
    rows = (
        select(
            BillItem.bill_unit_id.label("from_unit_id"),
            paid.id.label("from_account_id"),
            Bill.bill_unit_id.label("to_unit_id"),
            payer.id.label("to_account_id"),
            Bill.currency,
            description.concat(", which pays for it: bill ")
            .concat(Bill.number)
            .label("description"),
            Bill.number,
            func.sum(_untransferred()).label("amount"),
        )
        .join(Bill, Bill.id == BillItem.bill_id)
        .join(paid, paid.id == BillItem.account_id)
        .join(payer, payer.id == Bill.account_id)
        .where(in_ids(BillItem.id, item_ids))
    )
    by = (BillItem.bill_unit_id, paid.id, paid.number, Bill.bill_unit_id, payer.id, payer.number)
    return rows.group_by(*by, Bill.currency, Bill.number).having(func.sum(_untransferred()) != 0)


def transfer_sides(item_ids: Collection[int]) -> CompoundSelect[Any]:
    """The two sides of each transfer: the credit of one account, the charge of the other.

    `place` numbers the transfers.
    """
    rows = transfer_amounts(item_ids).subquery("amounts")
    moved = select(func.row_number().over(order_by=rows.c.from_unit_id).label("place"), rows).cte(
        "moved"
    )
    common = (moved.c.place, moved.c.currency, moved.c.description, moved.c.number)
    credit = select(
        *common,
        literal_column("0").label("side"),
        moved.c.from_account_id.label("account_id"),
        (-moved.c.amount).label("amount"),
    )
    charge = select(
        *common, literal_column("1").label("side"), moved.c.to_account_id, moved.c.amount
    )
    return union_all(credit, charge)


def carries_over() -> ColumnElement[bool]:
    """True where a bill unit has a balance to carry over and its account is not closed (rules 6.8).

    A subquery instead of a join: PostgreSQL expects nearly all accounts to match, and would start
    the join with all of them.
    """
    status = (
        select(Account.status)
        .where(Account.id == BillUnit.account_id)
        .correlate(BillUnit)
        .scalar_subquery()
    )
    return and_(carried_balance() != 0, status != Status.CLOSED)


def _new_offers(day: BusinessDate) -> Select[int]:
    has_price = or_(MONTHLY_FEE > 0, Offer.purchase_fee > 0)
    offers = select(PurchasedOffer.id).join(Offer, Offer.id == PurchasedOffer.offer_id)
    return offers.where(
        PurchasedOffer.charged_until.is_(None),
        PurchasedOffer.first_start < day.end,
        PurchasedOffer.status == Status.ACTIVE,
        PurchasedOffer.kind == OfferKind.CHARGE,
        has_price,
    )


def _untransferred() -> ColumnElement[Decimal]:
    return BillItem.total + BillItem.adjusted - BillItem.transferred
