"""What a document may ask for. Whoever asks for more is refused before anything is validated or executed.

- 100,000 characters, so that the lexer reads no more; long values are sent as variables.
- 2,000 tokens, 15 levels (a field without fields counts as one), 30 aliases: the contract.
- 50 operations; 100 fields in an input object, in variables too, and 100 characters in a name: the messages of
  validation would take long to write.
- 5,000 fields once fragments are spread: without it, fragments within fragments would make short documents endless.
- 20,000 items: for each connection the product of the page sizes along its path, a plain list on the way counting
  ten; the sum over the operation. 100 accounts with 100 services each are 10,100; a third such level is refused.
- Three plain lists within one another, such as the bill units of the account of a bill unit of an account.
- 5,000 comparisons of fields with the same response name: validation compares each of them with each other.
"""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
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

from tenure.graphql.http.documents import VALIDATED, is_known
from tenure.graphql.http.echo import long_name
from tenure.graphql.http.errors import INVALID, QUERY_TOO_COMPLEX, refusal
from tenure.graphql.http.measure import Measure
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

# graphql-core reads it whenever it begins to validate; a comparison costs two units.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 2 * COMPARISONS


def too_long(text: str | None) -> GraphQLError | None:
    """The refusal of a text that is too long to be read."""
    if text is None or len(text) <= CHARACTERS:
        return None
    message = (
        f"The document has more than {CHARACTERS:,} characters. Send long values as variables."
    )
    return refusal(message, QUERY_TOO_COMPLEX)


def parsed(text: str) -> DocumentNode:
    """The document of a text, within the limits on its length. Raises GraphQLError or RecursionError."""
    refused = too_long(text)
    if refused is not None:
        raise refused
    return VALIDATED.get(text) or parse(text, max_tokens=TOKENS)


class Limits(SchemaExtension):
    """Counts tokens while parsing, the rest before validation."""

    def on_operation(self) -> Iterator[None]:
        """The parser gives up where there are too many tokens: the text is never read to its end."""
        self.execution_context.parse_options["max_tokens"] = TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        """An error that is there already keeps the document from being validated."""
        context = self.execution_context
        if context.graphql_document is not None:
            error = self._refused(context.graphql_document)
            if error is not None:
                context.pre_execution_errors = [error]
        yield

    def _refused(self, document: DocumentNode) -> GraphQLError | None:
        context = self.execution_context
        if not is_known(context.query):
            written = Written()
            visit(document, written)
            if written.error is not None:
                return written.error
            if (long := long_name(document)) is not None:
                return long
        try:
            return (
                (
                    TOO_WIDE
                    if any(_is_wide(it) for it in (context.variables or {}).values())
                    else None
                )
                or _too_complex(Measure(context.schema._schema, document, context.variables or {}))
                or _without_name(document, context._provided_operation_name)
                or (REFUSED_TEXT if _is_unstorable(context.variables) else None)
            )
        except RecursionError:
            return refusal("The document is nested too deeply.", QUERY_TOO_COMPLEX)


def _without_name(document: DocumentNode, name: str | None) -> GraphQLError | None:
    """Which of several operations is meant must be said (GraphQL specification, GetOperation)."""
    if name is not None:
        return None
    operations = [it for it in document.definitions if isinstance(it, OperationDefinitionNode)]
    if len(operations) < 2:
        return None
    return refusal(
        "The document has several operations: name one of them in `operationName`.", INVALID
    )


def _too_complex(measure: Measure) -> GraphQLError | None:
    for it in measure.operations():
        if it.levels > LEVELS:
            return refusal(f"The document has more than {LEVELS} levels.", QUERY_TOO_COMPLEX)
        if it.items > ITEMS or it.fields > FIELDS or it.lists > LISTS:
            words = f"The document asks for too much at once: {it.items:,} items in {it.fields:,} fields."
            return refusal(words, QUERY_TOO_COMPLEX)
    return None


class Written(Visitor):
    """Looks at what is written in a document, wherever it stands: `error` says what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases = self.operations = 0
        self.error: GraphQLError | None = None

    def enter_operation_definition(self, *_: object) -> None:
        self.operations += 1
        if self.operations > OPERATIONS:
            self.error = refusal(
                f"The document has more than {OPERATIONS} operations.", QUERY_TOO_COMPLEX
            )

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.aliases += node.alias is not None
        if self.aliases > ALIASES:
            self.error = refusal(
                f"The document has more than {ALIASES} aliases.", QUERY_TOO_COMPLEX
            )

    def enter_name(self, node: NameNode, *_: object) -> None:
        if len(node.value) > NAME_CHARACTERS:
            self.error = refusal(
                f"A name has more than {NAME_CHARACTERS} characters.", QUERY_TOO_COMPLEX
            )

    def enter_object_value(self, node: ObjectValueNode, *_: object) -> None:
        if len(node.fields) > INPUT_FIELDS:
            self.error = TOO_WIDE

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if _is_unstorable(node.value):
            self.error = REFUSED_TEXT


def _is_wide(value: object) -> bool:
    """True where an input object in it has too many fields."""
    if isinstance(value, dict):
        return len(value) > INPUT_FIELDS or any(
            _is_wide(it) for it in value.values() if isinstance(it, dict | list)
        )
    return isinstance(value, list) and any(
        _is_wide(it) for it in value if isinstance(it, dict | list)
    )


TOO_WIDE = refusal(f"An input object has more than {INPUT_FIELDS} fields.", QUERY_TOO_COMPLEX)
REFUSED_TEXT = refusal(
    "A text may not hold the character NUL or half of a surrogate pair.", INVALID
)


def _is_unstorable(value: object) -> bool:
    """True where a text in it cannot be stored.

    A list of usage has seven thousand texts: they are looked at one by one only where something looks like it.
    """
    if isinstance(value, str):
        return UNSTORABLE.search(value) is not None
    written = repr(value)
    return (r"\x00" in written or r"\ud" in written) and any(
        UNSTORABLE.search(text) for text in _texts(value)
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        yield from _texts(each)
