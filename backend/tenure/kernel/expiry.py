"""Deletes expired rows. No other module deletes: business data is never deleted (rules 2.14)."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from tenure.kernel.db import Base
from tenure.kernel.locks import for_update
from tenure.kernel.unit import Unit

# A statement of this size holds its locks for some hundredths of a second.
CHUNK = 1_000

Key: TypeAlias = Sequence[InstrumentedAttribute[str] | InstrumentedAttribute[int]]


async def delete_expired(
    unit: Unit,
    table: type[Base],
    key: Key,
    *,
    is_expired: ColumnElement[bool],
    limit: int = CHUNK,
) -> int:
    """Deletes at most `limit` expired rows and returns their number.

    Locked rows are skipped, so that several processes can delete concurrently. The CTE is evaluated
    once; PostgreSQL may evaluate a subquery with LIMIT several times.
    """
    candidates = for_update(select(*key).where(is_expired).limit(limit), skip_locked=True)
    expired = candidates.cte("expired")
    statement = delete(table).where(tuple_(*key).in_(select(expired))).returning(key[0])
    options = {"synchronize_session": False}
    # SQLite does not report the number of rows that a statement with a CTE deletes.
    return len((await unit.session.execute(statement, execution_options=options)).all())
