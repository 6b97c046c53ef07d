"""Keyset pagination: a page starts after the last row of the previous one."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import UNSTORABLE

DEFAULT_SIZE = 25
LARGEST_SIZE = 100
# Long lists, and what a search finds, are counted up to this number.
MAX_COUNT = 10_000

Row = TypeVar("Row")
# The values of the columns of an order.
Position: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that a list is sorted by, all in one direction; the last one is unique."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The four arguments of Relay connections. Raises INVALID for invalid values."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None:
            raise TenureError(ErrorCode.INVALID, "Provide `first` or `last`, not both.", ("first",))
        for name in ("first", "last"):
            size = getattr(self, name)
            if size is not None and not 0 <= size <= LARGEST_SIZE:
                raise TenureError(
                    ErrorCode.INVALID, f"Provide `{name}` from 0 to {LARGEST_SIZE}.", (name,)
                )

    @property
    def size(self) -> int:
        """The maximum number of rows of the page."""
        return (
            DEFAULT_SIZE
            if self.first is None and self.last is None
            else int(self.first or self.last or 0)
        )

    @property
    def backward(self) -> bool:
        """True if the page is read from the end of the list."""
        return self.last is not None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page in the order of the list, with their cursors."""

    rows: Sequence[Row]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


def bounded(statement: Select[Any], order: Order, request: PageRequest) -> Select[Any]:
    """`statement` limited to the rows between the cursors. Raises INVALID for a wrong cursor."""
    for cursor, is_after in ((request.after, True), (request.before, False)):
        if cursor is not None:
            keyset = tuple_(*order.columns)
            start = position_of(cursor, order, "after" if is_after else "before")
            is_greater = is_after != order.descending
            statement = statement.where(keyset > start if is_greater else keyset < start)
    return statement


def sorting(order: Order, request: PageRequest, rows: object = None) -> list[ColumnElement[Any]]:
    """The ORDER BY columns, reversed for a page from the end. `rows` is an alias to sort."""
    descending = order.descending != request.backward
    columns = (
        order.columns if rows is None else [getattr(rows, column.key) for column in order.columns]
    )
    return [column.desc() if descending else column.asc() for column in columns]


def page_of(rows: Sequence[Row], order: Order, request: PageRequest) -> Page[Row]:
    """A page from up to `request.size + 1` rows in the order of `sorting`."""
    more = len(rows) > request.size
    page_rows = list(rows[: request.size])
    if request.backward:
        page_rows.reverse()
    has_next, has_previous = (
        (request.before is not None, more)
        if request.backward
        else (more, request.after is not None)
    )
    cursors = [cursor_of(row, order) for row in page_rows]
    return Page(page_rows, cursors, has_next, has_previous)


def cursor_of(row: object, order: Order) -> str:
    """The opaque cursor of a row in a list of this order."""
    values = [getattr(row, column.key) for column in order.columns]
    text = json.dumps(
        [value.isoformat() if isinstance(value, date) else value for value in values],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return base64.urlsafe_b64encode(text.encode()).decode()


def position_of(cursor: str, order: Order, argument: str) -> Position:
    """The values of the columns of an order in a cursor. Raises INVALID for a wrong cursor."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(values, list) or len(values) != len(order.columns):
            raise ValueError(cursor)
        return tuple(
            _typed(value, column) for value, column in zip(values, order.columns, strict=True)
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise TenureError(
            ErrorCode.INVALID, "This cursor does not belong to this list.", (argument,)
        ) from None


def _typed(value: Any, column: InstrumentedAttribute[Any]) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant.astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    if (
        not isinstance(value, kind)
        or isinstance(value, bool)
        or (kind is int and abs(value) >= 2**63)
    ):
        raise TypeError(value)
    if kind is str and UNSTORABLE.search(value):
        raise ValueError(value)
    return value
