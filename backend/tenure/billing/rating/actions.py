"""Storing rounding remainders of usage (rules 6.3), and refunding usage of inactive time (rules
2.11).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import ColumnElement, Dialect, String, bindparam, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite has the same syntax.

from tenure.billing.bills.actions import post
from tenure.billing.bills.queries import payers_to_charge
from tenure.billing.bills.rules import Charge
from tenure.billing.credits.actions import allocate_credit
from tenure.billing.rating.models import UsageRemainder
from tenure.billing.rating.queries import remainders_of, usage_to_refund
from tenure.billing.rating.rules import (
    ItemKey,
    RemainderKey,
    Remainders,
    UsageToRefund,
    item_key,
    price_usage,
)
from tenure.events.models import Event, EventKind
from tenure.kernel.clock import business_day
from tenure.kernel.row_tables import parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

REMAINDERS = bindparam("param_remainders", type_=String())


async def save_remainders(
    unit: Unit, remainders: Remainders, event_of: Mapping[ItemKey, int]
) -> None:
    """Store the changed remainders.

    `event_of` has an event of each item: the event knows the item's id.
    """
    rows = [
        {
            "event_id": event_of[key.item],
            "offer_id": key.offer_id,
            "off_id": key.off_id,
            "remainder": f"{rest:f}",
        }
        for key, rest in remainders.to_save().items()
    ]
    if rows:
        dialect = unit.session.get_bind().dialect
        parameters = {"param_remainders": rows_parameter(dialect, rows)}
        await execute(unit.connection, _upsert_remainders(dialect), parameters)


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _upsert_remainders(dialect: Dialect) -> Insert:
    """Stores the remainders in the parameter REMAINDERS."""
    identifier = Event.id.type
    columns = {
        "event_id": identifier,
        "offer_id": identifier,
        "off_id": identifier,
        "remainder": String(64),
    }
    remainder_rows = parameter_as_table(dialect, "given", columns, REMAINDERS)
    found = select(
        Event.item_id,
        remainder_rows.c.offer_id,
        remainder_rows.c.off_id,
        remainder_rows.c.remainder,
    )
    found = found.join(remainder_rows, remainder_rows.c.event_id == Event.id).where(
        Event.item_id.is_not(None)
    )
    names = ["item_id", "offer_id", "off_id"]
    statement = insert_or_update(UsageRemainder).from_select([*names, "remainder"], found)
    changes = {"remainder": statement.excluded.remainder}
    return statement.on_conflict_do_update(index_elements=names, set_=changes)


async def refund_usage(unit: Unit, used: ColumnElement[bool], since: datetime) -> None:
    """Refund usage since this time that is in inactive time now, once, with its discounts.

    `used` selects the usage events that a backdated status change affects. A resent reference still
    returns the first event. A refund may pay open bills (rules 6.9).
    """
    wrong = await usage_to_refund(unit, used, since)
    if not wrong:
        return
    payers = await payers_to_charge(unit, {it.bill_unit_id for it in wrong})
    remainders = await remainders_of(unit, {it.offer_id for it in wrong})
    charges: list[Charge] = []
    places: dict[ItemKey, int] = {}
    for it in wrong:
        day = business_day(it.occurred_at, unit.time_zone)
        item = item_key(payers[it.bill_unit_id], it.bill_unit_id, it.service_id, day)
        key = RemainderKey(item, it.offer_id)
        price = price_usage(-it.quantity, it.rate, it.currency, [], key=key, remainders=remainders)
        remainders.changed.update(price.remainders)
        places[item] = len(charges)
        charges += _refund_charges(unit, it, price.amount, day, len(charges))
    ids = await post(unit, charges, payers=payers)
    await save_remainders(unit, remainders, {item: ids[at] for item, at in places.items()})
    await allocate_credit(unit, {it.account_id for it in wrong})


def _refund_charges(
    unit: Unit, wrong: UsageToRefund, amount: Decimal, day: date, index: int
) -> Iterator[Charge]:
    """The usage with the opposite sign, at this index of the charges, and each of its discounts."""
    usage = Charge(
        account_id=wrong.account_id,
        bill_unit_id=wrong.bill_unit_id,
        kind=EventKind.USAGE,
        amount=amount,
        currency=wrong.currency,
        description=f"Credit for inactive time: {wrong.description}",
        occurred_at=unit.now,
        day=day,
        service_id=wrong.service_id,
        offer_id=wrong.offer_id,
        quantity=-wrong.quantity,
        unit=wrong.unit,
        rate=wrong.rate,
        followed_id=wrong.event_id,
        details={"givenBack": wrong.event_id},
    )
    yield usage
    for offer_id, off, description in wrong.discounts:
        yield replace(
            usage,
            kind=EventKind.DISCOUNT,
            amount=-off,
            description=f"Credit for inactive time: {description}",
            offer_id=offer_id,
            quantity=None,
            unit=None,
            rate=None,
            followed=index,
            followed_id=None,
            details={"off": wrong.offer_id},
        )
