"""What an operation selects: its fields by object type, with fragments and directives resolved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_directive_values,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from tenure.graphql.reads.mapping import Declaration

# Fields are collected for each possible object type of an interface.
MAX_FIELDS = 10_000


class NotCompiledError(Exception):
    """The operation, or this request of it, is left to normal execution. `reason` is counted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A selected field of one object type.

    `key` is its name in the response. `selections` are its subfields for each object type that its
    value can have; empty for a scalar or an enum.
    """

    key: str
    name: str
    definition: GraphQLField | None
    nodes: tuple[FieldNode, ...]
    selections: Mapping[str, "Selection"]

    @property
    def type(self) -> GraphQLOutputType:
        """The type of its value."""
        assert self.definition is not None
        return self.definition.type

    @property
    def declaration(self) -> Declaration | None:
        """Its declaration; None for a field that only a resolver function answers."""
        field = self._strawberry_field
        return field.metadata.get("declaration") if field else None

    @property
    def python_name(self) -> str | None:
        """Its name in the class of the object type; None for `__typename`."""
        field = self._strawberry_field
        return field.python_name if field else None

    @property
    def _strawberry_field(self) -> StrawberryField | None:
        return self.definition.extensions.get("strawberry-definition") if self.definition else None

    @property
    def selection(self) -> "Selection":
        """The subfields of a value with only one possible object type."""
        [selection] = self.selections.values()
        return selection


Selection: TypeAlias = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects the fields of one operation for the variables that decide what is included.

    Raises NotCompiledError for more than MAX_FIELDS.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    numbers: Iterator[int] = field(default_factory=count)

    def collect(self, kind: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Selection:
        """The fields of an object type, in the order of the response."""
        grouped: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selected in sets:
            for node in self._nodes(kind, selected, spread):
                key = node.alias.value if node.alias else node.name.value
                grouped.setdefault(key, []).append(node)
        return tuple(self._field(kind, key, nodes) for key, nodes in grouped.items())

    def _field(self, kind: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> Field:
        if next(self.numbers) >= MAX_FIELDS:
            raise NotCompiledError("size")
        name = nodes[0].name.value
        definition = kind.fields.get(name)
        selections: dict[str, Selection] = {}
        named = get_named_type(definition.type) if definition else None
        if is_composite_type(named):
            sets = [node.selection_set for node in nodes if node.selection_set]
            possible = self.schema.get_possible_types(named) if is_abstract_type(named) else [named]
            objects = cast("Sequence[GraphQLObjectType]", possible)
            selections = {it.name: self.collect(it, sets) for it in objects}
        return Field(key, name, definition, tuple(nodes), selections)

    def _nodes(
        self, kind: GraphQLObjectType, selected: SelectionSetNode, spread: set[str]
    ) -> Iterator[FieldNode]:
        for node in selected.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if self._applies(kind, node):
                    yield from self._nodes(kind, node.selection_set, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(kind, fragment):
                    yield from self._nodes(kind, fragment.selection_set, spread)

    def _is_included(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and skip["if"]) and (include is None or include["if"])

    def _applies(
        self, kind: GraphQLObjectType, fragment: InlineFragmentNode | FragmentDefinitionNode
    ) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self.schema.get_type(fragment.type_condition.name.value)
        return condition is kind or (
            is_abstract_type(condition) and self.schema.is_sub_type(condition, kind)
        )


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments of a document by their names."""
    return {
        it.name.value: it for it in document.definitions if isinstance(it, FragmentDefinitionNode)
    }


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation with this name, or the only one."""
    operations = [it for it in document.definitions if isinstance(it, OperationDefinitionNode)]
    if name is None:
        return operations[0] if len(operations) == 1 else None
    return next((it for it in operations if it.name and it.name.value == name), None)


def deciding_variables(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    """The names of the variables in @skip and @include."""
    names: set[str] = set()
    sets = [operation.selection_set, *(it.selection_set for it in fragments.values())]
    while sets:
        for node in sets.pop().selections:
            for directive in node.directives or ():
                values = (it.value for it in directive.arguments or ())
                names |= {it.name.value for it in values if isinstance(it, VariableNode)}
            below = getattr(node, "selection_set", None)
            if below is not None:
                sets.append(below)
    return tuple(sorted(names))
