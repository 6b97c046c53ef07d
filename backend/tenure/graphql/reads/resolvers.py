"""The resolver function of each kind of declaration."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from tenure.graphql.reads.loaders import Loaders
from tenure.graphql.reads.mapping import (
    PAGING,
    TYPE_NAMES,
    Ancestors,
    Attribute,
    Computed,
    DescendantCount,
    Expression,
    FirstPresent,
    GlobalId,
    HoldsOf,
    Lookup,
    MoneyOf,
    Paged,
    Row,
    ToMany,
    ToOne,
)
from tenure.graphql.reads.statements import NO_PARENT, check_identified, selected_filters
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.ids import global_id
from tenure.graphql.types.values import HoldType, MoneyType
from tenure.holds.models import holds_of
from tenure.kernel.pages import PageRequest

Arguments: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldRequest:
    """The request for one field of a row: the loaders, the field node and the arguments.

    `node_id` identifies the field node of the document. Each node has its own loaders. If nodes
    shared them, the number of statements would depend on the order in which results arrive.
    """

    loaders: Loaders
    node_id: int
    arguments: Arguments


def filter_values(arguments: Arguments) -> Mapping[str, object]:
    """The values to filter by: the arguments, and the fields of the argument `filter`."""
    return {**arguments, **vars(arguments["filter"])} if arguments.get("filter") else arguments


async def _no_rows() -> list[Row]:
    return []


def _global_id(_: GlobalId, row: Row, _request: FieldRequest) -> str:
    return global_id(TYPE_NAMES[type(row)], row.id)


def _expression(declaration: Expression, row: Row, _request: FieldRequest) -> object:
    return declaration.python(row)


def _money(declaration: MoneyOf, row: Row, _request: FieldRequest) -> MoneyType | None:
    return _amount(getattr(row, declaration.amount.key), declaration.currency, row)


def _computed(declaration: Computed, row: Row, request: FieldRequest) -> Awaitable[object] | object:
    if (
        declaration.stored is None
        or declaration.stored_if is None
        or getattr(row, declaration.stored_if.key) is None
    ):
        return _computed_values(declaration, row, request)
    value = getattr(row, declaration.stored.key)
    return value if declaration.currency is None else _amount(value, declaration.currency, row)


async def _computed_values(declaration: Computed, row: Row, request: FieldRequest) -> object:
    value: Any = await request.loaders.computed(declaration, row, request.node_id)
    return value if declaration.currency is None else _amount(value, declaration.currency, row)


def _amount(value: Decimal | None, currency: Attribute, row: Row) -> MoneyType | None:
    return None if value is None else MoneyType(amount=value, currency=getattr(row, currency.key))


def _holds(declaration: HoldsOf, row: Row, _request: FieldRequest) -> list[HoldType]:
    inactive = getattr(row, declaration.inactive.key)
    closed = getattr(row, declaration.closed.key)
    return [HoldType(effect=effect, cause=cause) for effect, cause in holds_of(inactive, closed)]


def _to_one(declaration: ToOne, row: Row, request: FieldRequest) -> Awaitable[Row] | None:
    key = getattr(row, declaration.by.key)
    if key is None or (
        declaration.while_null is not None and getattr(row, declaration.while_null.key) is not None
    ):
        return None
    return request.loaders.one(declaration, key, request.node_id)


def _first_of(declaration: FirstPresent, row: Row, request: FieldRequest) -> Awaitable[Row] | None:
    rows = (_to_one(option, row, request) for option in declaration.options)
    return next((row for row in rows if row is not None), None)


def _to_many(declaration: ToMany, row: Row, request: FieldRequest) -> Awaitable[list[Row]]:
    return request.loaders.many(
        declaration,
        selected_filters(declaration.filters, request.arguments),
        row.id,
        request.node_id,
    )


def _paged(declaration: Paged, row: Row, field: FieldRequest) -> ConnectionType[Row]:
    arguments = field.arguments
    loaders = field.loaders
    node_id = field.node_id
    request = PageRequest(**{name: arguments.get(name) for name in PAGING})
    order = declaration.sorts[arguments["sort"]] if arguments.get("sort") else declaration.order
    selected = selected_filters(declaration.filters, filter_values(arguments))
    key = NO_PARENT if declaration.by is None else row.id
    return ConnectionType(
        page=lambda: loaders.page(
            declaration, selected, key, node_id, order=order, request=request
        ),
        count=lambda: loaders.count(declaration, selected, key, node_id),
    )


def _ancestors(declaration: Ancestors, row: Row, request: FieldRequest) -> Awaitable[list[Row]]:
    key = getattr(row, declaration.parent.key)
    return (
        _no_rows() if key is None else request.loaders.ancestors(declaration, key, request.node_id)
    )


def _descendant_count(
    declaration: DescendantCount, row: Row, request: FieldRequest
) -> Awaitable[int]:
    return request.loaders.descendant_count(declaration, row.id, request.node_id)


def _lookup(declaration: Lookup, _row: Row, request: FieldRequest) -> Awaitable[Row]:
    selected = selected_filters(declaration.filters, request.arguments)
    check_identified(declaration, {name for name, _ in selected})
    return request.loaders.lookup(declaration, selected)


RESOLVERS: dict[type, Callable[..., object]] = {
    GlobalId: _global_id,
    Expression: _expression,
    MoneyOf: _money,
    Computed: _computed,
    HoldsOf: _holds,
    ToOne: _to_one,
    FirstPresent: _first_of,
    ToMany: _to_many,
    Paged: _paged,
    Ancestors: _ancestors,
    DescendantCount: _descendant_count,
    Lookup: _lookup,
}
