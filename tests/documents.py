"""Builds the smallest valid GraphQL document for each root field of a schema."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

LITERALS = {
    "Int": "1",
    "Boolean": "true",
    "Date": '"2030-01-01"',
    "DateTime": '"2030-01-01T00:00:00Z"',
    "Decimal": '"1"',
}


def documents(schema: GraphQLSchema) -> Iterator[tuple[str, str, str]]:
    """Operation (query, mutation, subscription), field and document of every root field."""
    roots = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    for operation, root in roots.items():
        for name, field in (root.fields if isinstance(root, GraphQLObjectType) else {}).items():
            yield operation, name, f"{operation} {{ {name}{arguments(field)}{selection(field)} }}"


def arguments(field: GraphQLField) -> str:
    """The required arguments of a field."""
    needed = [
        f"{name}: {literal(it.type)}" for name, it in field.args.items() if is_required_argument(it)
    ]
    return f"({', '.join(needed)})" if needed else ""


def selection(field: GraphQLField) -> str:
    """The smallest selection set of a field; empty for scalars."""
    return " { __typename }" if is_composite_type(get_named_type(field.type)) else ""


def literal(kind: GraphQLInputType) -> str:
    """The smallest literal of an input type."""
    match kind:
        case GraphQLNonNull():
            return literal(kind.of_type)
        case GraphQLList():
            return "[]"
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType():
            needed = [
                f"{name}: {literal(it.type)}"
                for name, it in kind.fields.items()
                if is_required_input_field(it)
            ]
            if kind.is_one_of and not needed:
                name, it = next(iter(kind.fields.items()))
                needed = [f"{name}: {literal(it.type)}"]
            return f"{{{', '.join(needed)}}}"
        case _:
            return LITERALS.get(kind.name, '"1"')
