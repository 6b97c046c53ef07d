"""Runs a mutation: one operation in one unit of work, and a payload read after the commit."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from strawberry import UNSET

from tenure.events.models import Event
from tenure.graphql.http.context import Context, Info
from tenure.graphql.http.errors import AnswerUnreadableError, UserErrorType
from tenure.graphql.http.patches import resolve_info
from tenure.graphql.reads.mapping import Model
from tenure.graphql.reads.natural_keys import replace_natural_keys
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import explain_not_found
from tenure.kernel.db import Base, key_of_row
from tenure.kernel.errors import TenureError
from tenure.kernel.outages import outage_log, outage_of
from tenure.kernel.unit import Unit

# The description of `expectedVersion` in every input.
EXPECTED_VERSION = "The `version` that was read. Another current version causes error CONFLICT."

Payload = TypeVar("Payload")
Value = TypeVar("Value")
# Input values by the names of the arguments of an action. mypy cannot check them; the tests do.
ActionArguments: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowReference:
    """A row that the operation changed or found. The payload reads it again after the commit."""

    model: Model
    key: int | None


def reference_to(row: Base) -> RowReference:
    """A reference to `row`, which may be expired."""
    return RowReference(type(row), key_of_row(row))


PayloadFields: TypeAlias = Mapping[str, object]


async def run_mutation(
    info: Info,
    payload: Callable[..., Payload],
    operation: Callable[[Unit], Awaitable[PayloadFields]],
    source: object,
    *,
    renamed_arguments: Mapping[str, str] | None = None,
    path_prefix: tuple[str, ...] = ("input",),
    after_commit: Callable[[PayloadFields], Awaitable[PayloadFields]] | None = None,
) -> Payload:
    """Run `operation` in a unit of work and build the payload from its result.

    A TenureError becomes an entry of `errors` in the payload. `source` is the input object, or the
    arguments by name; it is checked for ids of another type. Its natural keys are replaced by
    global ids before `operation` runs, so nothing else may read them. `renamed_arguments` maps
    arguments of the action to input fields. `path_prefix` is `()` for a mutation without `input`.
    After the commit, `after_commit` gets the result, and returns the one to build the payload from.
    """
    context = info.context
    arguments = source if isinstance(source, dict) else vars(source)

    async def with_global_ids(unit: Unit) -> PayloadFields:
        await replace_natural_keys(unit.session, arguments)
        return await operation(unit)

    try:
        fields = await context.runtime.run_in_unit(context.caller, with_global_ids)
        context.has_committed = not context.runtime.is_dry_run
    except TenureError as error:
        names = renamed_arguments or {}
        path = tuple(
            names.get(part, part) if isinstance(part, str) else part for part in error.path
        )
        explained = explain_not_found(TenureError(error.code, error.message, path), arguments)
        return payload(errors=[UserErrorType.of(explained, path_prefix)])
    finally:
        context.reset_loaders()
    if after_commit is not None:
        with answer_read(context):
            fields = await after_commit(fields)
    return payload(**{**fields, **await _rows(info, fields)}, errors=[])


def optional_value(value: Value | None) -> Value | None:
    """The value of an optional argument: None where it is omitted."""
    return None if value is UNSET else value


def provided_fields(source: object, *excluded: str) -> ActionArguments:
    """The fields of an input with a value or null, except `excluded` ones."""
    return {
        name: value
        for name, value in vars(source).items()
        if value is not UNSET and name not in excluded
    }


async def event_of(info: Info, key: int | None) -> EventType | None:
    """The event of a change, which is read only if it is selected."""
    found: EventType | None = None
    if key is not None:
        found = await info.context.loaders.row(Event, key)
    return found


async def _rows(info: Info, fields: PayloadFields) -> PayloadFields:
    """The rows of the fields that are references, as JSON or, if that is not possible, as rows."""
    context = info.context
    references = {
        name: (value.model, value.key)
        for name, value in fields.items()
        if isinstance(value, RowReference)
    }
    if context.compiled is not None and references:
        written = await context.compiled.rows(context, resolve_info(info), references)
        if written is not None:
            return dict.fromkeys(references, written)
    with answer_read(context):
        return {
            name: None if key is None else await context.loaders.row(model, key)
            for name, (model, key) in references.items()
        }


@contextmanager
def answer_read(context: Context) -> Iterator[None]:
    """Reading the answer of a committed change. Raises AnswerUnreadableError during an outage."""
    try:
        yield
    except Exception as fault:
        outage = outage_of(fault)
        if outage is None or not context.has_committed:
            raise
        outage_log.report(outage, fault)
        raise AnswerUnreadableError from fault
