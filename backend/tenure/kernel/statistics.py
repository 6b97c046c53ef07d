"""Statistics for PostgreSQL's planner about tables that grow while a job reads them.

PostgreSQL keeps the plan of a prepared statement until the statistics of its tables change. What
was planned for a few rows can read a whole table of many.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase


def has_doubled(before: int, after: int, *, first: int) -> bool:
    """True if a number grew past `first` or its double, its fourfold and so on."""
    return (before // first).bit_length() < (after // first).bit_length()


async def analyze(session: AsyncSession, *tables: type[DeclarativeBase]) -> None:
    """Updates the statistics of these tables, in the transaction of the session.

    SQLite needs none: it prefers the index with the most columns.
    """
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(table.__tablename__ for table in tables)
        await session.execute(text(f"ANALYZE {names}"))
