"""Variables and arguments of built-in scalar types, whose JSON values are used as they are.

GraphQL's coercion of any value takes longer than the rest of reading a request. It is left to that
wherever a value is not of the plain kind, and for all errors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource

KINDS: Final[Mapping[object, type]] = {
    GraphQLString: str,
    GraphQLID: str,
    GraphQLInt: int,
    GraphQLBoolean: bool,
}
LARGEST_INT: Final = 2**31 - 1
OMITTED: Final = object()


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable. `kind`: the type of its plain values; None if it has none."""

    signature: GraphQLVariableSignature
    kind: type | None
    is_required: bool

    def accepts(self, value: object) -> bool:
        """True if the coerced value is this value."""
        if value is None:
            return not self.is_required
        if type(value) is not self.kind:
            return False
        return not isinstance(value, int) or -LARGEST_INT <= value <= LARGEST_INT


@dataclass(frozen=True, slots=True)
class PlainVariables:
    """The variables of an operation, by their names."""

    variables: Mapping[str, Variable]

    def read(self, given: Mapping[str, object]) -> VariableValues | None:
        """The coerced values; None if GraphQL must coerce them."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for name, variable in self.variables.items():
            value = given.get(name, OMITTED)
            if value is OMITTED:
                if variable.is_required or variable.signature.default is not None:
                    return None
                sources[name] = VariableValueSource(variable.signature)
                continue
            if not variable.accepts(value):
                return None
            sources[name] = VariableValueSource(variable.signature, value)
            coerced[name] = value
        return VariableValues(sources, coerced)


def plain_variables(schema: GraphQLSchema, operation: OperationDefinitionNode) -> PlainVariables:
    """The variables of a valid operation."""
    return PlainVariables({it.signature.name: it for it in _variables(schema, operation)})


def is_plain(argument: GraphQLArgument) -> bool:
    """True if the coerced value of a variable is passed on as the value of the argument."""
    has_default = argument.default is not None or argument.default_value is not Undefined
    return not has_default and argument.type in KINDS


def _variables(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Iterator[Variable]:
    for definition in operation.variable_definitions or ():
        signature = get_variable_signature(schema, definition)
        assert isinstance(signature, GraphQLVariableSignature)
        kind = KINDS.get(get_nullable_type(signature.type))
        yield Variable(signature, kind, is_non_null_type(signature.type))
