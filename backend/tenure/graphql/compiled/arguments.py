"""The arguments of fields, as the shape of a statement and the values of its parameters.

A statement depends on which filters, cursors and order a request has, not on their values. Requests
of equal shape are answered by the same statement.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import GraphQLError, get_argument_values
from graphql.execution.values import VariableValues
from sqlalchemy import BindParameter, ColumnElement, bindparam
from sqlalchemy.sql.visitors import replacement_traverse
from strawberry import Schema
from strawberry.types.arguments import convert_arguments

from tenure.graphql.compiled.selections import Field, NotCompiledError
from tenure.graphql.reads.mapping import (
    PAGING,
    TODAY,
    Filter,
    Filters,
    Lookup,
    Paged,
    ToMany,
)
from tenure.graphql.reads.resolvers import filter_values
from tenure.graphql.reads.statements import check_identified, selected_filters
from tenure.graphql.types.ids import check_key, key_of, type_of
from tenure.kernel.errors import TenureError
from tenure.kernel.pages import Order, PageRequest, position_of
from tenure.kernel.patches.sqlalchemy_statements import cache_key

Parameters: TypeAlias = dict[str, Any]


# Conditions of filters that are kept for the next request with the same value.
KEPT_FILTERS = 1_000
LONGEST_KEPT = 100


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """The condition of a filter, its part of the shape, and the values of its parameters."""

    shape: tuple[Hashable, ...]
    parameters: Parameters
    condition: ColumnElement[bool]


@dataclass(slots=True)
class Site:
    """The arguments of one field in one request.

    `shape` decides the statement. `parameters` are the values of the parameters in it.
    """

    prefix: str
    shape: list[Hashable] = field(default_factory=list)
    parameters: Parameters = field(default_factory=dict)
    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    uses_today: bool = False
    order: Order | None = None
    request: PageRequest | None = None
    type_name: str | None = None
    # The ids of `nodes`, or that of `node`.
    ids: Sequence[str] = ()
    is_node: bool = False

    @property
    def has_natural_keys(self) -> bool:
        """True if a query must find the keys of `ids` first (`set_keys`)."""
        return any(":" in value for value in self.ids)

    def set_keys(self, global_ids: Sequence[str]) -> None:
        """Set the parameter with the keys of `ids`; NO_ROW where there is no row of the type."""
        kinds = () if self.type_name is None else (self.type_name,)
        keys = [key_of(value, *kinds) for value in global_ids]
        self.parameters[self.name("keys")] = keys[0] if self.is_node else keys

    def name(self, suffix: str) -> str:
        """The name of a parameter."""
        return f"{self.prefix}_{suffix}"


def read_arguments(schema: Schema, field: Field, variables: VariableValues, prefix: str) -> Site:
    """The arguments of a field for coerced variables.

    Raises NotCompiledError if they are invalid.
    """
    site = Site(prefix)
    arguments = _converted(schema, field, variables)
    try:
        match field.declaration:
            case Paged() as declaration:
                _read_page(declaration, arguments, site)
            case ToMany() as declaration:
                _read_filters(declaration.filters, arguments, site)
            case Lookup() as declaration:
                check_identified(declaration, _read_filters(declaration.filters, arguments, site))
            case None:
                _read_ids(field, arguments, site)
    except TenureError:
        raise NotCompiledError("invalid arguments") from None
    return site


def _converted(schema: Schema, field: Field, variables: VariableValues) -> Mapping[str, Any]:
    assert field.definition is not None
    try:
        values = get_argument_values(field.definition, field.nodes[0], variables)
    except GraphQLError:
        raise NotCompiledError("invalid arguments") from None
    declared = field.definition.extensions["strawberry-definition"].arguments
    return convert_arguments(
        values, declared, schema.schema_converter.scalar_registry, schema.config
    )


def _read_page(declaration: Paged, arguments: Mapping[str, Any], site: Site) -> None:
    request = site.request = PageRequest(**{name: arguments.get(name) for name in PAGING})
    sort = arguments.get("sort")
    order = site.order = declaration.sorts[sort] if sort else declaration.order
    site.shape += [sort, request.backward, request.after is None, request.before is None]
    # One row more than the page has tells whether there are more.
    site.parameters |= {site.name("size"): request.size, site.name("limit"): request.size + 1}
    for argument in ("after", "before"):
        cursor = getattr(request, argument)
        if cursor is not None:
            for index, value in enumerate(position_of(cursor, order, argument)):
                site.parameters[site.name(f"{argument}_{index}")] = value
    _read_filters(declaration.filters, filter_values(arguments), site)


def _read_filters(filters: Filters, arguments: Mapping[str, Any], site: Site) -> list[str]:
    """Add the filters with a value to the site. Returns their names."""
    selected = selected_filters(filters, arguments)
    for name, value in selected:
        is_long = isinstance(value, str) and len(value) > LONGEST_KEPT
        read = _read_filter.__wrapped__ if is_long else _read_filter
        found: ReadFilter = read(filters[name], site.name(name), value)
        site.uses_today |= filters[name].uses_today
        site.shape += [name, *found.shape]
        site.parameters |= found.parameters
        site.conditions.append(found.condition)
    return [name for name, _ in selected]


@lru_cache(KEPT_FILTERS)
def _read_filter(filter_: Filter, name: str, value: Hashable) -> ReadFilter:
    """The condition for a value. Building it takes longer than binding it."""
    condition = filter_.condition(value)
    cached = cache_key(condition)
    if cached is None:
        raise NotCompiledError("filter")
    key, binds = cached
    names = {
        id(bind): f"{name}_{index}" for index, bind in enumerate(binds) if bind.key != TODAY.key
    }
    lengths = []
    parameters: Parameters = {}
    for bind in binds:
        if id(bind) in names:
            parameters |= bound_values(names[id(bind)], bind)
            lengths.append(len(bind.effective_value or ()) if bind.expanding else 0)
    return ReadFilter((key, tuple(lengths)), parameters, _renamed(condition, names))


def bound_values(name: str, bind: BindParameter[Any]) -> Parameters:
    """The value of a parameter; of a list also each value, as SQLAlchemy expands it."""
    values: Parameters = {name: bind.effective_value}
    if bind.expanding:
        for number, value in enumerate(bind.effective_value or (), 1):
            values[f"{name}_{number}"] = value
    return values


def _renamed(condition: ColumnElement[bool], names: Mapping[int, str]) -> ColumnElement[bool]:
    """The condition with its anonymous parameters named, so that other values can be bound."""

    def replace(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or id(element) not in names:
            return None
        return bindparam(
            names[id(element)],
            element.effective_value,
            type_=element.type,
            expanding=element.expanding,
        )

    return replacement_traverse(condition, {}, replace)


def _read_ids(field: Field, arguments: Mapping[str, Any], site: Site) -> None:
    """The arguments of `node` and `nodes`, whose ids must all have the same type."""
    site.is_node = field.name == "node"
    site.ids = [arguments["id"]] if site.is_node else arguments["ids"]
    for value in site.ids:
        check_key(value, "id" if site.is_node else "ids")
    types = {it for value in site.ids if (it := type_of(value)) in field.selections}
    if len(types) > 1:
        raise NotCompiledError("ids of several types")
    site.type_name = types.pop() if types else None
    # The statement repeats null for each unknown id.
    site.shape.append(site.type_name or len(site.ids))
    site.set_keys(site.ids)
