"""Whether the database is reachable and has a usable schema."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from tenure.kernel.compatibility import schema_state
from tenure.kernel.db import Database
from tenure.kernel.redaction import redacted

SECONDS = 5


async def what_is_wrong(database: Database) -> list[str]:
    """The problems that prevent all work; empty if there are none."""
    try:
        async with asyncio.timeout(SECONDS):
            state = await schema_state(database)
    except TimeoutError:
        return [f"The database did not answer within {SECONDS} seconds."]
    except (SQLAlchemyError, OSError) as fault:
        return [f"The database cannot be reached: {first_line(fault)}"]
    return [] if state.is_usable else [state.message]


async def schema_notices(database: Database) -> list[str]:
    """A notice for the operator if the schema is newer than this program and usable."""
    try:
        async with asyncio.timeout(SECONDS):
            state = await schema_state(database)
    except (TimeoutError, SQLAlchemyError, OSError):
        return []
    return [state.message] if state.is_usable and state.is_newer else []


def first_line(fault: BaseException) -> str:
    """The first line of a fault, without statement and values. Broker clients nest the cause."""
    while fault.args and isinstance(fault.args[0], BaseException):
        fault = fault.args[0]
    text = str(getattr(fault, "orig", None) or fault).strip()
    return redacted(text.splitlines()[0]) if text else type(fault).__name__
