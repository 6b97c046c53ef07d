"""How each kind of declaration is resolved, given the row that it is asked of, the loaders and the arguments."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from tenure.graphql.reads.loaders import Loaders
from tenure.graphql.reads.mapping import (
    NAMES,
    PAGING,
    Ancestors,
    Attribute,
    Computed,
    DescendantCount,
    Expression,
    FirstPresent,
    HoldsOf,
    Identity,
    Lookup,
    MoneyOf,
    Paged,
    Row,
    ToMany,
    ToOne,
)
from tenure.graphql.reads.statements import NOBODY, chosen
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.ids import global_id
from tenure.graphql.types.values import Hold, Money
from tenure.holds.models import holds_of
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.pages import PageRequest

Arguments: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a row: by which field of the document, with which arguments.

    Each field of the document has loaders of its own. Were they shared between fields, it would hang on the order in
    which answers arrive whether two fields are read by one statement or by two.
    """

    loaders: Loaders
    place: int
    arguments: Arguments


def _given(filters: Arguments) -> Mapping[str, object]:
    """The values to filter by: the arguments themselves, or the fields of the one named `filter`."""
    return vars(filters["filter"]) if filters.get("filter") else filters


async def _no_rows() -> list[Row]:
    return []


def _identity(_: Identity, row: Row, _asked: Asked) -> str:
    return global_id(NAMES[type(row)], row.id)


def _expression(it: Expression, row: Row, _asked: Asked) -> object:
    return it.python(row)


def _money(it: MoneyOf, row: Row, _asked: Asked) -> Money | None:
    return _amount(getattr(row, it.amount.key), it.currency, row)


def _computed(it: Computed, row: Row, asked: Asked) -> Awaitable[object] | object:
    if it.kept is None or it.once is None or getattr(row, it.once.key) is None:
        return _computed_values(it, row, asked)
    value = getattr(row, it.kept.key)
    return value if it.currency is None else _amount(value, it.currency, row)


async def _computed_values(it: Computed, row: Row, asked: Asked) -> object:
    value = await asked.loaders.computed(it, row, asked.place)
    return value if it.currency is None else _amount(value, it.currency, row)  # type: ignore[arg-type]


def _amount(value: Decimal | None, currency: Attribute, row: Row) -> Money | None:
    return None if value is None else Money(amount=value, currency=getattr(row, currency.key))


def _holds(it: HoldsOf, row: Row, _asked: Asked) -> list[Hold]:
    masks = getattr(row, it.inactive.key), getattr(row, it.closed.key)
    return [Hold(effect=effect, cause=cause) for effect, cause in holds_of(*masks)]


def _to_one(it: ToOne, row: Row, asked: Asked) -> Awaitable[Row] | None:
    key = getattr(row, it.by.key)
    if key is None or (it.while_null is not None and getattr(row, it.while_null.key) is not None):
        return None
    return asked.loaders.one(it, key, asked.place)


def _first_of(it: FirstPresent, row: Row, asked: Asked) -> Awaitable[Row] | None:
    found = (_to_one(option, row, asked) for option in it.options)
    return next((awaitable for awaitable in found if awaitable is not None), None)


def _to_many(it: ToMany, row: Row, asked: Asked) -> Awaitable[list[Row]]:
    return asked.loaders.many(it, chosen(it.filters, asked.arguments), row.id, asked.place)


def _paged(it: Paged, row: Row, asked: Asked) -> Connection[Row]:
    arguments, loaders, place = asked.arguments, asked.loaders, asked.place
    request = PageRequest(**{name: arguments.get(name) for name in PAGING})
    order = it.sorts[arguments["sort"]] if arguments.get("sort") else it.order
    selected = chosen(it.filters, _given(arguments))
    key = NOBODY if it.by is None else row.id
    return Connection(
        page=lambda: loaders.page(it, selected, order, request, key, place),
        count=lambda: loaders.count(it, selected, key, place),
    )


def _ancestors(it: Ancestors, row: Row, asked: Asked) -> Awaitable[list[Row]]:
    key = getattr(row, it.parent.key)
    return _no_rows() if key is None else asked.loaders.ancestors(it, key, asked.place)


def _descendant_count(it: DescendantCount, row: Row, asked: Asked) -> Awaitable[int]:
    return asked.loaders.descendant_count(it, row.id, asked.place)


def _lookup(it: Lookup, _row: Row, asked: Asked) -> Awaitable[Row]:
    selected = chosen(it.filters, asked.arguments)
    if it.filters and not selected:
        raise TenureError(ErrorCode.INVALID, f"Give {' or '.join(it.filters)}.")
    return asked.loaders.found(it, selected)


RESOLVERS: dict[type, Callable[..., object]] = {
    Identity: _identity,
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
