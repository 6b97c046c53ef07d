"""Answers an operation by a compiled statement and by normal execution."""

import re
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from strawberry.types import ExecutionResult

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.compiled.plans import Plans
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tests.conftest import ANA

# graphql-core does not await the fields beside one that failed. Python cannot even warn of them if
# they are collected while code without builtins runs, such as the constructor of a named tuple.
IGNORE_UNAWAITED = pytest.mark.filterwarnings(
    "ignore:coroutine .* was never awaited",
    "ignore:Exception ignored in. <coroutine object:pytest.PytestUnraisableExceptionWarning",
)
# The reference of an internal error is random.
REFERENCE = re.compile(rb'"reference":"[0-9a-f]+"|\(reference [0-9a-f]+\)')

# The statements of the queries of the page, whose compilation takes longer than their tests.
_OF_PAGE = Plans(schema)


@dataclass(slots=True)
class BothWays:
    """Sends operations twice, and counts the compiled ones in `compiled`."""

    runtime: Runtime
    actor: Actor = ANA
    compiled: CompiledReads = field(default_factory=lambda: CompiledReads(schema))

    async def by_statement(
        self, document: str, variables: dict[str, Any] | None = None, name: str | None = None
    ) -> bytes:
        """The response by a compiled statement."""
        context = Context(self.runtime, self.actor, compiled=self.compiled)
        return _response(await schema.execute(document, variables, context, operation_name=name))

    async def by_resolvers(
        self, document: str, variables: dict[str, Any] | None = None, name: str | None = None
    ) -> bytes:
        """The response by normal execution."""
        context = Context(self.runtime, self.actor)
        return _response(await schema.execute(document, variables, context, operation_name=name))

    async def equal(
        self, document: str, variables: dict[str, Any] | None = None, name: str | None = None
    ) -> bytes:
        """The response, which is the same both ways."""
        compiled = await self.by_statement(document, variables, name)
        normal = await self.by_resolvers(document, variables, name)
        assert compiled == normal, f"{document}\n{variables}\n{_difference(compiled, normal)}"
        return normal


def keep_plans(compiled: CompiledReads) -> None:
    """Let it use the statements that other tests of this process have compiled, and keep its own.

    As in a server, a statement depends on the text, the shape of the arguments, and the database.
    """
    compiled.plans = _OF_PAGE


def _response(result: ExecutionResult) -> bytes:
    errors = [error.formatted for error in result.errors or ()]
    response = orjson.dumps({"data": result.data, "errors": errors})
    return REFERENCE.sub(b"reference", response)


def _difference(compiled: bytes, normal: bytes) -> str:
    """Where two responses begin to differ."""
    pairs = enumerate(zip(compiled, normal, strict=False))
    start = next((place for place, (one, other) in pairs if one != other), 0)
    shown = slice(max(0, start - 100), start + 200)
    return f"compiled: {compiled[shown]!r}\nnormal:   {normal[shown]!r}"
