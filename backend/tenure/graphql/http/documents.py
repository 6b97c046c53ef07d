"""A cache of parsed and validated documents, because clients send the same few documents.

Parsing and validation are most of the work of a small operation. Their result depends neither on
the caller nor on the variables.
"""

from collections.abc import Iterator
from typing import Final

from cachetools import LRUCache
from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

# The total length of cached documents. A parsed one-letter field takes 600 bytes: 60 MB at most.
CACHE_CHARACTERS: Final = 200_000


def _length(document: DocumentNode) -> int:
    return document.loc.end if document.loc else 0


VALIDATED_DOCUMENTS: Final[LRUCache[str, DocumentNode]] = LRUCache(CACHE_CHARACTERS, _length)


def is_validated(text: str | None) -> bool:
    """True if this document was validated before: checks without variables can be skipped."""
    return text in VALIDATED_DOCUMENTS


class DocumentCache(SchemaExtension):
    """Reuses cached documents. Only valid documents are cached.

    The extension follows `DocumentLimits`, whose result depends on the variables too.
    """

    def on_parse(self) -> Iterator[None]:
        """Provide the cached document, which then is not parsed."""
        context = self.execution_context
        context.graphql_document = VALIDATED_DOCUMENTS.get(context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        """Skip validation of a cached document: an empty list of errors marks it as validated."""
        context = self.execution_context
        if is_validated(context.query):
            context.pre_execution_errors = context.pre_execution_errors or []
            yield
            return
        yield
        document = context.graphql_document
        if (
            context.query
            and document
            and not context.pre_execution_errors
            and _length(document) <= CACHE_CHARACTERS
        ):
            VALIDATED_DOCUMENTS[context.query] = document
