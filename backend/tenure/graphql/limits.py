"""What a document may ask for. Whoever asks for more is refused before anything is validated or carried out.

- 2,000 tokens, 15 levels (a field without fields counts as one), 30 aliases: the contract.
- 5,000 fields once fragments are spread: without it, fragments within fragments would make short documents endless.
- 20,000 items: for each connection the product of the page sizes along its path, a plain list on the way counting
  ten; the sum over the operation. 100 accounts with 100 services each are 10,100; a third such level is refused.
- Three plain lists within one another, such as the bill units of the account of a bill unit of an account.
"""

from collections.abc import Iterator

from graphql import DocumentNode, FieldNode, GraphQLError, Visitor, visit
from strawberry.extensions import SchemaExtension

from tenure.graphql.documents import is_known
from tenure.graphql.errors import INVALID, QUERY_TOO_COMPLEX, refusal
from tenure.graphql.measure import Measure

TOKENS = 2_000
LEVELS = 15
ALIASES = 30
FIELDS = 5_000
ITEMS = 20_000
LISTS = 3


class Limits(SchemaExtension):
    """Counts tokens while parsing, the rest before validation."""

    def on_operation(self) -> Iterator[None]:
        """The parser gives up where there are too many tokens: the text is never read to its end."""
        self.execution_context.parse_options["max_tokens"] = TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        """An error that is there already keeps the document from being validated."""
        context = self.execution_context
        error = None
        if context.graphql_document is not None:
            error = _too_complex(self, context.graphql_document)
            error = error or (
                refusal("A text may not hold the character NUL.", INVALID) if _holds_nul(context.variables) else None
            )
        if error is not None:
            context.pre_execution_errors = [error]
        yield


def _too_complex(limits: Limits, document: DocumentNode) -> GraphQLError | None:
    context = limits.execution_context
    if not is_known(context.query) and _aliases(document) > ALIASES:
        return refusal(f"The document has more than {ALIASES} aliases.", QUERY_TOO_COMPLEX)
    try:
        for it in Measure(context.schema._schema, document, context.variables or {}).operations():
            if it.levels > LEVELS:
                return refusal(f"The document has more than {LEVELS} levels.", QUERY_TOO_COMPLEX)
            if it.items > ITEMS or it.fields > FIELDS or it.lists > LISTS:
                words = f"The document asks for too much at once: {it.items:,} items in {it.fields:,} fields."
                return refusal(words, QUERY_TOO_COMPLEX)
    except RecursionError:
        return refusal("The document is nested too deeply.", QUERY_TOO_COMPLEX)
    return None


class _Aliases(Visitor):
    """Counts aliases wherever they are written."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.count += node.alias is not None


def _aliases(document: DocumentNode) -> int:
    counting = _Aliases()
    visit(document, counting)
    return counting.count


def _holds_nul(variables: object) -> bool:
    """PostgreSQL cannot keep it, and no customer's name has it.

    A list of usage has seven thousand texts: they are looked at one by one only where something looks like it.
    """
    return r"\x00" in repr(variables) and any("\0" in text for text in _texts(variables))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        yield from _texts(each)
