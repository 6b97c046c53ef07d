"""The DataLoaders of the ORM server: one statement per relation for all objects of a level."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import InstrumentedAttribute, aliased
from strawberry.dataloader import DataLoader

from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import Bill, BillItem
from tenure.events.models import Event
from tenure.kernel.db import Base

Sessions = async_sessionmaker[AsyncSession]
Loader = DataLoader[tuple[int, int], list[Any]]


class Loaders:
    """The loaders of one request. A key is the id of the parent and the number of rows wanted."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.services = _loader(sessions, Service.account_id, Service.id.desc())
        self.offers = _loader(sessions, PurchasedOffer.service_id, PurchasedOffer.id.desc())
        self.bills = _loader(sessions, Bill.account_id, Bill.period_end.desc(), Bill.id.desc())
        self.items = _loader(sessions, BillItem.bill_id, BillItem.id.desc())
        newest = (Event.occurred_at.desc(), Event.id.desc())
        self.account_events = _loader(sessions, Event.account_id, *newest)
        self.item_events = _loader(sessions, Event.item_id, *newest)


def _loader(
    sessions: Sessions, parent: InstrumentedAttribute[Any], *order: ColumnElement[Any]
) -> Loader:
    return DataLoader(load_fn=_rows_by_parent(sessions, parent, order))


def _rows_by_parent(
    sessions: Sessions, parent: InstrumentedAttribute[Any], order: Sequence[ColumnElement[Any]]
) -> Callable[[list[tuple[int, int]]], Awaitable[list[list[Any]]]]:
    table: type[Base] = parent.class_

    async def load(keys: list[tuple[int, int]]) -> list[list[Any]]:
        most = max(first for _, first in keys)
        place = func.row_number().over(partition_by=parent, order_by=order).label("place")
        numbered = (
            select(table, place).where(parent.in_({parent_id for parent_id, _ in keys})).subquery()
        )
        row = aliased(table, numbered)
        statement = select(row).where(numbered.c.place <= most).order_by(numbered.c.place)
        rows: dict[int, list[Any]] = {parent_id: [] for parent_id, _ in keys}
        async with sessions() as session:
            for found in await session.scalars(statement):
                rows[getattr(found, parent.key)].append(found)
        return [rows[parent_id][:first] for parent_id, first in keys]

    return load
