"""How a mutation is carried out: one verb in one unit, and a payload that tells what is there after the commit."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import inspect
from strawberry import UNSET

from tenure.graphql.http.context import Context, Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.reads.mapping import Model
from tenure.graphql.types.ids import explained
from tenure.kernel.db import Base
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit

Payload = TypeVar("Payload")
# Values of the input by the names of the verb's arguments; mypy cannot see that they fit, the tests do.
Given: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A row that the verb has written or found: it is read again after the commit, as the caller will see it."""

    model: Model
    key: int | None


def written(row: Base) -> Written:
    """This row. Its key is known also where a cascade has outdated all that was read of it."""
    return Written(type(row), int(inspect(row).identity[0]))  # type: ignore[index]


Answer: TypeAlias = Mapping[str, object]


async def changed(
    info: Info,
    payload: Callable[..., Payload],
    verb: Callable[[Unit], Awaitable[Answer]],
    source: object,
    *,
    renamed: Mapping[str, str] | None = None,
    below: tuple[str, ...] = ("input",),
) -> Payload:
    """Carry out `verb` and answer with what it names. What the caller can mend becomes the payload's `errors`.

    `source` is the input, or the arguments by their names: what an id of another type is named after.
    `below` is where the arguments stand: nowhere for a mutation that has no `input`.
    """
    context = info.context
    try:
        answer = await context.runtime.run_in_unit(context.caller, verb)
    except TenureError as error:
        here = renamed or {}
        path = tuple(here.get(it, it) if isinstance(it, str) else it for it in error.path)
        values = source if isinstance(source, dict) else vars(source)
        explanation = explained(TenureError(error.code, error.message, path), values)
        return payload(errors=[UserError.of(explanation, below)])
    finally:
        context.forget()
    return payload(
        **{name: await _as_it_is_now(context, value) for name, value in answer.items()}, errors=[]
    )


def given(source: object, *apart: str) -> Given:
    """The fields of an input that were given a value or null, but for those that the mutation treats itself."""
    return {
        name: value
        for name, value in vars(source).items()
        if value is not UNSET and name not in apart
    }


async def _as_it_is_now(context: Context, value: object) -> object:
    if not isinstance(value, Written):
        return value
    return None if value.key is None else await context.loaders.row(value.model, value.key)
