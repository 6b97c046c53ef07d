"""How much a document asks for: its levels, fields and items. Introspection counts like everything else.

Page sizes are the values that will be executed: arguments and variables are coerced first, defaults included.
A fragment is measured once and counted at every place where it is spread, so that neither fragments within
fragments nor circles of them can hide anything, or keep us busy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    get_argument_values,
    get_named_type,
    get_variable_values,
)

from tenure.graphql.http.introspection import PREFIX, list_sizes
from tenure.kernel.pages import DEFAULT_SIZE, LARGEST_SIZE

# How many items a plain list is taken to have: it is short by nature, or it would be a connection.
LIST_SIZE = 10
META_FIELDS = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": TypeNameMetaFieldDef,
}


class Size(NamedTuple):
    """Of a field: the items that it counts, how often what is below it is repeated, and whether it is a plain list."""

    items: int
    repeats: int
    is_list: bool


SINGLE = Size(0, 1, False)


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
    """Measures the operations of one document. `variables` are the values that the caller sent."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    operation: OperationDefinitionNode | None = field(init=False, default=None)
    coerced: Any = field(init=False, default=None)
    known: dict[str, Measured] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self.fragments = {
            it.name.value: it for it in definitions if isinstance(it, FragmentDefinitionNode)
        }

    def operations(self) -> Iterator[Measured]:
        """Each operation of the document: any may be the one that is executed.

        Variables have other defaults in each operation, so fragments are measured anew for each.
        """
        roots = {
            OperationType.QUERY: self.schema.query_type,
            OperationType.MUTATION: self.schema.mutation_type,
            OperationType.SUBSCRIPTION: self.schema.subscription_type,
        }
        for definition in self.document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self.operation, self.coerced, self.known = definition, None, {}
                yield self._selection(definition.selection_set, roots[definition.operation])

    def _selection(self, selected: SelectionSetNode | None, parent: object) -> Measured:
        total = NOTHING
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node, parent))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(
                    self._selection(node.selection_set, self._type(node.type_condition, parent))
                )
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
        definition = META_FIELDS.get(node.name.value)
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            definition = definition or parent.fields.get(node.name.value)
        below = self._selection(
            node.selection_set, get_named_type(definition.type) if definition else None
        )
        size = self._size(node, definition, parent) if definition and node.selection_set else SINGLE
        return Measured(
            1 + below.levels,
            1 + below.fields,
            size.items + below.items * size.repeats,
            below.lists + size.is_list,
        )

    def _size(self, node: FieldNode, definition: GraphQLField, parent: object) -> Size:
        name = getattr(parent, "name", "")
        if {"first", "last"} <= definition.args.keys():
            given = self._arguments(node, definition)
            asked = [given[it] for it in ("first", "last") if given.get(it) is not None]
            size = min(max(0, *asked, 0), LARGEST_SIZE) if asked else DEFAULT_SIZE
            return Size(size, max(size, 1), False)
        if "ids" in definition.args:
            size = len(self._arguments(node, definition).get("ids") or ())
            return Size(size, max(size, 1), False)
        kind = (
            definition.type.of_type
            if isinstance(definition.type, GraphQLNonNull)
            else definition.type
        )
        if not isinstance(kind, GraphQLList) or name.endswith("Connection"):
            return SINGLE
        if name.startswith(PREFIX):
            size = list_sizes(self.schema).get(node.name.value, LIST_SIZE)
            return Size(size, size, True)
        return Size(0, LIST_SIZE, True)

    def _arguments(self, node: FieldNode, definition: GraphQLField) -> Mapping[str, Any]:
        """The arguments as the resolver will get them; none where they cannot be coerced, and so are refused."""
        if self.coerced is None:
            variables = (self.operation and self.operation.variable_definitions) or ()
            self.coerced = get_variable_values(
                self.schema, variables, dict(self.variables), max_errors=1
            )
        if isinstance(self.coerced, list):
            return {}
        try:
            return get_argument_values(definition, node, self.coerced, hide_suggestions=True)
        except GraphQLError:
            return {}

    def _type(self, condition: NamedTypeNode | None, parent: object) -> object:
        return self.schema.get_type(condition.name.value) if condition else parent
