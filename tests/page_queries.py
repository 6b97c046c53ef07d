"""The queries in the `.graphql` files of the page."""

import re
from functools import cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
)

from tests.shared import ROOT


@cache
def page() -> DocumentNode:
    """All documents of the page."""
    files = sorted((ROOT / "frontend" / "src").rglob("*.graphql"))
    return parse("\n".join(file.read_text() for file in files))


def queries() -> dict[str, OperationDefinitionNode]:
    """The queries of the page by their names."""
    return {
        it.name.value: it
        for it in page().definitions
        if isinstance(it, OperationDefinitionNode) and is_query(it) and it.name
    }


@cache
def fragments() -> dict[str, str]:
    """The fragments of the page by their names."""
    return {
        it.name.value: print_ast(it)
        for it in page().definitions
        if isinstance(it, FragmentDefinitionNode)
    }


def is_query(operation: OperationDefinitionNode) -> bool:
    """True for a query; false for mutations and subscriptions."""
    return operation.operation is OperationType.QUERY


def root_fields(operation: OperationDefinitionNode) -> set[str]:
    """The names of the root fields of a query, without those of its fragments."""
    selected = operation.selection_set.selections
    return {it.name.value for it in selected if isinstance(it, FieldNode)}


def document_of(operation: OperationDefinitionNode) -> str:
    """The query with the fragments that it uses."""
    known = fragments()
    texts = [print_ast(operation)]
    for text in texts:
        for name in re.findall(r"\.\.\.\s?(\w+)", text):
            if name in known and known[name] not in texts:
                texts.append(known[name])
    return "\n".join(texts)
