"""Fields with a resolver function, for values that no type declares."""

from collections.abc import Callable
from inspect import getdoc
from typing import TypeAlias

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.reads.mapping import Declaration

Resolver: TypeAlias = Callable[..., object]

# Why no statement answers these root fields, by their names in the schema. An operation that
# selects others is compiled.
UNCOMPILED: dict[str, str] = {}


def resolved_field(resolver: Resolver) -> StrawberryField:
    """A field or mutation; the function's docstring is its description."""
    return strawberry.field(resolver, description=getdoc(resolver))


def uncompiled_field(reason: str) -> Callable[[Resolver], StrawberryField]:
    """A root field that only its resolver function can answer, with the reason."""

    def decorate(resolver: Resolver) -> StrawberryField:
        UNCOMPILED[to_camel_case(resolver.__name__)] = reason
        return resolved_field(resolver)

    return decorate


def compiled_field(declaration: Declaration) -> Callable[[Resolver], StrawberryField]:
    """A root field that a statement answers. Its resolver function is the reference."""

    def decorate(resolver: Resolver) -> StrawberryField:
        metadata = {"declaration": declaration}
        return strawberry.field(resolver, description=getdoc(resolver), metadata=metadata)

    return decorate
