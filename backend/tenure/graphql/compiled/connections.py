"""SQL that writes a page of a connection as JSON text.

The rows of a page are read by a limited, ordered subquery. Only if the selection needs to know
whether more rows follow, one row more is read and the rows are numbered.
The module `candidates` reads lists with a filter that may match few rows of a large table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from tenure.graphql.compiled import values
from tenure.graphql.compiled.arguments import Site, written_size
from tenure.graphql.compiled.candidates import CandidateRows, Read
from tenure.graphql.compiled.objects import Writer, adapted, column_of
from tenure.graphql.compiled.selections import Field, Selection
from tenure.graphql.reads.mapping import Paged
from tenure.kernel.json_text import (
    Part,
    base64_url_text,
    constant,
    join,
    joined_rows,
    json_cursor_instant,
    json_date,
    json_integer,
    json_string,
)
from tenure.kernel.pages import MAX_COUNT, Order

LISTS = {"edges", "nodes"}
CURSORS = {"startCursor", "endCursor"}
ONE = literal_column("1", Integer())
COUNTED = literal_column(str(MAX_COUNT), Integer())


def connection(
    writer: Writer, it: Field, declaration: Paged, parent: FromClause | None
) -> ColumnElement[str]:
    """The connection below a row, or of all rows without one."""
    site = writer.sites[it]
    writer.uses_today |= site.uses_today
    return PageWriter(writer, it, declaration, site, parent).text()


@dataclass(slots=True)
class PageWriter:
    """One connection of a statement."""

    writer: Writer
    it: Field
    declaration: Paged
    site: Site
    parent: FromClause | None
    candidates: CandidateRows | None = None

    def __post_init__(self) -> None:
        if self.site.candidates is not None and self.parent is None:
            self.candidates = CandidateRows(
                self.writer, self.declaration.model, self.site.candidates, self._matching
            )

    def text(self) -> ColumnElement[str]:
        """The JSON text of the connection."""
        asks_for_more = self._asks_for_more()
        if not asks_for_more and not any(field.name in LISTS for field in self.it.selection):
            return join(self._object(None, numbered=False))
        numbered = asks_for_more or self._backward
        rows = self._rows(numbered=numbered)
        return (
            select(join(self._object(rows, numbered=numbered))).select_from(rows).scalar_subquery()
        )

    def _asks_for_more(self) -> bool:
        """True if the page info depends on the rows of the page, or on whether there are more."""
        names = {*CURSORS, "hasPreviousPage" if self._backward else "hasNextPage"}
        infos = (field.selection for field in self.it.selection if field.name == "pageInfo")
        return any(field.name in names for info in infos for field in info)

    @property
    def _backward(self) -> bool:
        assert self.site.request is not None
        return self.site.request.backward

    @property
    def _order(self) -> Order:
        assert self.site.order is not None
        return self.site.order

    def _parameter(self, suffix: str) -> ColumnElement[Any]:
        name = self.site.name(suffix)
        return bindparam(name, self.site.parameters[name], Integer())

    def _limit(self, suffix: str) -> ColumnElement[Any]:
        assert self.site.request is not None
        if written_size(self.site.request) is None:
            return self._parameter(suffix)
        return literal_column(str(self.site.parameters[self.site.name(suffix)]), Integer())

    def _matching(
        self, rows: FromClause, *, without: ColumnElement[bool] | None = None
    ) -> list[ColumnElement[bool]]:
        wanted = [it for it in self.site.conditions if it is not without]
        conditions = adapted(self.declaration.model, rows, [*self.declaration.where, *wanted])
        if self.declaration.by is None or self.parent is None:
            return conditions
        return [column_of(rows, self.declaration.by) == self.parent.c.id, *conditions]

    def _correlated(self, statement: Select[Any]) -> Select[Any]:
        return statement.correlate(None if self.parent is None else self.parent)

    def _rows(self, *, numbered: bool) -> FromClause:
        """The rows of the page; numbered in the order in which they were read, with one more."""
        limit = self._limit("limit" if numbered else "size")

        def page(rows: FromClause) -> Select[Any]:
            found = select(*rows.c).where(*self._bounds(rows))
            return found.order_by(*self._sorting(rows))

        if self.candidates is None:
            found = self._found(page).limit(limit)
        else:
            found = self.candidates.page(page, self._sorting, limit)
        read = self.writer.in_order(found)
        if not numbered:
            return read
        place = func.row_number().over(order_by=self._sorting(read)).label("place")
        pages = select(*read.c, place, func.count().over().label("found"))
        pages = pages.order_by(place.desc() if self._backward else place)
        return self.writer.in_order(pages.limit(self._limit("limit")))

    def _found(self, read: Read) -> Select[Any]:
        """What `read` reads of the matching rows."""
        rows = self.writer.alias(self.declaration.model)
        return self._correlated(read(rows).where(*self._matching(rows)))

    def _bounds(self, rows: FromClause) -> list[ColumnElement[bool]]:
        assert self.site.request is not None
        columns = [column_of(rows, it) for it in self._order.columns]
        bounds = []
        for argument, is_after in (("after", True), ("before", False)):
            if getattr(self.site.request, argument) is None:
                continue
            names = [self.site.name(f"{argument}_{index}") for index in range(len(columns))]
            position = tuple_(
                *(
                    bindparam(name, self.site.parameters[name], column.type)
                    for name, column in zip(names, columns, strict=True)
                )
            )
            keyset = tuple_(*columns)
            follows = is_after != self._order.descending
            bounds.append(keyset > position if follows else keyset < position)
        return bounds

    def _sorting(self, rows: FromClause) -> list[ColumnElement[Any]]:
        descending = self._order.descending != self._backward
        columns = [column_of(rows, it) for it in self._order.columns]
        return [it.desc() if descending else it.asc() for it in columns]

    def _object(self, rows: FromClause | None, *, numbered: bool) -> list[Part]:
        parts: list[Part] = ["{"]
        for index, field in enumerate(self.it.selection):
            parts.append(f'{"," if index else ""}"{field.key}":')
            if field.name == "totalCount":
                parts.append(self._count())
            elif field.name == "__typename":
                parts.append(f'"{_name_of(self.it)}"')
            elif field.name == "pageInfo":
                parts += self._page_info(field.selection, rows)
            elif rows is not None:
                parts += self._list(field, rows, numbered=numbered)
        return [*parts, "}"]

    def _list(self, field: Field, rows: FromClause, *, numbered: bool) -> list[Part]:
        if field.name == "nodes":
            item = self.writer.row(self.declaration.model, field.selections, rows)
        else:
            item = join(self._edge(field, rows))
        if numbered:
            item = case((rows.c.place <= self._parameter("size"), item))
        return ["[", func.coalesce(joined_rows(item), constant("")), "]"]

    def _edge(self, field: Field, rows: FromClause) -> list[Part]:
        parts: list[Part] = ["{"]
        for index, below in enumerate(field.selection):
            parts.append(f'{"," if index else ""}"{below.key}":')
            match below.name:
                case "node":
                    model = self.declaration.model
                    parts.append(self.writer.row(model, below.selections, rows))
                case "cursor":
                    parts.append(cursor(rows, self._order))
                case _:
                    parts.append(f'"{_name_of(field)}"')
        return [*parts, "}"]

    def _page_info(self, selection: Selection, rows: FromClause | None) -> list[Part]:
        """The page info. Without rows it does not depend on them."""
        assert self.site.request is not None
        has_bound = self.site.request.before if self._backward else self.site.request.after
        bounded = "false" if has_bound is None else "true"
        texts: dict[str, Part] = {
            "hasNextPage": bounded,
            "hasPreviousPage": bounded,
            "__typename": '"PageInfo"',
        }
        if rows is not None and self._asks_for_more():
            texts |= self._ends(rows)
        parts: list[Part] = ["{"]
        for index, below in enumerate(selection):
            parts += [f'{"," if index else ""}"{below.key}":', texts[below.name]]
        return [*parts, "}"]

    def _ends(self, rows: FromClause) -> dict[str, Part]:
        """Whether there are more rows, and the cursors of the first and last row of the page."""
        size = self._parameter("size")
        more = case((func.count() > size, constant("true")), else_=constant("false"))
        first = and_(rows.c.place == 1, rows.c.place <= size)
        last = or_(rows.c.place == size, and_(rows.c.place == rows.c.found, rows.c.place <= size))
        start, end = (last, first) if self._backward else (first, last)
        return {
            "hasPreviousPage" if self._backward else "hasNextPage": more,
            "startCursor": self._cursor(rows, start),
            "endCursor": self._cursor(rows, end),
        }

    def _cursor(self, rows: FromClause, condition: ColumnElement[bool]) -> ColumnElement[str]:
        found = func.max(case((condition, cursor(rows, self._order))))
        return func.coalesce(found, constant(values.NULL))

    def _count(self) -> ColumnElement[str]:
        if self.candidates is None:
            rows = self.writer.alias(self.declaration.model)
            all_rows = select(json_integer(func.count())).select_from(rows)
            return self._correlated(all_rows.where(*self._matching(rows))).scalar_subquery()

        def one(rows: FromClause) -> Select[Any]:
            return select(ONE.label("one")).select_from(rows)

        has_others = len([*self.declaration.where, *self.site.conditions]) > 1
        found = self.candidates.counted(one, COUNTED, has_other_conditions=has_others)
        counted = self.writer.in_order(found)
        return select(json_integer(func.count())).select_from(counted).scalar_subquery()


def cursor(rows: FromClause, order: Order) -> ColumnElement[str]:
    """The cursor of a row, as `cursor_of` writes it."""
    columns: Sequence[Any] = [(it, column_of(rows, it)) for it in order.columns]
    parts: list[Part] = ["["]
    for index, (attribute, column) in enumerate(columns):
        kind = attribute.type.python_type
        writer: Any = json_string
        if issubclass(kind, datetime):
            writer = json_cursor_instant
        elif issubclass(kind, date):
            writer = json_date
        elif issubclass(kind, int):
            writer = json_integer
        parts += ["," if index else "", writer(column)]
    return base64_url_text(join([*parts, "]"]))


def _name_of(it: Field) -> str:
    [name] = it.selections
    return name
