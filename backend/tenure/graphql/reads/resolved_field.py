"""Fields with a resolver function, for values that no declaration can express."""

from collections.abc import Callable
from inspect import getdoc

import strawberry
from strawberry.types.field import StrawberryField


def resolved_field(resolver: Callable[..., object]) -> StrawberryField:
    """A field or mutation; the function's docstring is its description."""
    return strawberry.field(resolver, description=getdoc(resolver))
