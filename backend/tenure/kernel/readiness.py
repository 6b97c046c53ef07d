"""Whether the database can be worked with: reachable, and at the schema that this version was written for."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from tenure.kernel.db import Database, newest_revision
from tenure.kernel.redaction import redacted

SECONDS = 5


async def what_is_wrong(database: Database) -> list[str]:
    """Why no work can be done; empty where it can."""
    try:
        async with asyncio.timeout(SECONDS):
            revision = await database.revision()
    except TimeoutError:
        return [f"The database did not answer within {SECONDS} seconds."]
    except (SQLAlchemyError, OSError) as fault:
        return [f"The database cannot be reached: {first_line(fault)}"]
    newest = newest_revision()
    if revision == newest:
        return []
    return [
        f"The database is at schema {revision or 'none'}, this version needs {newest}: run `tenure migrate`."
    ]


def first_line(fault: BaseException) -> str:
    """What a person may read of a fault: no statement, no traceback. Clients of brokers put the cause inside."""
    while fault.args and isinstance(fault.args[0], BaseException):
        fault = fault.args[0]
    text = str(getattr(fault, "orig", None) or fault).strip()
    return redacted(text.splitlines()[0]) if text else type(fault).__name__
