"""Limits of GraphQL documents, checked before validation and execution.

`request_limits.py` checks those that depend on the variables of a request.

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

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    NameNode,
    ObjectValueNode,
    StringValueNode,
    Visitor,
    parse,
    visit,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.extensions import SchemaExtension

from tenure.graphql.http.context import QueryRequest
from tenure.graphql.http.documents import VALIDATED_DOCUMENTS, is_validated
from tenure.graphql.http.error_text import name_length_error
from tenure.graphql.http.errors import QUERY_TOO_COMPLEX, request_error
from tenure.graphql.http.patches import graphql_schema, requested_operation_name
from tenure.graphql.http.request_limits import (
    INPUT_FIELDS,
    TOO_MANY_INPUT_FIELDS,
    UNSTORABLE_TEXT,
    is_unstorable,
    request_cost,
)

CHARACTERS = 100_000
TOKENS = 2_000
ALIASES = 30
OPERATIONS = 50
NAME_CHARACTERS = 100
COMPARISONS = 5_000

# graphql-core reads the budget at the start of each validation. A comparison costs two units.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 2 * COMPARISONS


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
        cost = request_cost(graphql_schema(context.schema), document, request)
        context.context.points = cost.points
        return cost.error


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
        if is_unstorable(node.value):
            self.error = UNSTORABLE_TEXT
