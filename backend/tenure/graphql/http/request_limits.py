"""Limits that depend on the variables of a request, and the points that it costs.

They are checked for each request, also if its document was validated before. `limits.py` describes
all limits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cachetools import LRUCache
from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode

from tenure.graphql.http.context import QueryRequest
from tenure.graphql.http.cost import Cost, CostCalculator
from tenure.graphql.http.documents import CACHE_CHARACTERS, is_validated
from tenure.graphql.http.errors import INVALID, QUERY_TOO_COMPLEX, request_error
from tenure.kernel.text import UNSTORABLE

LEVELS = 15
INPUT_FIELDS = 100
FIELDS = 5_000
ITEMS = 20_000
LISTS = 3


@dataclass(frozen=True, slots=True)
class RequestCost:
    """What a request costs in points, and the error if it exceeds a limit."""

    points: int = 1
    error: GraphQLError | None = None


@dataclass(frozen=True, slots=True)
class KnownCost:
    """The cost of a validated document with variables of some sizes."""

    length: int
    cost: RequestCost


def _length(known: KnownCost) -> int:
    return known.length


COSTS: Final[LRUCache[Any, KnownCost]] = LRUCache(CACHE_CHARACTERS, _length)


def request_cost(
    schema: GraphQLSchema, document: DocumentNode, request: QueryRequest
) -> RequestCost:
    """The cost of a request, with the error if its variables or its cost exceed a limit."""
    variables = request.variables
    try:
        if any(
            _has_too_many_fields(it) for it in variables.values() if isinstance(it, dict | list)
        ):
            return RequestCost(error=TOO_MANY_INPUT_FIELDS)
        cost = _document_cost(schema, document, request)
        error = (
            cost.error
            or _operation_name_error(document, request.operation_name)
            or (UNSTORABLE_TEXT if is_unstorable(variables) else None)
        )
    except RecursionError:
        error = request_error("The document is nested too deeply.", QUERY_TOO_COMPLEX)
        return RequestCost(error=error)
    return cost if error is cost.error else RequestCost(cost.points, error)


def _operation_name_error(document: DocumentNode, name: str | None) -> GraphQLError | None:
    """Several operations require `operationName` (GraphQL specification, GetOperation)."""
    if name is not None:
        return None
    operations = [it for it in document.definitions if isinstance(it, OperationDefinitionNode)]
    if len(operations) < 2:
        return None
    return request_error(
        "The document has several operations. Name one of them in `operationName`.", INVALID
    )


def _document_cost(
    schema: GraphQLSchema, document: DocumentNode, request: QueryRequest
) -> RequestCost:
    """The cost, which depends on the sizes in the variables alone.

    An operation that is not executed counts for the limits, but not for the points.
    """
    key = (request.text, _sizes(request.variables))
    known = COSTS.get(key)
    if known is not None:
        return known.cost
    calculator = CostCalculator(schema, document, request.variables)
    points, error, operations = 1, None, 0
    for operation, it in calculator.operations():
        operations += 1
        error = error or _error_of(it)
        name = operation.name.value if operation.name else None
        if request.operation_name in (None, name):
            points = it.points
    cost = RequestCost(points, error)
    # With invalid variables the sizes are unknown.
    is_known = is_validated(request.text) and not isinstance(calculator.coerced, list)
    if is_known and operations == 1:
        COSTS[key] = KnownCost(len(request.text), cost)
    return cost


def _sizes(variables: Mapping[str, object]) -> tuple[object, ...]:
    """What the cost of a document can depend on: numbers, lengths of lists, and nulls."""
    return tuple(
        (
            name,
            type(it),
            it if isinstance(it, int | float) else len(it) if isinstance(it, list) else 0,
        )
        for name, it in variables.items()
    )


def _error_of(cost: Cost) -> GraphQLError | None:
    if cost.levels > LEVELS:
        return request_error(f"The document has more than {LEVELS} levels.", QUERY_TOO_COMPLEX)
    if cost.items > ITEMS or cost.fields > FIELDS or cost.lists > LISTS:
        totals = f"{cost.items:,} items in {cost.fields:,} fields"
        message = f"The document requests too much at once: {totals}."
        return request_error(message, QUERY_TOO_COMPLEX)
    return None


def _has_too_many_fields(value: object) -> bool:
    """True if the value contains an input object with too many fields."""
    if isinstance(value, dict):
        return len(value) > INPUT_FIELDS or any(
            _has_too_many_fields(it) for it in value.values() if isinstance(it, dict | list)
        )
    return isinstance(value, list) and any(
        _has_too_many_fields(it) for it in value if isinstance(it, dict | list)
    )


TOO_MANY_INPUT_FIELDS = request_error(
    f"An input object has more than {INPUT_FIELDS} fields.", QUERY_TOO_COMPLEX
)
UNSTORABLE_TEXT = request_error(
    "A text must not contain the character NUL or an unpaired surrogate.", INVALID
)


def is_unstorable(value: object) -> bool:
    """True if the value contains a text that cannot be stored.

    A list of usage records has 7,000 texts. They are checked one by one only if the
    representation of the whole list contains a suspicious escape.
    """
    if isinstance(value, str):
        return UNSTORABLE.search(value) is not None
    representation = repr(value)
    return (r"\x00" in representation or r"\ud" in representation) and any(
        UNSTORABLE.search(text) for text in _texts(value)
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
