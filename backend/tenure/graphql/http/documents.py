"""Documents that have been parsed and validated before: programs send the same few texts again and again.

Parsing and validating are most of the work of a small operation, and depend neither on who asks nor on the variables.
"""

from collections.abc import Iterator
from typing import Final

from cachetools import LRUCache
from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

# Of all texts that are kept. A field of one letter takes 600 bytes once it is parsed, so this is 60 MB at worst.
CHARACTERS: Final = 200_000


def _characters(document: DocumentNode) -> int:
    return document.loc.end if document.loc else 0


VALIDATED: Final[LRUCache[str, DocumentNode]] = LRUCache(CHARACTERS, _characters)


def is_known(text: str | None) -> bool:
    """True where this text was validated before: whatever does not depend on the variables need not be asked again."""
    return text in VALIDATED


class DocumentCache(SchemaExtension):
    """Takes the document of a known text from memory. Only what proved valid is kept: nobody can fill it with nonsense.

    It stands behind `Limits`: what they count depends on the variables too.
    """

    def on_parse(self) -> Iterator[None]:
        """A document that is there already is not parsed."""
        context = self.execution_context
        context.graphql_document = VALIDATED.get(context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        """A list of no errors, in place of none yet, says that the document has been validated."""
        context = self.execution_context
        if is_known(context.query):
            context.pre_execution_errors = context.pre_execution_errors or []
            yield
            return
        yield
        document = context.graphql_document
        if (
            context.query
            and document
            and not context.pre_execution_errors
            and _characters(document) <= CHARACTERS
        ):
            VALIDATED[context.query] = document
