"""What only one of the two databases can, or what each says in its own way. Nothing else asks which one it is."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self, TypeVar

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Dialect,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from tenure.kernel.db import Database
from tenure.kernel.faults import is_answer_lost
from tenure.kernel.money import millionths
from tenure.kernel.pages import Order, PageRequest, sorting

# Longer than SQLite sleeps between two tries to get at the database.
WRITER_PAUSE_SECONDS = 0.12

Item = TypeVar("Item", int, str)


class new_event_id(FunctionElement[int]):  # noqa: N801 - it reads as an SQL function
    """A fresh event id for each row of an INSERT … SELECT, so that events of one statement can name each other.

    On PostgreSQL the sequence gives them; on SQLite, which has one writer, they are counted on from the last.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(new_event_id, "postgresql")
def _from_sequence(_element: new_event_id, _compiler: SQLCompiler, **_: Any) -> str:
    return "nextval('event_id_seq')"


@compiles(new_event_id, "sqlite")
def _counted_on(_element: new_event_id, _compiler: SQLCompiler, **_: Any) -> str:
    return "((SELECT coalesce(max(id), 0) FROM event) + row_number() OVER ())"


class day_after(FunctionElement[date]):  # noqa: N801
    """The day behind a date."""

    type = Date()
    inherit_cache = True


@compiles(day_after, "postgresql")
def _one_more(element: day_after, compiler: SQLCompiler, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)} + 1)"


@compiles(day_after, "sqlite")
def _one_day_more(element: day_after, compiler: SQLCompiler, **more: Any) -> str:
    return f"date({compiler.process(element.clauses, **more)}, '+1 day')"


class json_object(FunctionElement[Any]):  # noqa: N801 - it reads as an SQL function
    """A JSON object of keys and values in turn."""

    type = JSON().with_variant(JSONB(), "postgresql")
    inherit_cache = True


@compiles(json_object, "postgresql")
def _binary_json(element: json_object, compiler: SQLCompiler, **more: Any) -> str:
    return f"jsonb_build_object({compiler.process(element.clauses, **more)})"


@compiles(json_object, "sqlite")
def _text_json(element: json_object, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **more)})"


