"""How much a document asks for, told from the document alone: its levels, aliases, fields and items.

A fragment is measured once and counted at every place where it is spread, so that neither fragments within
fragments nor circles of them can hide anything, or keep us busy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from tenure.kernel.pages import DEFAULT_SIZE, LARGEST_SIZE

# How many items a plain list is taken to have: it is short by nature, or it would be a connection.
LIST_SIZE = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one selection: levels below it, fields and items in connections, and plain lists within plain lists."""

    levels: int = 0
    fields: int = 0
    items: int = 0
    lists: int = 0

    def beside(self, other: "Measured") -> "Measured":
        """Both, in one selection."""
        return Measured(
            max(self.levels, other.levels),
            self.fields + other.fields,
            self.items + other.items,
            max(self.lists, other.lists),
        )


NOTHING = Measured()


@dataclass(slots=True)
class Measure:
    """Measures the operations of one document."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    known: dict[str, Measured] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self.fragments = {it.name.value: it for it in definitions if isinstance(it, FragmentDefinitionNode)}

    def operations(self) -> Iterator[Measured]:
        """Each operation of the document: any may be the one that is carried out."""
        roots = {
            OperationType.QUERY: self.schema.query_type,
            OperationType.MUTATION: self.schema.mutation_type,
            OperationType.SUBSCRIPTION: self.schema.subscription_type,
        }
        for definition in self.document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                yield self._selection(definition.selection_set, roots[definition.operation])

    def _selection(self, selected: SelectionSetNode | None, parent: object) -> Measured:
        total = NOTHING
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node, parent))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(self._selection(node.selection_set, self._type(node.type_condition, parent)))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value, parent))
        return total

    def _fragment(self, name: str, parent: object) -> Measured:
        """A spread within its own fragment counts as nothing: validation refuses such a document."""
        if name not in self.known:
            self.known[name] = NOTHING
            definition = self.fragments.get(name)
            if definition is not None:
                of_type = self._type(definition.type_condition, parent)
                self.known[name] = self._selection(definition.selection_set, of_type)
        return self.known[name]

    def _field(self, node: FieldNode, parent: object) -> Measured:
        """Introspection asks for no data and has a limit of its own (MaxIntrospectionDepthRule)."""
        if node.name.value.startswith("__"):
            return Measured(fields=1)
        known = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        definition = parent.fields.get(node.name.value) if known else None  # type: ignore[attr-defined]
        below = self._selection(node.selection_set, get_named_type(definition.type) if definition else None)
        size, is_list = self._size(node, definition, parent) if node.selection_set else (0, False)
        return Measured(
            1 + below.levels,
            1 + below.fields,
            size + below.items * max(size, LIST_SIZE if is_list else 1),
            below.lists + is_list,
        )

    def _size(self, node: FieldNode, definition: GraphQLField | None, parent: object) -> tuple[int, bool]:
        """How many items a connection (or a list of ids) gives; and whether this is a plain list."""
        if definition is None:
            return 0, False
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if {"first", "last"} <= definition.args.keys():
            sizes = [self._value(given[name]) for name in ("first", "last") if name in given]
            asked = [size for size in sizes if isinstance(size, int)]
            return min(max(0, asked[0]), LARGEST_SIZE) if asked else DEFAULT_SIZE, False
        if "ids" in definition.args:
            ids = self._value(given["ids"]) if "ids" in given else None
            return len(ids) if isinstance(ids, list) else 1, False
        kind = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
        return 0, isinstance(kind, GraphQLList) and not getattr(parent, "name", "").endswith("Connection")

    def _value(self, node: ValueNode) -> object:
        if isinstance(node, VariableNode):
            return self.variables.get(node.name.value)
        if isinstance(node, IntValueNode):
            return int(node.value[:12])
        return list(node.values) if isinstance(node, ListValueNode) else None

    def _type(self, condition: NamedTypeNode | None, parent: object) -> object:
        return self.schema.get_type(condition.name.value) if condition else parent
