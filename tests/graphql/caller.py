"""Executes GraphQL operations on the schema, without HTTP."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import orjson
import pytest
from graphql import FieldNode, OperationDefinitionNode, parse
from sqlalchemy import event

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.graphql.types.ids import global_id
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written

__all__ = ["Caller", "check_refused", "global_id", "sent_statements"]

# One for all tests, so that a statement is reused with the values of another test.
_COMPILED = CompiledReads(schema)
_recorded: list[list[str]] = []
# The end of the description of each mutation.
REQUIREMENTS = re.compile(r"Requires role (\w+)\. Error codes: ([A-Z_, ]+)\.$")


@dataclass(frozen=True, slots=True)
class Caller:
    """Executes operations as an actor; None is an anonymous caller.

    A query is answered by the resolvers and by a compiled statement, which must be equal. While
    statements are recorded, only by the resolvers.
    """

    runtime: Runtime
    actor: Actor | None

    def acting_as(self, actor: Actor | None) -> "Caller":
        """A caller with the same runtime and another actor."""
        return replace(self, actor=actor)

    async def answer(self, document: str, **variables: Any) -> tuple[Any, list[dict[str, Any]]]:
        """Data and formatted errors of the response."""
        result = await schema.execute(document, variables, Context(self.runtime, self.actor))
        if not result.errors and not _recorded and not document.lstrip().startswith("mutation"):
            context = Context(self.runtime, self.actor, compiled=_COMPILED)
            faults = _COMPILED.fallbacks["fault"]
            compiled = await schema.execute(document, variables, context)
            assert _COMPILED.fallbacks["fault"] == faults, "The compiled statement failed: see log."
            # The order of the fields is compared too.
            assert orjson.dumps(compiled.data) == orjson.dumps(result.data), document
        if result.data and document.lstrip().startswith("mutation"):
            _check_declared_codes(document, result.data)
        return result.data, [dict(error.formatted) for error in result.errors or ()]

    async def __call__(self, document: str, **variables: Any) -> Any:
        """The data of the response, which must have no errors."""
        data, errors = await self.answer(document, **variables)
        assert errors == []
        return data

    async def code(self, document: str, **variables: Any) -> str:
        """The code of the only error of the response."""
        _, [error] = await self.answer(document, **variables)
        return str(error["extensions"]["code"])

    async def change(self, field: str, kind: str, payload: str, /, **given: Any) -> Any:
        """The payload of a mutation with this input; each error as text: "CODE path"."""
        selection = f"{payload} errors {{ code path }}"
        document = f"mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection} }} }}"
        answer = (await self(document, input=given))[field]
        answer["errors"] = [
            f"{error['code']} {'.'.join(error['path'])}".strip() for error in answer["errors"]
        ]
        return answer


def _check_declared_codes(document: str, data: dict[str, Any]) -> None:
    """Every code in a payload is in the description of its mutation."""
    for selected in _selected_fields(document):
        payload = data[(selected.alias or selected.name).value]
        answered = {error.get("code") for error in (payload or {}).get("errors", ())} - {None}
        assert answered <= declared_codes(selected.name.value), (
            f"{selected.name.value}: add {sorted(answered)} to the errors of @mutation."
        )


@lru_cache
def _selected_fields(document: str) -> list[FieldNode]:
    """The mutations in a document without fragments at its root."""
    operation = parse(document).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return [it for it in operation.selection_set.selections if isinstance(it, FieldNode)]


def declared_codes(mutation: str) -> set[str]:
    """The error codes in the description of a mutation."""
    return set(_requirements(mutation)[2].split(", "))


def required_role(mutation: str) -> Role:
    """The role in the description of a mutation."""
    return Role(_requirements(mutation)[1])


@cache
def _requirements(mutation: str) -> re.Match[str]:
    mutations = schema._schema.mutation_type
    assert mutations is not None
    found = REQUIREMENTS.search(mutations.fields[mutation].description or "")
    assert found is not None, f"{mutation}: declare it with @mutation."
    return found


async def check_refused(
    ask: Caller,
    field: str,
    given: dict[str, Any],
    error: str,
    *,
    kind: str | None = None,
    payload: str = "",
) -> None:
    """Checks that the mutation returns only this error and changes no row."""
    kind = kind or f"{field[0].upper()}{field[1:]}Input"
    async with nothing_written(ask.runtime):
        answer = await ask.change(field, kind, payload, **given)
    assert answer == {"errors": [error]}


@contextmanager
def sent_statements(database: Database) -> Iterator[list[str]]:
    """Records the SQL statements of the block, except BEGIN."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    fetch = database.fetch_row

    async def fetch_row(statement: str, parameters: Sequence[object]) -> Sequence[object] | None:
        if not database.is_sqlite:
            sent.append(statement)
        return await fetch(statement, parameters)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    _recorded.append(sent)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "fetch_row", fetch_row)
            yield sent
    finally:
        _recorded.remove(sent)
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
