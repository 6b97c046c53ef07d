"""Dry runs: operations that are executed in full and then rolled back.

All units and reads of a dry run share one transaction. Each unit is a savepoint of it, so that a
later unit, and whatever reads the answer, sees what an earlier one has changed.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from tenure.kernel.db import Database
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Runtime


@asynccontextmanager
async def dry_run(runtime: Runtime) -> AsyncIterator[Runtime]:
    """A runtime whose changes are rolled back at the end of the block.

    It wakes no workers, and its payment gateway is not called.
    """
    async with runtime.database.writing() as session:
        # The session is closed without a commit, which rolls its transaction back.
        connection = await session.connection()
        yield replace(
            runtime,
            database=OneTransaction(runtime.database, connection),
            wake_workers=lambda: None,
            gateway=replace(runtime.gateway, is_dry_run=True),
            is_dry_run=True,
        )


class OneTransaction(Database):
    """A database whose sessions are savepoints of one transaction, one at a time.

    `connection` remains outside of the transaction: it is for statements whose locks a client must
    not hold, such as that of the positions of commits.
    """

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        # The settings, engine and queues are those of the database. No engine is made.
        vars(self).update(vars(database))
        self._connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session in a savepoint; its commit releases the savepoint."""
        async with self._turn:
            if self._connection.invalidated:
                raise DatabaseUnreachableError("The connection of the dry run was lost.")
            async with AsyncSession(
                self._connection,
                join_transaction_mode="create_savepoint",
                expire_on_commit=False,
                autoflush=False,
            ) as session:
                yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that reads what the transaction has changed."""
        async with self.writing() as session:
            yield session

    async def fetch_row(
        self, statement: str, parameters: Sequence[object]
    ) -> Sequence[object] | None:
        """The first row of a statement, which reads what the transaction has changed."""
        async with self._turn:
            rows = await self._connection.exec_driver_sql(statement, tuple(parameters))
            return rows.first()
