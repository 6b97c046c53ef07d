"""Whether the database can be worked with: reachable, and at the schema that this version was written for."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from tenure.kernel.compatibility import schema_state
from tenure.kernel.db import Database
from tenure.kernel.redaction import redacted

SECONDS = 5


async def what_is_wrong(database: Database) -> list[str]:
    """Why no work can be done; empty where it can."""
    try:
        async with asyncio.timeout(SECONDS):
            state = await schema_state(database)
    except TimeoutError:
        return [f"The database did not answer within {SECONDS} seconds."]
    except (SQLAlchemyError, OSError) as fault:
        return [f"The database cannot be reached: {first_line(fault)}"]
    return [] if state.is_usable else [state.message]


async def schema_notices(database: Database) -> list[str]:
    """What the operator should know of a schema that this program works on: that it is newer."""
    try:
        async with asyncio.timeout(SECONDS):
            state = await schema_state(database)
    except (TimeoutError, SQLAlchemyError, OSError):
        return []
    return [state.message] if state.is_usable and state.is_newer else []


def first_line(fault: BaseException) -> str:
    """What a person may read of a fault: no statement, no traceback. Clients of brokers put the cause inside."""
    while fault.args and isinstance(fault.args[0], BaseException):
        fault = fault.args[0]
    text = str(getattr(fault, "orig", None) or fault).strip()
    return redacted(text.splitlines()[0]) if text else type(fault).__name__
