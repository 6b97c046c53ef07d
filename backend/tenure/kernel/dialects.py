"""SQL that differs between SQLite and PostgreSQL, compiled for each dialect.

`row_tables`, `json_values` and `locks` hold the rest of it. No other package asks which database is
in use.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Dialect,
    FromClause,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from tenure.kernel.money import Millionths
from tenure.kernel.pages import Order, PageRequest, sorting

Item = TypeVar("Item", int, str)


class _NewRowId(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True


def new_row_id(table: str) -> ColumnElement[int]:
    """A new id of `table` for each row of an INSERT … SELECT, whose rows can reference each other.

    PostgreSQL takes them from the sequence. SQLite, which has one writer, continues from the
    largest id.
    """
    return _NewRowId(literal_column(table))


@compiles(_NewRowId, "postgresql")
def _next_sequence_value(element: _NewRowId, compiler: SQLCompiler, **options: Any) -> str:
    return f"nextval('{compiler.process(element.clauses, **options)}_id_seq')"


@compiles(_NewRowId, "sqlite")
def _next_row_id(element: _NewRowId, compiler: SQLCompiler, **options: Any) -> str:
    table = compiler.process(element.clauses, **options)
    return f"((SELECT coalesce(max(id), 0) FROM {table}) + row_number() OVER ())"


class days_after(FunctionElement[date]):  # noqa: N801 - used like an SQL function
    """The day so many days after a date."""

    type = Date()
    inherit_cache = True


@compiles(days_after, "postgresql")
def _add_days(element: days_after, compiler: SQLCompiler, **options: Any) -> str:
    day, days = (compiler.process(it, **options) for it in element.clauses)
    return f"({day} + {days})"


@compiles(days_after, "sqlite")
def _shift_days(element: days_after, compiler: SQLCompiler, **options: Any) -> str:
    day, days = (compiler.process(it, **options) for it in element.clauses)
    return f"date({day}, {days} || ' days')"


class _ListParameter(TypeDecorator[Collection[Item]]):
    """A list of values as one parameter: an array on PostgreSQL, JSON text on SQLite."""

    impl = Text
    cache_ok = True
    element_type: type[TypeEngine[Item]]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Sequence[Item]] | TypeEngine[str]:
        """The type of the parameter for the driver."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.element_type))
        return dialect.type_descriptor(Text())

    def process_bind_param(
        self, value: Collection[Item] | None, dialect: Dialect
    ) -> list[Item] | str:
        """The values in the form that the driver accepts."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class IdList(_ListParameter[int]):
    """A list of ids as one parameter."""

    cache_ok = True
    element_type = BigInteger


class TextList(_ListParameter[str]):
    """A list of texts as one parameter."""

    cache_ok = True
    element_type = Text


class _IsOwn(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_IsOwn, "postgresql")
def _has_own_id(element: _IsOwn, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(element.clauses, **options)} = pg_current_xact_id()::text::bigint"


@compiles(_IsOwn, "sqlite")
def _only_writer(element: _IsOwn, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite has no ids of transactions: while one writes, no other adds rows after its own."""
    return f"{compiler.process(element.clauses, **options)} IS NULL"


