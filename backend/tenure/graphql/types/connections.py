"""Relay connections. The page and the total count are read only if they are selected."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import strawberry

from tenure.graphql.reads.resolved_field import resolved_field
from tenure.kernel.pages import Page

Item = TypeVar("Item")


@strawberry.type(name="PageInfo", description="The position of a page in its list.")
class PageInfoType:
    """The page info of the Relay specification."""

    has_next_page: bool = strawberry.field(description="Whether more items follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether more items precede this page.")
    start_cursor: str | None = strawberry.field(
        description="Pass it as `before` to get the previous page."
    )
    end_cursor: str | None = strawberry.field(
        description="Pass it as `after` to get the next page."
    )


@strawberry.type(name="Edge", description="An item with its cursor.")
class EdgeType(Generic[Item]):
    """One row of a page."""

    node: Item = strawberry.field(description="The item.")
    cursor: str = strawberry.field(
        description="Pass it as `after` or `before` to continue from this item."
    )


@strawberry.type(name="Connection", description="One page of a list.")
class ConnectionType(Generic[Item]):
    """`page` and `count` are loaders: a repeated call does not query again."""

    page: strawberry.Private[Callable[[], Awaitable[Page[Any]]]]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @resolved_field
    async def edges(self) -> list[EdgeType[Item]]:
        """The items of this page, each with its cursor."""
        page = await self.page()
        return [
            EdgeType(node=row, cursor=cursor)
            for row, cursor in zip(page.rows, page.cursors, strict=True)
        ]

    @resolved_field
    async def nodes(self) -> list[Item]:
        """The items of this page."""
        return list((await self.page()).rows)

    @resolved_field
    async def page_info(self) -> PageInfoType:
        """The position of this page in the list."""
        page = await self.page()
        return PageInfoType(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        )

    @resolved_field
    async def total_count(self) -> int:
        """The number of items on all pages. Counted only if selected.

        The services, bills, payments and events of all accounts are counted up to 10,000, and so
        are the accounts that `search`, `heldBy` or `hasOverdue` finds: a longer list also has
        10,000.
        """
        return await self.count()
