"""How the rows of a page are read, and what its lists and its page info are written from.

- `Direct`: each row is written as it is read, in an array of PostgreSQL. The page has one list and
  does not need to know of other rows.
- `Arrays`: one row more than the page has is written too, into an array of PostgreSQL, of which the
  first ones are listed. The page goes forward and its rows are written from columns alone.
- `Numbered`: the rows are numbered in the order in which they were read, with one more; those of
  the page are written in the order of the list.
- `Ordered`: the rows of a subquery are aggregated in its order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
)

from tenure.graphql.compiled import values
from tenure.graphql.compiled.objects import Attribute, Writer, column_of
from tenure.kernel.json_text import (
    Part,
    base64_url_text,
    constant,
    join,
    joined_first,
    json_cursor_instant,
    json_date,
    json_integer,
    json_list,
    json_string,
    value_of_row,
)
from tenure.kernel.pages import Order

# Writes a row of an alias or a subquery.
WriteRow: TypeAlias = Callable[[FromClause], ColumnElement[str]]
ONE: ColumnElement[int] = literal_column("1", Integer())


class PageRows(Protocol):
    """The rows of a page."""

    def listed(self, write: WriteRow) -> list[Part]:
        """The list of the rows."""

    def info(self) -> Mapping[str, Part]:
        """Whether more rows follow, and the cursors of the first and the last row."""

    def whole(self, parts: Sequence[Part]) -> list[Part]:
        """The connection, from the parts that it consists of."""


@dataclass(frozen=True, slots=True)
class Direct:
    """The page is the rows of an ordered statement."""

    writer: Writer
    rows: FromClause
    ordered: Select[Any]

    def listed(self, write: WriteRow) -> list[Part]:
        """The list of the rows."""
        return ["[", self.writer.texts_of(self.ordered, write(self.rows)), "]"]

    def info(self) -> Mapping[str, Part]:
        """Nothing: it is not known."""
        return {}

    def whole(self, parts: Sequence[Part]) -> list[Part]:
        """The parts themselves."""
        return [*parts]


@dataclass(frozen=True, slots=True)
class Ordered:
    """The page is the rows of an ordered subquery."""

    rows: FromClause

    def listed(self, write: WriteRow) -> list[Part]:
        """The list of the rows."""
        return json_list(write(self.rows))

    def info(self) -> Mapping[str, Part]:
        """Nothing: it is not known."""
        return {}

    def whole(self, parts: Sequence[Part]) -> list[Part]:
        """A subquery that aggregates the rows."""
        return [select(join(parts)).select_from(self.rows).scalar_subquery()]


@dataclass(frozen=True, slots=True)
class Arrays:
    """The page is the first `size` rows of an ordered statement that reads one more."""

    rows: FromClause
    ordered: Select[Any]
    order: Order
    size: ColumnElement[int]
    name: str
    texts: list[ColumnElement[str]] = field(default_factory=list)

    def listed(self, write: WriteRow) -> list[Part]:
        """The list of the rows."""
        text = write(self.rows).label(f"text{len(self.texts)}")
        self.texts.append(text)
        return ["[", joined_first(literal_column(f"{self.name}.{text.name}"), self.size), "]"]

    def info(self) -> Mapping[str, Part]:
        """Whether more rows follow, and the cursors of the first and the last row."""
        last = func.least(func.count(), self.size)
        return {
            "hasNextPage": _is_true(func.count() > self.size),
            "startCursor": self._cursor(func.least(last, ONE), last),
            "endCursor": self._cursor(last, last),
        }

    def whole(self, parts: Sequence[Part]) -> list[Part]:
        """A subquery that aggregates the rows."""
        keys = [column_of(self.rows, it) for it in self.order.columns]
        read = self.ordered.with_only_columns(*self.texts, *keys, maintain_column_froms=True)
        return [select(join(parts)).select_from(read.subquery(self.name)).scalar_subquery()]

    def _cursor(self, place: ColumnElement[int], last: ColumnElement[int]) -> ColumnElement[str]:
        keys = []
        for attribute in self.order.columns:
            name = column_of(self.rows, attribute).name
            column = literal_column(f"{self.name}.{name}", attribute.type)
            keys.append((attribute, value_of_row(column, place)))
        return case((last > literal_column("0"), cursor(keys)), else_=constant(values.NULL))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The rows have columns `place` and `found`, their number."""

    rows: FromClause
    order: Order
    size: ColumnElement[int]
    is_backward: bool

    def listed(self, write: WriteRow) -> list[Part]:
        """The list of the rows."""
        return json_list(case((self.rows.c.place <= self.size, write(self.rows))))

    def info(self) -> Mapping[str, Part]:
        """Whether more rows follow, and the cursors of the first and the last row."""
        rows, size = self.rows, self.size
        first = and_(rows.c.place == ONE, rows.c.place <= size)
        last = or_(rows.c.place == size, and_(rows.c.place == rows.c.found, rows.c.place <= size))
        start, end = (last, first) if self.is_backward else (first, last)
        return {
            "hasPreviousPage" if self.is_backward else "hasNextPage": _is_true(func.count() > size),
            "startCursor": self._cursor(start),
            "endCursor": self._cursor(end),
        }

    def whole(self, parts: Sequence[Part]) -> list[Part]:
        """A subquery that aggregates the rows."""
        return [select(join(parts)).select_from(self.rows).scalar_subquery()]

    def _cursor(self, condition: ColumnElement[bool]) -> ColumnElement[str]:
        found = func.max(case((condition, cursor_of(self.rows, self.order))))
        return func.coalesce(found, constant(values.NULL))


def cursor_of(rows: FromClause, order: Order) -> ColumnElement[str]:
    """The cursor of a row."""
    return cursor([(it, column_of(rows, it)) for it in order.columns])


def cursor(keys: Sequence[tuple[Attribute, ColumnElement[Any]]]) -> ColumnElement[str]:
    """A cursor, as `kernel.pages.cursor_of` writes it, of the values of attributes."""
    parts: list[Part] = ["["]
    for index, (attribute, value) in enumerate(keys):
        kind = attribute.type.python_type
        writer: Any = json_string
        if issubclass(kind, datetime):
            writer = json_cursor_instant
        elif issubclass(kind, date):
            writer = json_date
        elif issubclass(kind, int):
            writer = json_integer
        parts += ["," if index else "", writer(value)]
    return base64_url_text(join([*parts, "]"]))


def _is_true(condition: ColumnElement[bool]) -> ColumnElement[str]:
    return case((condition, constant("true")), else_=constant("false"))