def is_of_this_transaction(transaction_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """True for rows that this transaction has written, among those after its first one."""
    return _IsOwn(transaction_id)


class _InList(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """No grouping: SQLAlchemy would add `= 1` on SQLite, which prevents the use of an index."""
        return self


@compiles(_InList, "postgresql")
def _any_of_array(element: _InList, compiler: SQLCompiler, **options: Any) -> str:
    """An array that a subquery returns, so that the planner does not know its length.

    PostgreSQL then looks up each id by index. If it knew of a thousand ids, or estimated a
    recursive query at a hundred times its start rows, it would scan a table of 100,000 rows.
    """
    column, ids = element.clauses
    values = compiler.process(ids, **options)
    if isinstance(ids.type, TextList):
        # `= ANY` without an index compares each row with each text; IN (SELECT …) hashes them.
        return (
            f"{compiler.process(column, **options)} IN (SELECT unnest((SELECT {values})::text[]))"
        )
    array = f"(SELECT {values})::bigint[]" if isinstance(ids, BindParameter) else f"ARRAY{values}"
    return f"{compiler.process(column, **options)} = ANY ({array})"


@compiles(_InList, "sqlite")
def _in_rows(element: _InList, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    values = compiler.process(ids, **options)
    rows = f"(SELECT value FROM json_each({values}))" if isinstance(ids, BindParameter) else values
    return f"{compiler.process(column, **options)} IN {rows}"


def in_ids(
    column: SQLColumnExpression[int | None],
    ids: Collection[int] | BindParameter[Collection[int]] | Select[int],
) -> ColumnElement[bool]:
    """True where the column is one of `ids`, which are one parameter whatever their number."""
    if isinstance(ids, Select):
        return _InList(column, ids.scalar_subquery())
    return _InList(
        column,
        ids if isinstance(ids, BindParameter) else bindparam(None, ids, IdList(), unique=True),
    )


def in_texts(
    column: SQLColumnExpression[str | None],
    texts: Collection[str] | BindParameter[Collection[str]],
) -> ColumnElement[bool]:
    """True where the column is one of `texts`, which are one parameter whatever their number."""
    return _InList(
        column,
        texts
        if isinstance(texts, BindParameter)
        else bindparam(None, texts, TextList(), unique=True),
    )


class _Smaller(FunctionElement[Decimal]):
    """The smaller one of two amounts; the functions differ in name."""

    inherit_cache = True
    type = Millionths()


@compiles(_Smaller)
def _least(element: _Smaller, compiler: SQLCompiler, **options: Any) -> str:
    return f"least({compiler.process(element.clauses, **options)})"


@compiles(_Smaller, "sqlite")
def _min(element: _Smaller, compiler: SQLCompiler, **options: Any) -> str:
    return f"min({compiler.process(element.clauses, **options)})"


def smaller(one: ColumnElement[Decimal], other: ColumnElement[Decimal]) -> ColumnElement[Decimal]:
    """The smaller one of two amounts that are not null."""
    return _Smaller(one, other)


def limited_per_key(
    statement: Select[Any],
    key: InstrumentedAttribute[Any],
    keys: Sequence[int],
    *,
    order: Order,
    request: PageRequest,
    sqlite: bool,
) -> Select[Any]:
    """One page of the rows of `statement`, plus one row, for each of `keys`; sorted within a key.

    PostgreSQL reads only these rows, through LATERAL. SQLite has no LATERAL and numbers the rows
    of each key.
    """
    limit = request.size + 1
    sorted_by = sorting(order, request)
    if len(keys) == 1:
        return statement.where(key == keys[0]).order_by(*sorted_by).limit(limit)
    if sqlite:
        rank = func.row_number().over(partition_by=key, order_by=sorted_by).label("place")
        numbered = statement.where(key.in_(keys)).add_columns(rank).subquery()
        rows = aliased(key.class_, numbered)
        return select(rows).where(numbered.c.place <= limit).order_by(numbered.c.place)
    unnested = func.unnest(bindparam("keys", list(keys), ARRAY(BigInteger)))
    wanted = unnested.table_valued("key", name="wanted").render_derived()
    page_rows = (
        statement.where(key == wanted.c.key)
        .order_by(*sorted_by)
        .limit(limit)
        .correlate(wanted)
        .lateral("some")
    )
    rows = aliased(key.class_, page_rows)
    return (
        select(rows)
        .select_from(wanted.join(page_rows, true()))
        .order_by(*sorting(order, request, rows))
    )


def listed_ids(
    ids: BindParameter[Collection[int]], kinds: BindParameter[Collection[int]], *, sqlite: bool
) -> FromClause:
    """The ids and kinds of two parameters as rows (key, kind, place), in their order."""
    if sqlite:
        rows, numbers = (
            func.json_each(it).table_valued("key", "value").alias() for it in (ids, kinds)
        )
        columns = (rows.c.value.label("key"), numbers.c.value.label("kind"))
        listed = select(*columns, rows.c.key.label("place"))
        return listed.join(numbers, numbers.c.key == rows.c.key).subquery("listed")
    rows = func.unnest(ids, kinds).table_valued("key", "kind", with_ordinality="place")
    return rows.render_derived(name="listed")
