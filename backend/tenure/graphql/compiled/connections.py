"""SQL that writes a page of a connection as JSON text.

The rows of a page are read by a limited, ordered statement (`pages`). Only if the selection needs
to know whether more rows follow, one row more is read.
The module `candidates` reads lists with a filter that may match few rows of a large table.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)

from tenure.graphql.compiled.arguments import Site, written_size
from tenure.graphql.compiled.candidates import CandidateRows
from tenure.graphql.compiled.objects import Writer, adapted, column_of
from tenure.graphql.compiled.pages import (
    ONE,
    Arrays,
    Direct,
    Numbered,
    Ordered,
    PageRows,
    cursor_of,
)
from tenure.graphql.compiled.selections import Field, Selection
from tenure.graphql.reads.mapping import Column, GlobalId, HoldsOf, MoneyOf, Paged
from tenure.kernel.json_text import Part, join, json_integer
from tenure.kernel.pages import MAX_COUNT, Order

LISTS = {"edges", "nodes"}
CURSORS = {"startCursor", "endCursor"}
# What takes little time to write, so that one row may be written in vain.
PLAIN = (Column, GlobalId, HoldsOf, MoneyOf)
COUNTED = literal_column(str(MAX_COUNT), Integer())


def connection(
    writer: Writer, it: Field, declaration: Paged, parent: FromClause | None
) -> list[Part]:
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

    def text(self) -> list[Part]:
        """The JSON text of the connection."""
        page = self._page()
        if page is None:
            return self._object(None)
        return page.whole(self._object(page))

    def _page(self) -> PageRows | None:
        """How the rows of the page are read; None if nothing is written from them."""
        lists = [it for it in self.it.selection if it.name in LISTS]
        is_forward = not (self.writer.is_sqlite or self._backward)
        if not self._asks_for_more():
            if not lists:
                return None
            if is_forward and len(lists) == 1:
                return Direct(self.writer, *self._read(self._limit("size")))
            if not self._backward:
                return Ordered(self._subquery(self._limit("size")))
        elif is_forward and all(_is_plain(it) for it in lists):
            read = self._read(self._limit("limit"))
            return Arrays(*read, self._order, self._parameter("size"), self.writer.name())
        return Numbered(
            self._numbered(), self._order, self._parameter("size"), is_backward=self._backward
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

    def _read(self, limit: ColumnElement[Any]) -> tuple[FromClause, Select[Any]]:
        """The rows of the page, and the statement that reads them in their order."""
        if self.candidates is not None:
            rows = self._subquery(limit)
            return rows, select(*rows.c)
        rows = self.writer.alias(self.declaration.model)
        found = self._ordered(rows).where(*self._matching(rows))
        return rows, self._correlated(found.limit(limit))

    def _subquery(self, limit: ColumnElement[Any]) -> FromClause:
        """The rows of the page as an ordered subquery."""
        if self.candidates is None:
            return self.writer.in_order(self._read(limit)[1])
        return self.writer.in_order(self.candidates.page(self._ordered, self._sorting, limit))

    def _numbered(self) -> FromClause:
        """The rows of the page, numbered in the order in which they were read, with one more."""
        limit = self._limit("limit")
        read = self._subquery(limit)
        place = func.row_number().over(order_by=self._sorting(read)).label("place")
        pages = select(*read.c, place, func.count().over().label("found"))
        pages = pages.order_by(place.desc() if self._backward else place)
        return self.writer.in_order(pages.limit(limit))

    def _ordered(self, rows: FromClause) -> Select[Any]:
        """All rows from the position of the page on, in their order."""
        return select(*rows.c).where(*self._bounds(rows)).order_by(*self._sorting(rows))

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

    def _object(self, page: PageRows | None) -> list[Part]:
        parts: list[Part] = ["{"]
        for index, field in enumerate(self.it.selection):
            parts.append(f'{"," if index else ""}"{field.key}":')
            if field.name == "totalCount":
                parts.append(self._count())
            elif field.name == "__typename":
                parts.append(f'"{_name_of(self.it)}"')
            elif field.name == "pageInfo":
                parts += self._page_info(field.selection, page)
            elif page is not None:
                parts += page.listed(partial(self._item, field))
        return [*parts, "}"]

    def _item(self, field: Field, rows: FromClause) -> ColumnElement[str]:
        """An item of the list `nodes` or `edges`."""
        if field.name == "nodes":
            return self.writer.row(self.declaration.model, field.selections, rows)
        return join(self._edge(field, rows))

    def _edge(self, field: Field, rows: FromClause) -> list[Part]:
        parts: list[Part] = ["{"]
        for index, below in enumerate(field.selection):
            parts.append(f'{"," if index else ""}"{below.key}":')
            match below.name:
                case "node":
                    model = self.declaration.model
                    parts.append(self.writer.row(model, below.selections, rows))
                case "cursor":
                    parts.append(cursor_of(rows, self._order))
                case _:
                    parts.append(f'"{_name_of(field)}"')
        return [*parts, "}"]

    def _page_info(self, selection: Selection, page: PageRows | None) -> list[Part]:
        """The page info. Without a page it does not depend on the rows."""
        assert self.site.request is not None
        has_bound = self.site.request.before if self._backward else self.site.request.after
        bounded = "false" if has_bound is None else "true"
        texts: dict[str, Part] = {
            "hasNextPage": bounded,
            "hasPreviousPage": bounded,
            "__typename": '"PageInfo"',
        }
        if page is not None:
            texts |= page.info()
        parts: list[Part] = ["{"]
        for index, below in enumerate(selection):
            parts += [f'{"," if index else ""}"{below.key}":', texts[below.name]]
        return [*parts, "}"]

    def _count(self) -> ColumnElement[str]:
        def one(rows: FromClause) -> Select[Any]:
            return select(ONE.label("one")).select_from(rows)

        rows = self.writer.alias(self.declaration.model)
        if self.candidates is not None:
            has_others = len([*self.declaration.where, *self.site.conditions]) > 1
            found = self.candidates.counted(one, COUNTED, has_other_conditions=has_others)
        elif self.declaration.bounded_count:
            # In the order of the list, for which there is an index with the columns of the filter.
            in_order = one(rows).where(*self._matching(rows)).order_by(*self._sorting(rows))
            found = in_order.limit(COUNTED)
        else:
            all_rows = select(json_integer(func.count())).select_from(rows)
            return self._correlated(all_rows.where(*self._matching(rows))).scalar_subquery()
        counted = self.writer.in_order(found)
        return select(json_integer(func.count())).select_from(counted).scalar_subquery()


def _is_plain(it: Field) -> bool:
    """True if the items of a list are written from columns of their rows alone."""
    if it.name == "edges":
        return all(_is_plain(below) for below in it.selection if below.name == "node")
    return all(
        below.declaration is None or isinstance(below.declaration, PLAIN)
        for selection in it.selections.values()
        for below in selection
    )


def _name_of(it: Field) -> str:
    [name] = it.selections
    return name
