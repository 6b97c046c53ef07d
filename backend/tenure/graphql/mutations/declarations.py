"""Decorators that declare mutations, their inputs and their payloads, with descriptions.

The docstring of a class or function is its description in the schema. What all mutations have in
common is described here: the argument `input`, the field `errors`, the role, and the error codes.
"""

from collections.abc import Callable
from inspect import getdoc
from typing import TypeVar, dataclass_transform

import strawberry
from strawberry.types.field import StrawberryField, field

from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode

Type = TypeVar("Type", bound=type)

ERRORS = "What the caller can correct. Empty if the change was made; else nothing was changed."


@dataclass_transform(kw_only_default=True, field_specifiers=(field, StrawberryField))
def input_type(cls: Type) -> Type:
    """Make a class an input type. Its docstring is the description."""
    return strawberry.input(cls, description=getdoc(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(field, StrawberryField))
def payload_type(cls: Type) -> Type:
    """Make a class the payload of a mutation. Its docstring is the description."""
    payload = strawberry.type(cls, description=getdoc(cls))
    for declared in payload.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        if declared.python_name == "errors" and declared.description is None:
            declared.description = ERRORS
    return payload


def mutation(role: Role, *, errors: str) -> Callable[[Callable[..., object]], StrawberryField]:
    """Make a function a mutation that requires `role`. Its docstring is the description.

    `errors` are the codes that the payload can have, separated by spaces. The tests compare them
    with the payloads of all mutations (tests/graphql/caller.py).
    """
    listed = ", ".join(ErrorCode(code) for code in errors.split())

    def declare(resolver: Callable[..., object]) -> StrawberryField:
        declared = strawberry.field(
            resolver,
            description=f"{getdoc(resolver)}\n\nRequires role {role.name}. Error codes: {listed}.",
        )
        for argument in declared.arguments:
            if argument.description is None:
                argument.description = getdoc(resolver.__annotations__[argument.python_name])
        return declared

    return declare
