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
from tenure.graphql.reads.statements import NO_PARENT, selected_filters
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.ids import global_id
from tenure.graphql.types.values import Hold, Money
from tenure.holds.models import holds_of
from tenure.kernel.errors import ErrorCode, TenureError
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


def _filter_values(arguments: Arguments) -> Mapping[str, object]:
    """The values to filter by: the fields of the argument `filter`, or else the arguments."""
    return vars(arguments["filter"]) if arguments.get("filter") else arguments


async def _no_rows() -> list[Row]:
    return []


def _global_id(_: GlobalId, row: Row, _request: FieldRequest) -> str:
    return global_id(TYPE_NAMES[type(row)], row.id)


def _expression(it: Expression, row: Row, _request: FieldRequest) -> object:
    return it.python(row)


def _money(it: MoneyOf, row: Row, _request: FieldRequest) -> Money | None:
    return _amount(getattr(row, it.amount.key), it.currency, row)


def _computed(it: Computed, row: Row, request: FieldRequest) -> Awaitable[object] | object:
    if it.stored is None or it.stored_if is None or getattr(row, it.stored_if.key) is None:
        return _computed_values(it, row, request)
    value = getattr(row, it.stored.key)
    return value if it.currency is None else _amount(value, it.currency, row)


async def _computed_values(it: Computed, row: Row, request: FieldRequest) -> object:
    value: Any = await request.loaders.computed(it, row, request.node_id)
    return value if it.currency is None else _amount(value, it.currency, row)


def _amount(value: Decimal | None, currency: Attribute, row: Row) -> Money | None:
    return None if value is None else Money(amount=value, currency=getattr(row, currency.key))


def _holds(it: HoldsOf, row: Row, _request: FieldRequest) -> list[Hold]:
    inactive = getattr(row, it.inactive.key)
    closed = getattr(row, it.closed.key)
    return [Hold(effect=effect, cause=cause) for effect, cause in holds_of(inactive, closed)]


def _to_one(it: ToOne, row: Row, request: FieldRequest) -> Awaitable[Row] | None:
    key = getattr(row, it.by.key)
    if key is None or (it.while_null is not None and getattr(row, it.while_null.key) is not None):
        return None
    return request.loaders.one(it, key, request.node_id)


def _first_of(it: FirstPresent, row: Row, request: FieldRequest) -> Awaitable[Row] | None:
    rows = (_to_one(option, row, request) for option in it.options)
    return next((row for row in rows if row is not None), None)


def _to_many(it: ToMany, row: Row, request: FieldRequest) -> Awaitable[list[Row]]:
    return request.loaders.many(
        it, selected_filters(it.filters, request.arguments), row.id, request.node_id
    )


def _paged(it: Paged, row: Row, field: FieldRequest) -> Connection[Row]:
    arguments = field.arguments
    loaders = field.loaders
    node_id = field.node_id
    request = PageRequest(**{name: arguments.get(name) for name in PAGING})
    order = it.sorts[arguments["sort"]] if arguments.get("sort") else it.order
    selected = selected_filters(it.filters, _filter_values(arguments))
    key = NO_PARENT if it.by is None else row.id
    return Connection(
        page=lambda: loaders.page(it, selected, order, request, key, node_id),
        count=lambda: loaders.count(it, selected, key, node_id),
    )


def _ancestors(it: Ancestors, row: Row, request: FieldRequest) -> Awaitable[list[Row]]:
    key = getattr(row, it.parent.key)
    return _no_rows() if key is None else request.loaders.ancestors(it, key, request.node_id)


def _descendant_count(it: DescendantCount, row: Row, request: FieldRequest) -> Awaitable[int]:
    return request.loaders.descendant_count(it, row.id, request.node_id)


def _lookup(it: Lookup, _row: Row, request: FieldRequest) -> Awaitable[Row]:
    selected = selected_filters(it.filters, request.arguments)
    if it.filters and not selected:
        raise TenureError(ErrorCode.INVALID, f"Provide {' or '.join(it.filters)}.")
    return request.loaders.lookup(it, selected)


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
