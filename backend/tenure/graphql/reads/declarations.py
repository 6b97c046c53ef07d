"""Functions that declare the fields of types: `name: str = column(models.Account.name)`."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from tenure.graphql.reads.fields import DeclaredField
from tenure.graphql.reads.mapping import (
    Ancestors,
    Column,
    Computed,
    Condition,
    Declaration,
    DescendantCount,
    Expression,
    Filter,
    Filters,
    FirstPresent,
    GlobalId,
    HoldsOf,
    Lookup,
    Model,
    MoneyOf,
    Paged,
    Row,
    Sorts,
    ToMany,
    ToOne,
)
from tenure.holds.models import Held
from tenure.kernel.pages import Order

# The value assigned in a type is the field; the annotation is the type of its result.
Declared: TypeAlias = Any
Attribute: TypeAlias = InstrumentedAttribute[Any]
Value = TypeVar("Value")


def column(attribute: InstrumentedAttribute[Value], description: str | None = None) -> Value:
    """The value of a column. mypy compares its type with the annotation."""
    return declared(Column(attribute), description)  # type: ignore[no-any-return]


def global_id(description: str | None = None) -> Declared:
    """The global id."""
    return declared(GlobalId(), description)


def expression(
    python: Callable[[Row], Value],
    description: str | None = None,
    *,
    sql: ColumnElement[Any] | None = None,
) -> Value:
    """A value that `python` computes from the row, and `sql` from its columns."""
    return declared(Expression(python, sql), description)  # type: ignore[no-any-return]


def money(amount: Attribute, currency: Attribute, description: str | None = None) -> Declared:
    """An amount with its currency."""
    return declared(MoneyOf(amount, currency), description)


def computed(
    sql: ColumnElement[Any],
    description: str | None = None,
    *,
    currency: Attribute | None = None,
    stored: Attribute | None = None,
    stored_if: Attribute | None = None,
    uses_today: bool = False,
) -> Declared:
    """A value that the database computes; column `stored` if column `stored_if` is not null."""
    return declared(Computed(sql, currency, stored, stored_if, uses_today), description)


def holds(model: type[Held], description: str | None = None) -> Declared:
    """The holds of an account or asset."""
    masks: list[Any] = [model.inactive_holds, model.closed_holds]
    return declared(HoldsOf(*masks), description)


def to_one(
    model: Model,
    description: str | None = None,
    *,
    by: Attribute,
    to: Attribute | None = None,
    where: tuple[Condition, ...] = (),
    while_null: Attribute | None = None,
) -> Declared:
    """The row that `by` references, by primary key unless `to` is another column."""
    return declared(relation(model, by=by, to=to, where=where, while_null=while_null), description)


def relation(
    model: Model,
    *,
    by: Attribute,
    to: Attribute | None = None,
    where: tuple[Condition, ...] = (),
    while_null: Attribute | None = None,
) -> ToOne:
    """A relation to one as an option of `first_of`."""
    return ToOne(model, by, primary_key(model) if to is None else to, where, while_null)


def first_of(*options: ToOne, description: str | None = None) -> Declared:
    """The first relation whose key is not null."""
    return declared(FirstPresent(options), description)


def to_many(
    model: Model,
    description: str | None = None,
    *,
    by: Attribute,
    order: tuple[ColumnElement[Any], ...],
    where: tuple[Condition, ...] = (),
    filters: Filters | None = None,
) -> Declared:
    """All rows that reference this one, in an order."""
    return declared(ToMany(model, by, order, where, filters or {}), description)


def connection(
    model: Model,
    description: str | None = None,
    *,
    order: Order,
    by: Attribute | None = None,
    where: tuple[Condition, ...] = (),
    filters: Filters | None = None,
    filter_input: type | None = None,
    sorts: Sorts | None = None,
    bounded_count: bool = False,
) -> Declared:
    """A paged list of the rows that reference this one; of all rows without `by`."""
    paged = Paged(model, order, by, where, filters or {}, filter_input, sorts or {}, bounded_count)
    return declared(paged, description)


def ancestors(parent: Attribute, description: str | None = None) -> Declared:
    """All ancestors, nearest first."""
    return declared(Ancestors(parent), description)


def descendant_count(parent: Attribute, description: str | None = None) -> Declared:
    """The number of descendants at any depth."""
    return declared(DescendantCount(parent), description)


def lookup(
    model: Model,
    description: str | None = None,
    *,
    keys: tuple[tuple[str, ...], ...] | None = None,
    **filters: Filter,
) -> Declared:
    """The row that matches the arguments; the only row of its table without arguments.

    Each argument identifies a row, unless `keys` are the sets of arguments that do.
    """
    alone = tuple((name,) for name in filters)
    return declared(Lookup(model, filters, alone if keys is None else keys), description)


def primary_key(model: Model) -> Attribute:
    """The primary key of a model, which is always the column `id`."""
    return model.id  # type: ignore[attr-defined,no-any-return]


def declared(declaration: Declaration, description: str | None = None) -> Declared:
    """The Strawberry field for a declaration."""
    return DeclaredField(description=description, metadata={"declaration": declaration})
