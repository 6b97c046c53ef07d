"""Data loaders: the fields of one level are read by one statement per relation and arguments.

Each batch opens its own short session, because concurrent resolvers cannot share a session.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from tenure.graphql.reads import statements
from tenure.graphql.reads.mapping import (
    TODAY,
    Ancestors,
    Computed,
    DescendantCount,
    Lookup,
    Model,
    Paged,
    Row,
    SelectedFilters,
    ToMany,
    ToOne,
)
from tenure.kernel.db import Base
from tenure.kernel.pages import Order, Page, PageRequest, page_of
from tenure.kernel.unit import Runtime
from tenure.settings.queries import read_business


class Loaders:
    """The loaders of one request. `node_id` is the field node: each node has its own loaders."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._database = runtime.database
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}
        # An outage that the request has met. It is raised again instead of another attempt.
        self.fault: Exception | None = None

    def row(self, model: Model, key: int) -> Awaitable[Row]:
        """The row with this primary key, or None."""
        identity = model.id  # type: ignore[attr-defined]
        return self.one(ToOne(model, by=identity, to=identity), key, model)

    async def rows(self, model: Model, keys: Iterable[int]) -> list[Row]:
        """The rows with these primary keys, in the order of the keys. Missing rows are omitted."""
        pending = [self.row(model, key) for key in keys]
        return [row for row in [await load for load in pending] if row is not None]

    async def rows_or_none(self, model: Model, keys: Sequence[int | None]) -> list[Row | None]:
        """The rows with these primary keys by one statement, None for each missing one."""
        wanted = {key for key in keys if key is not None}
        identity = model.id  # type: ignore[attr-defined]
        rows: list[Row] = (
            await self._scalars(select(model).where(identity.in_(wanted))) if wanted else []
        )
        by_key = {row.id: row for row in rows}
        return [None if key is None else by_key.get(key) for key in keys]

    def one(self, relation: ToOne, key: int, node_id: Hashable) -> Awaitable[Row]:
        """The row of a relation to one."""

        async def batch(keys: list[int]) -> list[Base | None]:
            by_key = {
                getattr(row, relation.to.key): row
                for row in await self._scalars(statements.to_one(relation, keys))
            }
            return [by_key.get(key) for key in keys]

        return self._loader(("one", relation.model, relation.to.key, node_id), batch).load(key)

    def many(
        self, relation: ToMany, selected: SelectedFilters, key: int, node_id: int
    ) -> Awaitable[list[Row]]:
        """The rows of a relation to many."""

        async def batch(keys: list[int]) -> list[list[Base]]:
            return self._grouped(
                relation.by.key,
                await self._scalars(statements.to_many(relation, selected, keys)),
                keys,
            )

        return self._loader(("many", relation, selected, node_id), batch).load(key)

    def page(
        self,
        relation: Paged,
        selected: SelectedFilters,
        key: int,
        node_id: int,
        *,
        order: Order,
        request: PageRequest,
    ) -> Awaitable[Page[Row]]:
        """One page of a connection."""

        async def batch(keys: list[int]) -> list[Page[Base]]:
            statement = statements.page(
                relation,
                selected,
                keys,
                order=order,
                request=request,
                sqlite=self._database.is_sqlite,
            )
            rows = await self._scalars(
                statement, uses_today=statements.uses_today(relation.filters, selected)
            )
            groups = [rows] if relation.by is None else self._grouped(relation.by.key, rows, keys)
            return [page_of(group, order, request) for group in groups]

        name = ("page", relation, selected, id(order), request, node_id)
        return self._loader(name, batch).load(key)

    def count(
        self, relation: Paged, selected: SelectedFilters, key: int, node_id: int
    ) -> Awaitable[int]:
        """The number of rows on all pages of a connection."""
        return self._load_count(
            ("count", relation, selected, node_id),
            lambda keys: statements.count(relation, selected, keys),
            key,
            uses_today=statements.uses_today(relation.filters, selected),
        )

    def descendant_count(self, relation: DescendantCount, key: int, node_id: int) -> Awaitable[int]:
        """The number of descendants of a row."""
        return self._load_count(
            ("descendant_count", relation, node_id),
            lambda keys: statements.descendant_count(relation, keys),
            key,
        )

    def computed(self, relation: Computed, row: Row, node_id: int) -> Awaitable[object]:
        """A value that the database computes for a row."""

        async def batch(keys: list[int]) -> list[object]:
            values = await self._pairs(
                statements.computed(relation, type(row), keys), uses_today=relation.uses_today
            )
            return [values.get(key) for key in keys]

        return self._loader(("computed", relation, node_id), batch).load(row.id)

    def ancestors(self, relation: Ancestors, key: int, node_id: int) -> Awaitable[list[Row]]:
        """The ancestors of a row, nearest first. `key` is the value in its parent column."""

        async def batch(keys: list[int]) -> list[list[Base]]:
            groups: dict[int, list[Base]] = defaultdict(list)
            async with self._reading() as session:
                for start, row in await session.execute(statements.ancestors(relation, keys)):
                    groups[start].append(row)
            return [groups[key] for key in keys]

        return self._loader(("ancestors", relation, node_id), batch).load(key)

    async def lookup(self, relation: Lookup, selected: SelectedFilters) -> Base | None:
        """The row of a lookup, or None."""
        rows = await self._scalars(statements.lookup(relation, selected))
        return rows[0] if rows else None

    def _load_count(
        self,
        name: Hashable,
        statement: Callable[[list[int]], Select[Any, int]],
        key: int,
        *,
        uses_today: bool = False,
    ) -> Awaitable[int]:
        async def batch(keys: list[int]) -> list[int]:
            counts = await self._pairs(statement(keys), uses_today=uses_today)
            return [counts.get(key, 0) for key in keys]

        return self._loader(name, batch).load(key)

    def _loader(
        self, name: Hashable, batch: Callable[[list[Any]], Awaitable[Sequence[Any]]]
    ) -> DataLoader[Any, Any]:
        loader = self._loaders.get(name)
        if loader is None:
            loader = self._loaders[name] = DataLoader(load_fn=batch)
        return loader

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncSession]:
        if self.fault is not None:
            raise self.fault
        async with self._database.reading() as session:
            yield session

    async def _scalars(self, statement: Select[Any], *, uses_today: bool = False) -> list[Base]:
        parameters = await self._parameters(uses_today=uses_today)
        async with self._reading() as session:
            return list((await session.execute(statement, parameters)).scalars())

    async def _pairs(
        self, statement: Select[Any, Any], *, uses_today: bool = False
    ) -> dict[int, Any]:
        parameters = await self._parameters(uses_today=uses_today)
        async with self._reading() as session:
            return {row[0]: row[1] for row in await session.execute(statement, parameters)}

    async def _parameters(self, *, uses_today: bool) -> dict[str, date] | None:
        """The value of TODAY if a statement needs it. It is read once per request."""

        async def batch(keys: list[str]) -> list[date]:
            async with self._reading() as session:
                business = await read_business(session, self._runtime)
            return [business.today for _ in keys]

        return {TODAY.key: await self._loader("today", batch).load("today")} if uses_today else None

    @staticmethod
    def _grouped(name: str, rows: Iterable[Base], keys: Sequence[int]) -> list[list[Base]]:
        groups: dict[int, list[Base]] = {key: [] for key in keys}
        for row in rows:
            groups[getattr(row, name)].append(row)
        return [groups[key] for key in keys]
