"""The rows of a cascade as SQL: how an entity was, its holds afterwards, the id of its event.

All parts of a cascade select the same columns, which the event insert and the previews read. The
statements are built once; what differs between two changes is a bind parameter.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    SmallInteger,
    bindparam,
    case,
    cast,
    literal,
    null,
    or_,
    select,
)

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.events.queries import new_event_id
from tenure.holds.models import status_in_sql
from tenure.holds.queries import Bits, with_change
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids

HeldTable = type[Account] | type[Service] | type[PurchasedOffer]
NO_ID = cast(null(), BigInteger)
COLUMNS_BEFORE = (
    "account_id",
    "service_id",
    "offer_id",
    "label",
    "from_status",
    "inactive_before",
    "closed_before",
    "changed_before",
    "not_before",
)

# Parameters: `HoldChange.parameters`, and the change's id.
TARGETS = bindparam("param_ids", type_=IdList())
KEEP_INACTIVE = bindparam("param_keep_inactive", type_=SmallInteger)
KEEP_CLOSED = bindparam("param_keep_closed", type_=SmallInteger)
ADD_INACTIVE = bindparam("param_add_inactive", type_=SmallInteger)
ADD_CLOSED = bindparam("param_add_closed", type_=SmallInteger)
CHANGE = bindparam("param_change", type_=BigInteger)


def target_rows(table: type[Service] | type[PurchasedOffer]) -> AnySelect:
    """The services or offers that the change is made to, with their holds after it."""
    inactive = with_change(table.inactive_holds, KEEP_INACTIVE, ADD_INACTIVE)
    closed = with_change(table.closed_holds, KEEP_CLOSED, ADD_CLOSED)
    return rows_after(table, inactive, closed, NO_ID, is_target=True).where(
        in_ids(table.id, TARGETS)
    )


def rows_after(
    table: HeldTable,
    inactive: Bits,
    closed: Bits,
    followed: ColumnElement[Any],
    *,
    is_target: bool = False,
    not_before: ColumnElement[datetime] | None = None,
) -> AnySelect:
    """Entities with their holds after the change and the event that they follow.

    `not_before` is when the change that they follow takes effect.
    """
    return select(
        *columns_before(table, not_before),
        literal(is_target).label("is_target"),
        inactive.label("inactive"),
        closed.label("closed"),
        followed.label("followed_id"),
    )


def changed_rows(after: CTE, kind: str) -> CTE:
    """The rows whose holds differ from before, each with the id of its STATUS_CHANGE event."""
    to_status = status_in_sql(after.c.inactive, after.c.closed)
    inactive_differs = after.c.inactive != after.c.inactive_before
    closed_differs = after.c.closed != after.c.closed_before
    return (
        select(
            new_event_id().label("event_id"),
            *(after.c[name] for name in COLUMNS_BEFORE),
            to_status.label("to_status"),
            after.c.inactive.label("inactive_holds"),
            after.c.closed.label("closed_holds"),
            after.c.is_target,
            after.c.followed_id,
        )
        .where(or_(inactive_differs, closed_differs))
        .cte(f"changed_{kind}")
        .prefix_with("MATERIALIZED")
    )


def columns_before(
    table: HeldTable, not_before: ColumnElement[datetime] | None = None
) -> list[ColumnElement[Any]]:
    """COLUMNS_BEFORE of a table: ids and label for the event, status and holds before the change.

    An entity changes no earlier than its creation, and no earlier than `not_before`.
    """
    identity = {
        Account: (Account.id, NO_ID, NO_ID, Account.number),
        Service: (Service.account_id, Service.id, NO_ID, Service.name),
        PurchasedOffer: (
            PurchasedOffer.account_id,
            PurchasedOffer.service_id,
            PurchasedOffer.id,
            PurchasedOffer.name,
        ),
    }[table]
    earliest: Any = table.created_at
    if not_before is not None:
        earliest = case((not_before > earliest, not_before), else_=earliest)
    columns = (
        *identity,
        table.status,
        table.inactive_holds,
        table.closed_holds,
        table.status_changed_at,
        earliest,
    )
    return [column.label(name) for column, name in zip(columns, COLUMNS_BEFORE, strict=True)]
