"""Limits of GraphQL documents, checked before validation and execution.

- 100,000 characters, which bounds the work of the lexer. Long values are sent as variables.
- 2,000 tokens, 15 levels (a field without subfields counts as one), 30 aliases, as in the contract.
- 50 operations, 100 fields in an input object (also in variables) and 100 characters in a name,
  because the error messages of validation would take long to build.
- 5,000 fields after fragments are expanded. Nested fragments make short documents very large.
- 20,000 items: for each connection the product of the page sizes on its path, in which a plain
  list counts as ten; added up over the operation. 100 accounts with 100 services each are 10,100
  items; a third such level is rejected.
- Three nested plain lists, such as the bill units of the account of a bill unit of an account.
- 5,000 comparisons of fields with the same response name. Validation compares them in pairs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    visit,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.extensions import SchemaExtension

from tenure.graphql.http.context import QueryRequest
from tenure.graphql.http.cost import CostCalculator
from tenure.graphql.http.documents import CACHE_CHARACTERS, VALIDATED_DOCUMENTS, is_validated
from tenure.graphql.http.error_text import name_length_error
from tenure.graphql.http.errors import INVALID, QUERY_TOO_COMPLEX, request_error
from tenure.graphql.http.patches import graphql_schema, requested_operation_name
from tenure.kernel.text import UNSTORABLE

CHARACTERS = 100_000
TOKENS = 2_000
LEVELS = 15
ALIASES = 30
OPERATIONS = 50
INPUT_FIELDS = 100
NAME_CHARACTERS = 100
FIELDS = 5_000
ITEMS = 20_000
LISTS = 3
COMPARISONS = 5_000

# graphql-core reads the budget at the start of each validation. A comparison costs two units.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 2 * COMPARISONS


@dataclass(frozen=True, slots=True)
class KnownCost:
    """Whether a validated document with variables of some sizes costs too much."""

    length: int
    error: GraphQLError | None


def _length(cost: KnownCost) -> int:
    return cost.length


COSTS: Final[LRUCache[Any, KnownCost]] = LRUCache(CACHE_CHARACTERS, _length)


def length_error(text: str | None) -> GraphQLError | None:
    """The error for a document that is too long to parse."""
    if text is None or len(text) <= CHARACTERS:
        return None
    message = (
        f"The document has more than {CHARACTERS:,} characters. Send long values as variables."
    )
    return request_error(message, QUERY_TOO_COMPLEX)


def parse_document(text: str) -> DocumentNode:
    """Parse a document within the length limits. Raises GraphQLError or RecursionError."""
    error = length_error(text)
    if error is not None:
        raise error
    return VALIDATED_DOCUMENTS.get(text) or parse(text, max_tokens=TOKENS)


class DocumentLimits(SchemaExtension):
    """Checks all limits but that of tokens, before validation.

    The parser checks the tokens (`MaxTokensLimiter`). Decision 13 compares Strawberry's other
    limiters with this one.
    """

    def on_validate(self) -> Iterator[None]:
        """Report an error, which also prevents validation."""
        context = self.execution_context
        if context.graphql_document is not None:
            error = self._check(context.graphql_document)
            if error is not None:
                context.pre_execution_errors = [error]
        yield

    def _check(self, document: DocumentNode) -> GraphQLError | None:
        context = self.execution_context
        if not is_validated(context.query):
            visitor = DocumentVisitor()
            visit(document, visitor)
            if visitor.error is not None:
                return visitor.error
            if (name_error := name_length_error(document)) is not None:
                return name_error
        request = QueryRequest(
            context.query or "", requested_operation_name(context), context.variables or {}
        )
        return request_limit_error(graphql_schema(context.schema), document, request)


def request_limit_error(
    schema: GraphQLSchema, document: DocumentNode, request: QueryRequest
) -> GraphQLError | None:
    """The error for a request whose variables or cost exceed a limit. Checked for each request."""
    variables = request.variables
    try:
        return (
            (
                TOO_MANY_INPUT_FIELDS
                if any(_has_too_many_fields(it) for it in variables.values())
                else None
            )
            or _cost_error(schema, document, request)
            or _operation_name_error(document, request.operation_name)
            or (UNSTORABLE_TEXT if _is_unstorable(variables) else None)
        )
    except RecursionError:
        return request_error("The document is nested too deeply.", QUERY_TOO_COMPLEX)


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


def _cost_error(
    schema: GraphQLSchema, document: DocumentNode, request: QueryRequest
) -> GraphQLError | None:
    """The error of the costs, which depend on the sizes in the variables alone."""
    key = (request.text, _sizes(request.variables))
    known = COSTS.get(key)
    if known is not None:
        return known.error
    calculator = CostCalculator(schema, document, request.variables)
    error = _error_of(calculator)
    # With invalid variables the sizes are unknown.
    if is_validated(request.text) and not isinstance(calculator.coerced, list):
        operations = [it for it in document.definitions if isinstance(it, OperationDefinitionNode)]
        if len(operations) == 1:
            COSTS[key] = KnownCost(len(request.text), error)
    return error


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


def _error_of(calculator: CostCalculator) -> GraphQLError | None:
    for it in calculator.operations():
        if it.levels > LEVELS:
            return request_error(f"The document has more than {LEVELS} levels.", QUERY_TOO_COMPLEX)
        if it.items > ITEMS or it.fields > FIELDS or it.lists > LISTS:
            totals = f"{it.items:,} items in {it.fields:,} fields"
            message = f"The document requests too much at once: {totals}."
            return request_error(message, QUERY_TOO_COMPLEX)
    return None


class DocumentVisitor(Visitor):
    """Checks the limits that do not depend on the schema or on variables. Sets `error`."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0
        self.operations = 0
        self.error: GraphQLError | None = None

    def enter_operation_definition(self, *_: object) -> None:
        self.operations += 1
        if self.operations > OPERATIONS:
            self.error = request_error(
                f"The document has more than {OPERATIONS} operations.", QUERY_TOO_COMPLEX
            )

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.aliases += node.alias is not None
        if self.aliases > ALIASES:
            self.error = request_error(
                f"The document has more than {ALIASES} aliases.", QUERY_TOO_COMPLEX
            )

    def enter_name(self, node: NameNode, *_: object) -> None:
        if len(node.value) > NAME_CHARACTERS:
            self.error = request_error(
                f"A name has more than {NAME_CHARACTERS} characters.", QUERY_TOO_COMPLEX
            )

    def enter_object_value(self, node: ObjectValueNode, *_: object) -> None:
        if len(node.fields) > INPUT_FIELDS:
            self.error = TOO_MANY_INPUT_FIELDS

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if _is_unstorable(node.value):
            self.error = UNSTORABLE_TEXT


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


def _is_unstorable(value: object) -> bool:
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
