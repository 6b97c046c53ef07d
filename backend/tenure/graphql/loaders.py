"""Reading in batches: what the fields of one level ask for is read by one statement per relation and arguments.

Each batch opens a short session of its own, since a session is never shared by resolvers that run side by side.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import Any

from sqlalchemy import Select
from strawberry.dataloader import DataLoader

from tenure.graphql import statements
from tenure.graphql.mapping import Chosen, CountBelow, Lookup, Model, Paged, Row, ToMany, ToOne, WayUp
from tenure.kernel.db import Base, Database
from tenure.kernel.pages import Order, Page, PageRequest, page_of


class Loaders:
    """The loaders of one request. `place` is the field of the document that asks: each has loaders of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def row(self, model: Model, key: int) -> Awaitable[Row]:
        """The row with this primary key, or None."""
        identity = model.id  # type: ignore[attr-defined]
        return self.one(ToOne(model, by=identity, to=identity), key, model)

    async def rows(self, model: Model, keys: Iterable[int]) -> list[Row]:
        """The rows with these primary keys, in their order; one that is not there is left out."""
        wanted = [self.row(model, key) for key in keys]
        return [row for row in [await row for row in wanted] if row is not None]

    def one(self, relation: ToOne, key: int, place: Hashable) -> Awaitable[Row]:
        """The row that a relation to one leads to."""

        async def batch(keys: list[int]) -> list[Base | None]:
            found = {
                getattr(row, relation.to.key): row for row in await self._scalars(statements.to_one(relation, keys))
            }
            return [found.get(key) for key in keys]

        return self._loader(("one", relation.model, relation.to.key, place), batch).load(key)

    def many(self, relation: ToMany, selected: Chosen, key: int, place: int) -> Awaitable[list[Row]]:
        """The rows that a relation to many leads to."""

        async def batch(keys: list[int]) -> list[list[Base]]:
            return self._grouped(
                relation.by.key, await self._scalars(statements.to_many(relation, selected, keys)), keys
            )

        return self._loader(("many", relation, selected, place), batch).load(key)

    def page(
        self, relation: Paged, selected: Chosen, order: Order, request: PageRequest, key: int, place: int
    ) -> Awaitable[Page[Row]]:
        """One page of a connection."""

        async def batch(keys: list[int]) -> list[Page[Base]]:
            statement = statements.page(relation, selected, order, request, keys, sqlite=self._database.is_sqlite)
            rows = await self._scalars(statement)
            groups = [rows] if relation.by is None else self._grouped(relation.by.key, rows, keys)
            return [page_of(group, order, request) for group in groups]

        return self._loader(("page", relation, selected, id(order), request, place), batch).load(key)

    def count(self, relation: Paged, selected: Chosen, key: int, place: int) -> Awaitable[int]:
        """How many rows all pages of a connection have."""
        return self._counted(
            ("count", relation, selected, place), lambda keys: statements.count(relation, selected, keys), key
        )

    def count_below(self, relation: CountBelow, key: int, place: int) -> Awaitable[int]:
        """How many rows are below one, at any depth."""
        return self._counted(("below", relation, place), lambda keys: statements.count_below(relation, keys), key)

    def way_up(self, relation: WayUp, key: int, place: int) -> Awaitable[list[Row]]:
        """The rows above one, nearest first. `key` is what the row has in the parent's column."""

        async def batch(keys: list[int]) -> list[list[Base]]:
            groups: dict[int, list[Base]] = defaultdict(list)
            async with self._database.reading() as session:
                for start, row in await session.execute(statements.way_up(relation, keys)):
                    groups[start].append(row)
            return [groups[key] for key in keys]

        return self._loader(("up", relation, place), batch).load(key)

    async def found(self, relation: Lookup, selected: Chosen) -> Base | None:
        """The row that a root field asks for."""
        rows = await self._scalars(statements.lookup(relation, selected))
        return rows[0] if rows else None

    def _counted(self, name: Hashable, statement: Callable[[list[int]], Select[Any, int]], key: int) -> Awaitable[int]:
        async def batch(keys: list[int]) -> list[int]:
            async with self._database.reading() as session:
                counts = {row[0]: row[1] for row in await session.execute(statement(keys))}
            return [counts.get(key, 0) for key in keys]

        return self._loader(name, batch).load(key)

    def _loader(self, name: Hashable, batch: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> DataLoader[Any, Any]:
        loader = self._loaders.get(name)
        if loader is None:
            loader = self._loaders[name] = DataLoader(load_fn=batch)
        return loader

    async def _scalars(self, statement: Select[Any]) -> list[Base]:
        async with self._database.reading() as session:
            return list((await session.execute(statement)).scalars())

    @staticmethod
    def _grouped(name: str, rows: Iterable[Base], keys: Sequence[int]) -> list[list[Base]]:
        groups: dict[int, list[Base]] = {key: [] for key in keys}
        for row in rows:
            groups[getattr(row, name)].append(row)
        return [groups[key] for key in keys]
