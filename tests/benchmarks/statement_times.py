"""Compares the CPU time of PostgreSQL for the statements of two revisions.

`python -m tests.benchmarks.statement_times DATABASE_URL --save FOLDER` saves the statements of this
revision for the operations of `make peers`, with the parameters of some requests. Without `--save`
the program executes those of several folders in turns, one connection for each, compares their
answers, and prints the time of a statement in milliseconds. Many short turns are needed, because
other work on the machine changes the times: compare the ratios, each the median over all turns.
"""

import argparse
import asyncio
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

import asyncpg

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.kernel.postgresql import SERVER_SETTINGS
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.page_statements import Recorder, Sent
from tests.benchmarks.peers.operations import (
    ACCOUNT_LIST,
    OPERATIONS,
    Operation,
    drawn_numbers,
    variables,
)
from tests.conftest import ANA

REQUESTS = 40
NANOSECONDS = 1_000_000


async def save(url: str, folder: Path) -> None:
    """Save the statements that answer the first requests of each operation."""
    database = Recorder(url)
    try:
        accounts = await _count_of_accounts(url)
        runtime, compiled = Runtime(database, BusinessReader()), CompiledReads(schema)
        for operation in OPERATIONS:
            context = Context(runtime, ANA, compiled=compiled)
            database.sent.clear()
            for values in _requests(operation, accounts):
                answer = await schema.execute(operation.tenure, values, context)
                assert not answer.errors, answer.errors
            (folder / f"{operation.name}.pickle").write_bytes(pickle.dumps(database.sent))
        assert not compiled.fallbacks
    finally:
        await database.close()


async def _count_of_accounts(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT max(id) FROM account"))
    finally:
        await connection.close()


def _requests(operation: Operation, accounts: int) -> Sequence[dict[str, object]]:
    if operation is ACCOUNT_LIST:
        return [{}]
    numbers = drawn_numbers(operation, accounts)[:REQUESTS]
    return [{**variables(operation, number)} for number in numbers]


@dataclass(slots=True)
class Session:
    """A connection that executes the saved statements of one folder."""

    name: str
    connection: asyncpg.Connection
    sent: Sequence[Sent]
    times: list[float] = field(default_factory=list)

    async def answers(self) -> list[Any]:
        """The rows of all statements."""
        return [tuple(await self.connection.fetchrow(sql, *values)) for sql, values in self.sent]

    async def measure(self, first: int, count: int) -> None:
        """Execute some statements and note their CPU time in milliseconds."""
        before = self._cpu()
        for place in range(first, first + count):
            sql, values = self.sent[place % len(self.sent)]
            await self.connection.fetchrow(sql, *values)
        self.times.append((self._cpu() - before) / count)

    def _cpu(self) -> float:
        process = self.connection.get_server_pid()
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / NANOSECONDS


async def compare(url: str, folders: Sequence[Path], *, turns: int, count: int) -> None:
    """Print the times of each operation for each folder. Raises AssertionError for a difference."""
    for operation in OPERATIONS:
        sessions = [
            Session(
                folder.name,
                await asyncpg.connect(url, server_settings=SERVER_SETTINGS),
                pickle.loads((folder / f"{operation.name}.pickle").read_bytes()),
            )
            for folder in folders
        ]
        answers = [await it.answers() for it in sessions]
        assert all(it == answers[0] for it in answers), f"{operation.title}: other answers"
        order, random = [*sessions], Random(1)
        for turn in range(turns):
            random.shuffle(order)
            for it in order:
                await it.measure(turn * count, count)
        for it in sessions:
            pairs = zip(it.times, sessions[0].times, strict=True)
            ratio = median(time / first for time, first in pairs)
            least = quantiles(it.times, n=20)[0]
            print(f"{operation.title:25}{it.name:12}{least:8.3f} ms  {ratio:.2f} x", flush=True)
            await it.connection.close()


async def main() -> None:
    """Save or compare."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.statement_times")
    parser.add_argument("url")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--turns", type=int, default=150)
    parser.add_argument("--count", type=int, default=10, help="of statements in a turn")
    asked = parser.parse_args()
    if asked.save:
        await asyncio.to_thread(asked.save.mkdir, parents=True, exist_ok=True)
        await save(asked.url, asked.save)
    else:
        await compare(asked.url, asked.folders, turns=asked.turns, count=asked.count)


if __name__ == "__main__":
    asyncio.run(main())
