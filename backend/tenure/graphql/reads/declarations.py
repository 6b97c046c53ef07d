"""The words in which types declare their fields: `name: str = column(models.Account.name)`."""

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
    HoldsOf,
    Identity,
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

# What stands behind `=` in a type is the field itself; what it yields is said by the annotation before it.
Declared: TypeAlias = Any
Attribute: TypeAlias = InstrumentedAttribute[Any]
Value = TypeVar("Value")


def column(attribute: InstrumentedAttribute[Value], description: str | None = None) -> Value:
    """The value of a column; mypy holds its type against the annotation."""
    return declared(Column(attribute), description)  # type: ignore[no-any-return]


def identity(description: str | None = None) -> Declared:
    """The global id."""
    return declared(Identity(), description)


def expression(
    python: Callable[[Row], Value],
    description: str | None = None,
    *,
    sql: ColumnElement[Any] | None = None,
) -> Value:
    """What `python` makes of the row, and `sql` of its columns."""
    return declared(Expression(python, sql), description)  # type: ignore[no-any-return]


def money(amount: Attribute, currency: Attribute, description: str | None = None) -> Declared:
    """An amount with its currency."""
    return declared(MoneyOf(amount, currency), description)


def computed(
    sql: ColumnElement[Any],
    description: str | None = None,
    *,
    currency: Attribute | None = None,
    kept: Attribute | None = None,
    once: Attribute | None = None,
    of_today: bool = False,
) -> Declared:
    """What the database makes of this row and others; once `once` is not null, what the column `kept` has."""
    return declared(Computed(sql, currency, kept, once, of_today), description)


def holds(model: type[Held], description: str | None = None) -> Declared:
    """The holds on what can be held."""
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
    """The row that `by` names, by its primary key where `to` names no other column."""
    return declared(relation(model, by=by, to=to, where=where, while_null=while_null), description)


def relation(
    model: Model,
    *,
    by: Attribute,
    to: Attribute | None = None,
    where: tuple[Condition, ...] = (),
    while_null: Attribute | None = None,
) -> ToOne:
    """A relation to one that is not a field of its own: for `first_of`."""
    return ToOne(model, by, primary_key(model) if to is None else to, where, while_null)


def first_of(*options: ToOne, description: str | None = None) -> Declared:
    """The first relation that leads anywhere."""
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
    """All rows that name this one, in an order."""
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
) -> Declared:
    """A page of the rows that name this one; of all rows where there is no `by`."""
    return declared(
        Paged(model, order, by, where, filters or {}, filter_input, sorts or {}), description
    )


def ancestors(parent: Attribute, description: str | None = None) -> Declared:
    """Everything above, nearest first."""
    return declared(Ancestors(parent), description)


def descendant_count(parent: Attribute, description: str | None = None) -> Declared:
    """How many are below, at any depth."""
    return declared(DescendantCount(parent), description)


def lookup(model: Model, description: str | None = None, **filters: Filter) -> Declared:
    """The row that the arguments point at; the only row of its table where there are none."""
    return declared(Lookup(model, filters), description)


def primary_key(model: Model) -> Attribute:
    """Every table of ours has one column `id`."""
    return model.id  # type: ignore[attr-defined,no-any-return]


def declared(declaration: Declaration, description: str | None = None) -> Declared:
    """The field of a declaration."""
    return DeclaredField(description=description, metadata={"declaration": declaration})
