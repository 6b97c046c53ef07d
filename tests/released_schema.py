"""Compares the schema with that of the last release, docs/schema/VERSION.graphql.

`python -m tests.released_schema` prints breaking changes, and those that can surprise a client,
such as a new enum value. It exits with 1 if there is a breaking change.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from graphql import (
    REMOVE,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    GraphQLArgument,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLNamedType,
    GraphQLSchema,
    InputValueDefinitionNode,
    Node,
    Visitor,
    build_ast_schema,
    build_schema,
    parse,
    visit,
)
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from tests.shared import ROOT

Element = GraphQLNamedType | GraphQLField | GraphQLArgument | GraphQLInputField | GraphQLEnumValue

# Types that GraphQL defines.
BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}
# "Use `name`. It is removed after 2027-06-30."
DATE = re.compile(r"\bafter \d{4}-\d\d-\d\d\b")


def current_schema() -> GraphQLSchema:
    """The schema of this version, as `make schema` wrote it."""
    return build_schema((ROOT / "frontend" / "schema.graphql").read_text())


def released_file() -> Path:
    """The file with the schema of the last release, whose version is that of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return ROOT / "docs" / "schema" / f"{project['version']}.graphql"


def breaking_changes(released: str, current: GraphQLSchema) -> list[str]:
    """The changes that break a client of the released schema, one text each.

    What the released schema marks as deprecated may be removed.
    """
    kept: DocumentNode = visit(parse(released), _WithoutDeprecated())
    return [change.description for change in find_breaking_changes(build_ast_schema(kept), current)]


def dangerous_changes(released: str, current: GraphQLSchema) -> list[str]:
    """The changes that can surprise a client, for example a new enum value."""
    return [
        change.description for change in find_dangerous_changes(build_schema(released), current)
    ]


def elements(schema: GraphQLSchema) -> Iterator[tuple[str, Element]]:
    """Each type, field, argument, input field and enum value, and each directive's arguments."""
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in BUILT_IN:
            continue
        yield name, kind
        for field_name, field in getattr(kind, "fields", {}).items():
            yield f"{name}.{field_name}", field
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name})", argument
        for value_name, value in getattr(kind, "values", {}).items():
            yield f"{name}.{value_name}", value
    for directive in schema.directives:
        yield f"@{directive.name}", directive  # type: ignore[misc]
        for argument_name, argument in directive.args.items():
            yield f"@{directive.name}({argument_name})", argument


def undated_deprecations(schema: GraphQLSchema) -> list[str]:
    """The deprecated elements whose reason does not say after which date they are removed."""
    reasons = ((name, getattr(it, "deprecation_reason", None)) for name, it in elements(schema))
    return [name for name, reason in reasons if reason is not None and not DATE.search(reason)]


class _WithoutDeprecated(Visitor):
    def enter(self, node: Node, *_: object) -> object:
        """Remove a deprecated definition."""
        is_definition = isinstance(
            node, FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode
        )
        if is_definition and any(it.name.value == "deprecated" for it in node.directives or ()):
            return REMOVE
        return None


if __name__ == "__main__":
    text = released_file().read_text()
    breaking = breaking_changes(text, current_schema())
    for line in breaking:
        print(f"breaking: {line}")
    for line in dangerous_changes(text, current_schema()):
        print(f"dangerous: {line}")
    sys.exit(1 if breaking else 0)
