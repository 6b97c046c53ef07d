"""Relay's connections. Page and count are read only where somebody asks for them."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import strawberry

from tenure.graphql.reads.resolved_field import resolved_field
from tenure.kernel.pages import Page

Item = TypeVar("Item")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's own."""

    has_next_page: bool = strawberry.field(description="There is more behind this page.")
    has_previous_page: bool = strawberry.field(description="There is more before this page.")
    start_cursor: str | None = strawberry.field(
        description="Give it as `before` for the page before this one."
    )
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` for the page behind this one."
    )


@strawberry.type(description="An item and its place in the list.")
class Edge(Generic[Item]):
    """One row of a page."""

    node: Item
    cursor: str = strawberry.field(description="Give it as `after` or `before` to go on from here.")


@strawberry.type(description="A page of a list that can grow.")
class Connection(Generic[Item]):
    """`page` and `count` are loaders: asked twice they answer once."""

    page: strawberry.Private[Callable[[], Awaitable[Page[Any]]]]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @resolved_field
    async def edges(self) -> list[Edge[Item]]:
        """The items of this page, each with its cursor."""
        page = await self.page()
        return [
            Edge(node=row, cursor=cursor)
            for row, cursor in zip(page.rows, page.cursors, strict=True)
        ]

    @resolved_field
    async def nodes(self) -> list[Item]:
        """The items of this page."""
        return list((await self.page()).rows)

    @resolved_field
    async def page_info(self) -> PageInfo:
        """Where this page lies in the list."""
        page = await self.page()
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        )

    @resolved_field
    async def total_count(self) -> int:
        """How many items all pages have. Counted only where it is asked for."""
        return await self.count()
