"""The sizes of lists in introspection queries: averages over the served schema."""

from collections.abc import Sequence
from functools import cache
from math import ceil

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

# The prefix of the names of introspection types.
PREFIX = "__"


@cache
def list_sizes(schema: GraphQLSchema) -> dict[str, int]:
    """The average size of each list by field name, for example `args` of a field."""
    types = schema.type_map.values()
    with_fields = [it for it in types if isinstance(it, GraphQLObjectType | GraphQLInterfaceType)]
    inputs = [it for it in types if isinstance(it, GraphQLInputObjectType)]
    enums = [it for it in types if isinstance(it, GraphQLEnumType)]
    return {
        "types": len(schema.type_map),
        "directives": len(schema.directives),
        "fields": _average([len(it.fields) for it in with_fields]),
        "args": _average([len(field.args) for it in with_fields for field in it.fields.values()]),
        "inputFields": _average([len(it.fields) for it in inputs]),
        "enumValues": _average([len(it.values) for it in enums]),
        "interfaces": 1,
        "possibleTypes": 1,
    }


def _average(counts: Sequence[int]) -> int:
    return max(1, ceil(sum(counts) / max(1, len(counts))))
