"""Rounding remainders of unbilled usage, and usage to refund."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select

from tenure.activity.queries import inactive_time
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.rating.models import UsageRemainder
from tenure.billing.rating.rules import ItemKey, RemainderKey, Remainders, UsageToRefund
from tenure.events.models import Event, EventKind
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.unit import Unit

OFFERS = bindparam("param_offers", type_=IdList())


async def remainders_of(unit: Unit, offer_ids: Collection[int]) -> Remainders:
    """The remainders of these offers.

    The caller has locked the paying bill units against changes.
    """
    found: dict[RemainderKey, Decimal] = {}
    for row in await unit.session.execute(_unbilled_remainders(), {"param_offers": offer_ids}):
        item = ItemKey(row.payer_id, row.period_end, row.bill_unit_id, row.service_id)
        found[RemainderKey(item, row.offer_id, row.off_id)] = Decimal(row.remainder)
    return Remainders(found)


@cache
def _unbilled_remainders() -> AnySelect:
    """The remainders of the offers in OFFERS on items of pending bills."""
    columns = (UsageRemainder.offer_id, UsageRemainder.off_id, UsageRemainder.remainder)
    of_item = (
        Bill.bill_unit_id.label("payer_id"),
        Bill.period_end,
        BillItem.bill_unit_id,
        BillItem.service_id,
    )
    wanted = select(*columns, *of_item).join(BillItem, BillItem.id == UsageRemainder.item_id)
    wanted = wanted.join(Bill, Bill.id == BillItem.bill_id)
    return wanted.where(in_ids(UsageRemainder.offer_id, OFFERS), Bill.billed_on.is_(None))


async def usage_to_refund(
    unit: Unit, used: ColumnElement[bool], since: datetime
) -> list[UsageToRefund]:
    """The usage events selected by `used` that are in inactive time and not refunded yet.

    Inactive time follows from all recorded holds, so it does not matter which change wrote an event
    (rules 2.11).
    """
    found = await _usage_since(unit, used, since)
    if not found:
        return []
    inactive = await inactive_time(
        unit,
        {row.offer_id for row in found},
        {row.service_id for row in found if row.service_id is not None},
    )
    wrong = [
        row
        for row in found
        if inactive.covers(row.occurred_at, service_id=row.service_id, offer_id=row.offer_id)
    ]
    followers = await _followers(unit, wrong) if wrong else {}
    return [
        UsageToRefund(
            [(it.offer_id, it.amount, it.description) for it in followers[row.id]], *list(row)
        )
        for row in wrong
        if not any(it.kind is EventKind.USAGE for it in followers[row.id])
    ]


async def _usage_since(
    unit: Unit, used: ColumnElement[bool], since: datetime
) -> Sequence[Row[Any]]:
    """The columns of `UsageToRefund` after its discounts."""
    columns = (
        Event.id.label("id"),
        Event.account_id.label("account_id"),
        BillItem.bill_unit_id,
        Event.service_id.label("service_id"),
        Event.offer_id.label("offer_id"),
        Event.occurred_at.label("occurred_at"),
    )
    said = (Event.description, Event.quantity, Event.unit, Event.rate, Event.currency)
    wanted: AnySelect = select(*columns, *said).join(BillItem, BillItem.id == Event.item_id)
    wanted = wanted.where(
        used, Event.occurred_at >= since, Event.kind == EventKind.USAGE, Event.quantity > 0
    )
    return (await unit.session.execute(wanted.order_by(Event.id))).all()


async def _followers(unit: Unit, usage: Sequence[Row[Any]]) -> Mapping[int, Sequence[Row[Any]]]:
    """The discounts and refunds of this usage, by the event that they followed."""
    columns = (Event.id, Event.kind, Event.followed_id, Event.offer_id, Event.amount)
    wanted: AnySelect = select(*columns, Event.description).where(
        in_ids(Event.account_id, {row.account_id for row in usage}),
        Event.occurred_at >= min(row.occurred_at for row in usage),
        Event.kind.in_((EventKind.USAGE, EventKind.DISCOUNT)),
        Event.followed_id.is_not(None),
    )
    followers: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await unit.session.execute(wanted.order_by(Event.id)):
        followers[row.followed_id].append(row)
    return followers
