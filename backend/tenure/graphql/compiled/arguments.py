"""The arguments of fields, as the shape of a statement and the values of its parameters.

A statement depends on which filters, cursors and order a request has, not on their values. Requests
of equal shape are answered by the same statement.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    VariableNode,
    Visitor,
    get_argument_values,
    visit,
)
from graphql.execution.values import VariableValues
from sqlalchemy import ColumnElement
from strawberry import Schema
from strawberry.types.arguments import convert_arguments

from tenure.graphql.compiled.filters import Parameters, ReadFilter, read_filter
from tenure.graphql.compiled.plain_values import is_plain
from tenure.graphql.compiled.selections import Field, NotCompiledError
from tenure.graphql.reads.mapping import (
    PAGING,
    TYPE_NAMES,
    CountsByDay,
    Filters,
    Lookup,
    Paged,
    RowsAbout,
    ToMany,
)
from tenure.graphql.reads.resolvers import filter_values
from tenure.graphql.reads.statements import check_identified, checked_days, selected_filters
from tenure.graphql.types.ids import check_key, key_of, type_of
from tenure.kernel.errors import TenureError
from tenure.kernel.pages import Order, PageRequest, position_of

# Page sizes that are written into the statement. PostgreSQL plans a statement with such a limit
# once; with a parameter as limit it expects a tenth of the table, and plans each time.
USUAL_SIZES = frozenset({5, 10, 12, 20, 25, 50, 100})


@dataclass(slots=True)
class Site:
    """The arguments of one field in one request.

    `shape` decides the statement. `parameters` are the values of the parameters in it.
    """

    prefix: str
    shape: list[Hashable] = field(default_factory=list)
    parameters: Parameters = field(default_factory=dict)
    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    candidates: ReadFilter | None = None  # The first filter with candidates.
    uses_today: bool = False
    order: Order | None = None
    request: PageRequest | None = None
    # The object types of `ids`.
    type_names: tuple[str, ...] = ()
    # The ids of `nodes`, or that of `node` or of another field about one object.
    ids: Sequence[str] = ()
    is_node: bool = False
    # The days whose starts are parameters, by the names of these.
    days: Mapping[str, date] = field(default_factory=dict)

    @property
    def has_natural_keys(self) -> bool:
        """True if a query must find the keys of `ids` first (`set_keys`)."""
        return any(":" in value for value in self.ids)

    def set_keys(self, global_ids: Sequence[str]) -> None:
        """Set the keys of `ids`, NO_ROW where there is no row, and the places of their types."""
        keys = [key_of(value, *self.type_names) for value in global_ids]
        self.parameters[self.name("keys")] = keys[0] if self.is_node else keys
        if not self.is_node:
            places = {name: place for place, name in enumerate(self.type_names)}
            kinds = [places.get(type_of(value) or "", 0) for value in global_ids]
            self.parameters[self.name("kinds")] = kinds

    def name(self, suffix: str) -> str:
        """The name of a parameter."""
        return f"{self.prefix}_{suffix}"

    @classmethod
    def of_row(cls, prefix: str, model: type, key: int | None) -> "Site":
        """The site of a field whose value is the row of a model with this key."""
        type_names = () if key is None else (TYPE_NAMES[model],)
        site = cls(prefix, shape=[type_names], type_names=type_names)
        site.parameters[site.name("keys")] = key
        return site


Sites: TypeAlias = Mapping[Field, Site]


def parameters_of(sites: Sites) -> Parameters:
    """The parameters of all sites."""
    return {name: value for site in sites.values() for name, value in site.parameters.items()}


@dataclass(frozen=True, slots=True)
class FieldArguments:
    """The arguments of a field of a document.

    Those without variables are in `constant`, converted once. `plain` are the names of variables
    that are passed on, by the names of their arguments. `varying` declares the others, which are
    converted for each request.
    """

    schema: Schema
    field: Field
    prefix: str
    constant: Mapping[str, Any]
    plain: Mapping[str, str]
    varying: GraphQLField

    @property
    def has_variables(self) -> bool:
        """True if the arguments depend on the request."""
        return bool(self.plain or self.varying.args)

    def read(self, variables: VariableValues) -> Site:
        """The arguments for coerced variables. Raises NotCompiledError if they are invalid."""
        site = Site(self.prefix)
        arguments = dict(self.constant)
        for name, variable in self.plain.items():
            if variable in variables.coerced:
                arguments[name] = variables.coerced[variable]
        if self.varying.args:
            arguments |= _converted(self.schema, self.varying, self.field.nodes[0], variables)
        try:
            match self.field.declaration:
                case Paged() as declaration:
                    _read_page(declaration, arguments, site)
                case ToMany() as declaration:
                    _read_filters(declaration.filters, arguments, site)
                case Lookup() as declaration:
                    found = _read_filters(declaration.filters, arguments, site)
                    check_identified(declaration, found)
                case RowsAbout() as declaration:
                    _read_about(declaration, arguments, site)
                case CountsByDay() as declaration:
                    _read_days(declaration, arguments, site)
                case None:
                    _read_ids(self.field, arguments, site)
        except TenureError:
            raise NotCompiledError("invalid arguments") from None
        return site


def field_arguments(
    schema: Schema, field: Field, prefix: str, variables: VariableValues
) -> FieldArguments:
    """The arguments of a field. Raises NotCompiledError if a constant one is invalid."""
    assert field.definition is not None
    node = field.nodes[0]
    names = variable_arguments(node)
    constant = _converted(
        schema, _only(field.definition, lambda it: it not in names), node, variables
    )
    plain = _plain_arguments(schema, field.definition, node)
    varying = _only(field.definition, lambda it: it in names and it not in plain)
    by_python_name = dict(plain.values())
    return FieldArguments(schema, field, prefix, constant, by_python_name, varying)


def variable_arguments(node: FieldNode) -> frozenset[str]:
    """The names of the arguments that contain a variable."""
    found = set()
    for argument in node.arguments or ():
        visitor = _Variables()
        visit(argument, visitor)
        if visitor.found:
            found.add(argument.name.value)
    return frozenset(found)


def _plain_arguments(
    schema: Schema, definition: GraphQLField, node: FieldNode
) -> dict[str, tuple[str, str]]:
    """The plain arguments: by their names, their names in Python and those of their variables."""
    naming = schema.config.name_converter
    python_names = {
        naming.from_argument(it): it.python_name
        for it in definition.extensions["strawberry-definition"].arguments
    }
    return {
        it.name.value: (python_names[it.name.value], it.value.name.value)
        for it in node.arguments or ()
        if isinstance(it.value, VariableNode) and is_plain(definition.args[it.name.value])
    }


class _Variables(Visitor):
    """Tells whether a node contains a variable."""

    found = False

    def enter_variable(self, *_: object) -> None:
        """Called for each variable."""
        self.found = True


def _only(definition: GraphQLField, is_wanted: Callable[[str], bool]) -> GraphQLField:
    """The definition with some of its arguments."""
    arguments = {name: it for name, it in definition.args.items() if is_wanted(name)}
    return GraphQLField(definition.type, args=arguments, extensions=definition.extensions)


def _converted(
    schema: Schema, definition: GraphQLField, node: FieldNode, variables: VariableValues
) -> Mapping[str, Any]:
    """The arguments of the definition as Strawberry passes them to a resolver."""
    try:
        values = get_argument_values(definition, node, variables)
    except GraphQLError:
        raise NotCompiledError("invalid arguments") from None
    declared = definition.extensions["strawberry-definition"].arguments
    naming = schema.config.name_converter
    given = [it for it in declared if naming.from_argument(it) in values]
    return convert_arguments(values, given, schema.schema_converter.scalar_registry, schema.config)


def _read_page(declaration: Paged, arguments: Mapping[str, Any], site: Site) -> None:
    request = site.request = PageRequest(**{name: arguments.get(name) for name in PAGING})
    sort = arguments.get("sort")
    order = site.order = declaration.sorts[sort] if sort else declaration.order
    site.shape += [sort, request.backward, request.after is None, request.before is None]
    site.shape.append(written_size(request))
    # One row more than the page has tells whether there are more.
    site.parameters |= {site.name("size"): request.size, site.name("limit"): request.size + 1}
    for argument in ("after", "before"):
        cursor = getattr(request, argument)
        if cursor is not None:
            for index, value in enumerate(position_of(cursor, order, argument)):
                site.parameters[site.name(f"{argument}_{index}")] = value
    _read_filters(declaration.filters, filter_values(arguments), site)


def written_size(request: PageRequest) -> int | None:
    """The size of the page if the statement contains it; None if it is a parameter."""
    return request.size if request.size in USUAL_SIZES else None


def _read_filters(filters: Filters, arguments: Mapping[str, Any], site: Site) -> list[str]:
    """Add the filters with a value to the site. Returns their names."""
    selected = selected_filters(filters, arguments)
    for name, value in selected:
        found = read_filter(filters[name], site.name(name), value)
        site.uses_today |= filters[name].uses_today
        site.shape += [name, *found.shape]
        site.parameters |= found.parameters
        site.conditions.append(found.condition)
        site.candidates = site.candidates or (found if found.keys is not None else None)
    return [name for name, _ in selected]


def _read_ids(field: Field, arguments: Mapping[str, Any], site: Site) -> None:
    """The arguments of `node` and `nodes`."""
    site.is_node = field.name == "node"
    site.ids = [arguments["id"]] if site.is_node else arguments["ids"]
    for value in site.ids:
        check_key(value, "id" if site.is_node else "ids")
    types = {it for value in site.ids if (it := type_of(value)) is not None}
    site.type_names = tuple(sorted(types & field.selections.keys()))
    # Without a type the statement repeats null for each id.
    site.shape.append(site.type_names or len(site.ids))
    site.set_keys(site.ids)


def _read_about(declaration: RowsAbout, arguments: Mapping[str, Any], site: Site) -> None:
    """The id of the object, and the other argument."""
    value = arguments[declaration.about]
    type_name = type_of(value)
    if type_name not in declaration.types:
        raise NotCompiledError("invalid arguments")
    site.is_node = True
    site.ids = [value]
    site.type_names = (type_name,)
    site.shape.append(type_name)
    site.set_keys(site.ids)
    site.parameters[site.name("argument")] = arguments[declaration.argument]


def _read_days(declaration: CountsByDay, arguments: Mapping[str, Any], site: Site) -> None:
    """The first day, the days whose starts the statement compares, and the filters."""
    days = checked_days(arguments["from_"], arguments["to"], at_most=declaration.max_days)
    site.parameters[site.name("from")] = arguments["from_"]
    starts = enumerate([*days, arguments["to"]])
    site.days = {site.name(f"begin_{place}"): day for place, day in starts}
    site.uses_today = True
    site.shape.append(len(days))
    _read_filters(declaration.filters, filter_values(arguments), site)
