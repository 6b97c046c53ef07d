"""Reading in batches: what the fields of one level ask for is read by one statement per relation and arguments.

Each batch opens a short session of its own, since a session is never shared by resolvers that run side by side.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from strawberry.dataloader import DataLoader

from tenure.graphql.reads import statements
from tenure.graphql.reads.mapping import (
    TODAY,
    Ancestors,
    Chosen,
    Computed,
    DescendantCount,
    Lookup,
    Model,
    Paged,
    Row,
    ToMany,
    ToOne,
)
from tenure.kernel.business import read_business
from tenure.kernel.db import Base
from tenure.kernel.pages import Order, Page, PageRequest, page_of
from tenure.kernel.unit import Runtime


class Loaders:
    """The loaders of one request. `place` is the field of the document that asks: each has loaders of its own."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._database = runtime.database
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def row(self, model: Model, key: int) -> Awaitable[Row]:
        """The row with this primary key, or None."""
        identity = model.id  # type: ignore[attr-defined]
        return self.one(ToOne(model, by=identity, to=identity), key, model)

    async def rows(self, model: Model, keys: Iterable[int]) -> list[Row]:
        """The rows with these primary keys, in their order; one that is not there is left out."""
        wanted = [self.row(model, key) for key in keys]
        return [row for row in [await row for row in wanted] if row is not None]

    async def places(self, model: Model, keys: Sequence[int | None]) -> list[Row | None]:
        """The rows with these primary keys, each in its place, by one statement however many there are."""
        wanted = {key for key in keys if key is not None}
        identity = model.id  # type: ignore[attr-defined]
        rows: list[Row] = (
            await self._scalars(select(model).where(identity.in_(wanted))) if wanted else []
        )
        found = {row.id: row for row in rows}
        return [None if key is None else found.get(key) for key in keys]

    def one(self, relation: ToOne, key: int, place: Hashable) -> Awaitable[Row]:
        """The row that a relation to one leads to."""

        async def batch(keys: list[int]) -> list[Base | None]:
            found = {
                getattr(row, relation.to.key): row
                for row in await self._scalars(statements.to_one(relation, keys))
            }
            return [found.get(key) for key in keys]

        return self._loader(("one", relation.model, relation.to.key, place), batch).load(key)

    def many(
        self, relation: ToMany, selected: Chosen, key: int, place: int
    ) -> Awaitable[list[Row]]:
        """The rows that a relation to many leads to."""

        async def batch(keys: list[int]) -> list[list[Base]]:
            return self._grouped(
                relation.by.key,
                await self._scalars(statements.to_many(relation, selected, keys)),
                keys,
            )

        return self._loader(("many", relation, selected, place), batch).load(key)

    def page(
        self,
        relation: Paged,
        selected: Chosen,
        order: Order,
        request: PageRequest,
        key: int,
        place: int,
    ) -> Awaitable[Page[Row]]:
        """One page of a connection."""

        async def batch(keys: list[int]) -> list[Page[Base]]:
            statement = statements.page(
                relation, selected, order, request, keys, sqlite=self._database.is_sqlite
            )
            rows = await self._scalars(
                statement, of_today=statements.is_of_today(relation.filters, selected)
            )
            groups = [rows] if relation.by is None else self._grouped(relation.by.key, rows, keys)
            return [page_of(group, order, request) for group in groups]

        return self._loader(("page", relation, selected, id(order), request, place), batch).load(
            key
        )

    def count(self, relation: Paged, selected: Chosen, key: int, place: int) -> Awaitable[int]:
        """How many rows all pages of a connection have."""
        return self._counted(
            ("count", relation, selected, place),
            lambda keys: statements.count(relation, selected, keys),
            key,
            of_today=statements.is_of_today(relation.filters, selected),
        )

    def descendant_count(self, relation: DescendantCount, key: int, place: int) -> Awaitable[int]:
        """How many rows are below one, at any depth."""
        return self._counted(
            ("below", relation, place),
            lambda keys: statements.descendant_count(relation, keys),
            key,
        )

    def computed(self, relation: Computed, row: Row, place: int) -> Awaitable[object]:
        """What the database works out for a row."""

        async def batch(keys: list[int]) -> list[object]:
            found = await self._pairs(
                statements.computed(relation, type(row), keys), of_today=relation.of_today
            )
            return [found.get(key) for key in keys]

        return self._loader(("computed", relation, place), batch).load(row.id)

    def ancestors(self, relation: Ancestors, key: int, place: int) -> Awaitable[list[Row]]:
        """The rows above one, nearest first. `key` is what the row has in the parent's column."""

        async def batch(keys: list[int]) -> list[list[Base]]:
            groups: dict[int, list[Base]] = defaultdict(list)
            async with self._database.reading() as session:
                for start, row in await session.execute(statements.ancestors(relation, keys)):
                    groups[start].append(row)
            return [groups[key] for key in keys]

        return self._loader(("up", relation, place), batch).load(key)

    async def found(self, relation: Lookup, selected: Chosen) -> Base | None:
        """The row that a root field asks for."""
        rows = await self._scalars(statements.lookup(relation, selected))
        return rows[0] if rows else None

    def _counted(
        self,
        name: Hashable,
        statement: Callable[[list[int]], Select[Any, int]],
        key: int,
        *,
        of_today: bool = False,
    ) -> Awaitable[int]:
        async def batch(keys: list[int]) -> list[int]:
            counts = await self._pairs(statement(keys), of_today=of_today)
            return [counts.get(key, 0) for key in keys]

        return self._loader(name, batch).load(key)

    def _loader(
        self, name: Hashable, batch: Callable[[list[Any]], Awaitable[Sequence[Any]]]
    ) -> DataLoader[Any, Any]:
        loader = self._loaders.get(name)
        if loader is None:
            loader = self._loaders[name] = DataLoader(load_fn=batch)
        return loader

    async def _scalars(self, statement: Select[Any], *, of_today: bool = False) -> list[Base]:
        given = await self._given(of_today=of_today)
        async with self._database.reading() as session:
            return list((await session.execute(statement, given)).scalars())

    async def _pairs(
        self, statement: Select[Any, Any], *, of_today: bool = False
    ) -> dict[int, Any]:
        given = await self._given(of_today=of_today)
        async with self._database.reading() as session:
            return {row[0]: row[1] for row in await session.execute(statement, given)}

    async def _given(self, *, of_today: bool) -> dict[str, date] | None:
        """What TODAY stands for, where a statement needs it. A request has one day, read once."""

        async def batch(keys: list[str]) -> list[date]:
            async with self._database.reading() as session:
                business = await read_business(session, clock_settable=self._runtime.clock_settable)
            return [business.today for _ in keys]

        return {TODAY.key: await self._loader("today", batch).load("today")} if of_today else None

    @staticmethod
    def _grouped(name: str, rows: Iterable[Base], keys: Sequence[int]) -> list[list[Base]]:
        groups: dict[int, list[Base]] = {key: [] for key in keys}
        for row in rows:
            groups[getattr(row, name)].append(row)
        return [groups[key] for key in keys]
