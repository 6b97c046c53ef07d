"""The cost of a document: its levels, fields, items and points. Introspection counts too.

Page sizes are the coerced values of arguments and variables, including defaults. The cost of a
fragment is computed once and added wherever the fragment is used, so nested and circular fragments
neither hide cost nor take long to compute.

Points are what rate limits charge: one for each object with an id that may be returned, and
MUTATION_POINTS for each mutation. Values such as Money, payloads and their errors are free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
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
    GraphQLUnionType,
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

# The assumed size of a plain list. Lists that can be long are connections.
LIST_SIZE = 10
MUTATION_POINTS = 10
INTROSPECTED_PER_POINT = 1_000
META_FIELDS = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": TypeNameMetaFieldDef,
}


class Size(NamedTuple):
    """Of a field: its items, the multiplier of its selection, and whether it is a plain list."""

    items: int
    repeats: int
    is_list: bool


SINGLE = Size(0, 1, False)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one selection: levels, fields, items in connections, and nested plain lists.

    `objects` are those that are charged for, including the equivalent of mutations;
    `introspected` are those of the schema.
    """

    levels: int = 0
    fields: int = 0
    items: int = 0
    lists: int = 0
    objects: int = 0
    introspected: int = 0

    @property
    def points(self) -> int:
        """What the operation costs, at least 1."""
        return max(1, self.objects + ceil(self.introspected / INTROSPECTED_PER_POINT))

    def plus(self, other: "Cost") -> "Cost":
        """The cost of both in one selection."""
        return Cost(
            max(self.levels, other.levels),
            self.fields + other.fields,
            self.items + other.items,
            max(self.lists, other.lists),
            self.objects + other.objects,
            self.introspected + other.introspected,
        )


NO_COST = Cost()


@dataclass(slots=True)
class CostCalculator:
    """Computes the cost of the operations of one document with the variables of the request."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    operation: OperationDefinitionNode | None = field(init=False, default=None)
    coerced: Any = field(init=False, default=None)
    fragment_costs: dict[str, Cost] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self.fragments = {
            it.name.value: it for it in definitions if isinstance(it, FragmentDefinitionNode)
        }

    def operations(self) -> Iterator[tuple[OperationDefinitionNode, Cost]]:
        """Each operation of the document, any of which may be executed, and its cost.

        The defaults of variables differ per operation, so fragment costs are computed for each.
        """
        roots = {
            OperationType.QUERY: self.schema.query_type,
            OperationType.MUTATION: self.schema.mutation_type,
            OperationType.SUBSCRIPTION: self.schema.subscription_type,
        }
        for definition in self.document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self.operation = definition
                self.coerced = None
                self.fragment_costs = {}
                cost = self._selection(definition.selection_set, roots[definition.operation])
                yield definition, cost

    def _selection(self, selected: SelectionSetNode | None, parent: object) -> Cost:
        total = NO_COST
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                total = total.plus(self._field(node, parent))
            elif isinstance(node, InlineFragmentNode):
                total = total.plus(
                    self._selection(node.selection_set, self._type(node.type_condition, parent))
                )
            elif isinstance(node, FragmentSpreadNode):
                total = total.plus(self._fragment(node.name.value, parent))
        return total

    def _fragment(self, name: str, parent: object) -> Cost:
        """The cost of a fragment. A recursive use costs nothing; validation rejects it."""
        if name not in self.fragment_costs:
            self.fragment_costs[name] = NO_COST
            definition = self.fragments.get(name)
            if definition is not None:
                of_type = self._type(definition.type_condition, parent)
                self.fragment_costs[name] = self._selection(definition.selection_set, of_type)
        return self.fragment_costs[name]

    def _field(self, node: FieldNode, parent: object) -> Cost:
        definition = META_FIELDS.get(node.name.value)
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            definition = definition or parent.fields.get(node.name.value)
        kind = get_named_type(definition.type) if definition else None
        below = self._selection(node.selection_set, kind)
        size = self._size(node, definition, parent) if definition and node.selection_set else SINGLE
        objects = size.repeats if _has_id(kind) else 0
        introspected = size.repeats if getattr(kind, "name", "").startswith(PREFIX) else 0
        if parent is not None and parent is self.schema.mutation_type:
            objects += MUTATION_POINTS
        return Cost(
            1 + below.levels,
            1 + below.fields,
            size.items + below.items * size.repeats,
            below.lists + size.is_list,
            objects + below.objects * size.repeats,
            introspected + below.introspected * size.repeats,
        )

    def _size(self, node: FieldNode, definition: GraphQLField, parent: object) -> Size:
        name = getattr(parent, "name", "")
        if {"first", "last"} <= definition.args.keys():
            arguments = self._arguments(node, definition)
            sizes = [arguments[it] for it in ("first", "last") if arguments.get(it) is not None]
            size = min(max(0, *sizes, 0), LARGEST_SIZE) if sizes else DEFAULT_SIZE
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
        """The coerced arguments; empty if they are invalid, which validation then reports."""
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


def _has_id(kind: object) -> bool:
    """True for the types of objects with an id; every interface and union consists of them."""
    if isinstance(kind, GraphQLObjectType):
        return any(it.name == "Node" for it in kind.interfaces)
    return isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
