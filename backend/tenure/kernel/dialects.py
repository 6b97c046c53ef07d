"""What only one of the two databases can, or what each says in its own way. Nothing else asks which one it is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tenure.kernel.db import Database
from tenure.kernel.pages import Order, PageRequest, sorting


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
    some = statement.where(key == wanted.c.key).order_by(*sorted_by).limit(limit).correlate(wanted).lateral("some")
    rows = aliased(key.class_, some)
    return select(rows).select_from(wanted.join(some, true())).order_by(*sorting(order, request, rows))


@asynccontextmanager
async def one_at_a_time(database: Database, what: str) -> AsyncIterator[None]:
    """Only one process at a time is in this block. SQLite has one writer all the same.

    The lock lies in a transaction of its own connection: whoever dies, or fails inside, gives it back.
    """
    if database.is_sqlite:
        yield
        return
    async with database.engine.begin() as connection:
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))
        yield