class _Several(TypeDecorator[Collection[Item]]):
    """Any number of values as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True
    each: type[TypeEngine[Item]]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Sequence[Item]] | TypeEngine[str]:
        """What the driver is given."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.each))
        return dialect.type_descriptor(Text())

    def process_bind_param(
        self, value: Collection[Item] | None, dialect: Dialect
    ) -> list[Item] | str:
        """The values as the driver takes them."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class Identifiers(_Several[int]):
    """Any number of ids."""

    cache_ok = True
    each = BigInteger


class Words(_Several[str]):
    """Any number of texts."""

    cache_ok = True
    each = Text


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """As it is: SQLAlchemy would say `… = 1` on SQLite, which then finds nothing by an index."""
        return self


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    """As an array that comes out of a SELECT it hides from the planner how many there are.

    What is read for some ids is found by an index then, one by one. Knowing of a thousand, or taking a recursive query
    for a hundred times what it starts from, PostgreSQL would rather read a table of a hundred thousand rows.
    """
    column, ids = element.clauses
    given = compiler.process(ids, **options)
    if isinstance(ids.type, Words):
        # Without an index each row would be compared with each of these: texts are looked up instead.
        return f"{compiler.process(column, **options)} IN (SELECT unnest((SELECT {given})::text[]))"
    array = f"(SELECT {given})::bigint[]" if isinstance(ids, BindParameter) else f"ARRAY{given}"
    return f"{compiler.process(column, **options)} = ANY ({array})"


@compiles(_Among, "sqlite")
def _in_rows(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    given = compiler.process(ids, **options)
    rows = f"(SELECT value FROM json_each({given}))" if isinstance(ids, BindParameter) else given
    return f"{compiler.process(column, **options)} IN {rows}"


def in_ids(
    column: SQLColumnExpression[int | None],
    ids: Collection[int] | BindParameter[Collection[int]] | Select[int],
) -> ColumnElement[bool]:
    """True where the column is one of `ids`. However many they are, they are one parameter of the same statement."""
    if isinstance(ids, Select):
        return _Among(column, ids.scalar_subquery())
    return _Among(
        column,
        ids if isinstance(ids, BindParameter) else bindparam(None, ids, Identifiers(), unique=True),
    )


def in_texts(
    column: SQLColumnExpression[str | None], words: Collection[str]
) -> ColumnElement[bool]:
    """True where the column is one of these texts, in the same way."""
    return _Among(column, bindparam(None, words, Words(), unique=True))


def limited_per_key(
    statement: Select[Any],
    key: InstrumentedAttribute[Any],
    keys: Sequence[int],
    *,
    order: Order,
    request: PageRequest,
    sqlite: bool,
) -> Select[Any]:
    """The rows of one page of `statement` and one more, for each of `keys`; in order within a key.

    PostgreSQL reads only those rows, by LATERAL; SQLite, which has none, numbers the rows of each key.
    """
    limit, sorted_by = request.size + 1, sorting(order, request)
    if len(keys) == 1:
        return statement.where(key == keys[0]).order_by(*sorted_by).limit(limit)
    if sqlite:
        place = func.row_number().over(partition_by=key, order_by=sorted_by).label("place")
        numbered = statement.where(key.in_(keys)).add_columns(place).subquery()
        rows = aliased(key.class_, numbered)
        return select(rows).where(numbered.c.place <= limit).order_by(numbered.c.place)
    given = func.unnest(bindparam("keys", list(keys), ARRAY(BigInteger)))
    wanted = given.table_valued("key", name="wanted").render_derived()
    some = (
        statement.where(key == wanted.c.key)
        .order_by(*sorted_by)
        .limit(limit)
        .correlate(wanted)
        .lateral("some")
    )
    rows = aliased(key.class_, some)
    return (
        select(rows).select_from(wanted.join(some, true())).order_by(*sorting(order, request, rows))
    )


def rows_as_table(
    session: AsyncSession,
    name: str,
    columns: Mapping[str, TypeEngine[Any]],
    rows: Sequence[Mapping[str, object]],
) -> Subquery:
    """These rows as a table that statements can join: one parameter, however many there are. A missing value is null."""
    dialect = session.get_bind().dialect
    sqlite = dialect.name == "sqlite"
    given = literal(_as_json(rows, sqlite=sqlite), String())
    if sqlite:
        each = func.json_each(given).table_valued("value", name="each_row")
        cells: list[ColumnElement[Any]] = [
            func.json_extract(each.c.value, f"$.{key}") for key in columns
        ]
    else:
        typed = [column(key, of.dialect_impl(dialect)) for key, of in columns.items()]
        found = func.json_to_recordset(cast(given, JSON())).table_valued(*typed, name="each_row")
        cells = list(found.render_derived(with_types=True).c)
    named = (
        type_coerce(cell, of).label(key)
        for cell, (key, of) in zip(cells, columns.items(), strict=True)
    )
    table = select(*named)
    # With a limit SQLite reads it once, and finds by an index; without, it would parse it anew for each row it is joined to.
    return (table.limit(-1) if sqlite else table).subquery(name)


def _as_json(rows: Sequence[Mapping[str, object]], *, sqlite: bool) -> str:
    """The rows as the database then reads them as its own. They are written once, whichever statements join them."""

    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return millionths(value)
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{type(value).__name__} has no form in JSON.")

    some = [{key: value for key, value in row.items() if value is not None} for row in rows]
    # PostgreSQL reads days and instants as orjson writes them.
    option = orjson.OPT_PASSTHROUGH_DATETIME if sqlite else None
    try:
        return orjson.dumps(some, default=plain, option=option).decode()
    except orjson.JSONEncodeError as fault:
        # orjson hides what `plain` raises, for example for an amount that is too large.
        raise fault.__cause__ or fault from None


def at_once(database: Database) -> int:
    """How many units can be open side by side, each with a second connection for `advisory_lock`. SQLite has one writer."""
    return 1 if database.is_sqlite else max(1, database.pool_size // 2)


@asynccontextmanager
async def advisory_lock(database: Database, what: str) -> AsyncIterator[None]:
    """Only one process at a time is in this block. SQLite has one writer all the same.

    The lock lies in a transaction of its own connection: whoever dies, or fails inside, gives it back.
    """
    if database.is_sqlite:
        yield
        return
    lock = select(func.pg_backend_pid(), func.pg_advisory_xact_lock(func.hashtext(what)))
    async with database.engine.connect() as connection:
        session_pid = (await connection.execute(lock)).scalars().one()
        try:
            yield
        finally:
            try:
                await connection.rollback()
            except Exception as fault:
                if not is_answer_lost(fault):
                    raise
                await _release_advisory_locks(database, session_pid)


async def _release_advisory_locks(database: Database, session_pid: int) -> None:
    """End a session whose connection broke while it held a lock: the server might notice much later."""
    held = column("pid") == session_pid, column("locktype") == "advisory"
    ended = (
        select(func.pg_terminate_backend(column("pid"))).select_from(table("pg_locks")).where(*held)
    )
    async with database.looking() as connection:
        await connection.execute(ended)


async def yield_to_writer(database: Database) -> None:
    """To be called between two long transactions. SQLite has one writer, and who waits for it looks ten times a second:
    without a pause nobody would come in between, not even somebody who cancels what goes on.
    """
    if database.is_sqlite:
        await asyncio.sleep(WRITER_PAUSE_SECONDS)
