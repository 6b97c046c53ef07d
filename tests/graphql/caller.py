"""Asking the schema as its callers do, without HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import event

from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.graphql.types.ids import global_id
from tenure.kernel.actor import Actor
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written

__all__ = ["Caller", "check_refused", "global_id", "sent_statements"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks."""

    runtime: Runtime
    actor: Actor | None

    def acting_as(self, actor: Actor | None) -> "Caller":
        """The same place, somebody else."""
        return replace(self, actor=actor)

    async def answer(self, document: str, **variables: Any) -> tuple[Any, list[dict[str, Any]]]:
        """Data and errors, as they go over the wire."""
        result = await schema.execute(document, variables, Context(self.runtime, self.actor))
        return result.data, [dict(error.formatted) for error in result.errors or ()]

    async def __call__(self, document: str, **variables: Any) -> Any:
        """The data of an operation that has no errors."""
        data, errors = await self.answer(document, **variables)
        assert errors == []
        return data

    async def code(self, document: str, **variables: Any) -> str:
        """The code of the one error of an operation."""
        _, [error] = await self.answer(document, **variables)
        return str(error["extensions"]["code"])

    async def change(self, field: str, kind: str, payload: str, /, **given: Any) -> Any:
        """The payload of a mutation with this input, with its errors in a line each: CODE path."""
        document = f"mutation($input: {kind}!) {{ {field}(input: $input) {{ {payload} errors {{ code path }} }} }}"
        answer = (await self(document, input=given))[field]
        answer["errors"] = [
            f"{error['code']} {'.'.join(error['path'])}".strip() for error in answer["errors"]
        ]
        return answer


async def check_refused(
    ask: Caller,
    field: str,
    given: dict[str, Any],
    error: str,
    *,
    kind: str | None = None,
    payload: str = "",
) -> None:
    """The mutation answers with this error alone, and no row is another."""
    kind = kind or f"{field[0].upper()}{field[1:]}Input"
    async with nothing_written(ask.runtime):
        answer = await ask.change(field, kind, payload, **given)
    assert answer == {"errors": [error]}


@contextmanager
def sent_statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements that the block sends, but for the beginnings of transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
