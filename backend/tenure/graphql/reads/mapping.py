"""What the fields of the GraphQL types are in the database, declared once, as data.

Each object type names its model, and each of its fields says what it is: a column, an expression, a relation to one
or to many, a list that is paged. Resolvers follow from that (fields.py), and so can one SQL statement for a whole
operation: a declaration says all that a compiler needs. `MAPPINGS` lists them by the name of the GraphQL type.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Date, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from tenure.kernel.db import Base
from tenure.kernel.pages import Order

Attribute: TypeAlias = InstrumentedAttribute[Any]
Model: TypeAlias = type[Base]
# An instance of the model behind a type, detached from any session: the source value of its fields.
Row: TypeAlias = Any
Condition: TypeAlias = ColumnElement[bool]
# The business day that runs, in what hangs on it: whoever carries the statement out gives it.
TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """What the value of one argument (or of one field of a filter input) narrows a list to.

    `kind` is the argument's type where it is an argument of its own; a filter input says the type itself.
    `of_today` tells that TODAY is in the condition.
    """

    condition: Callable[[Any], Condition]
    kind: object = None
    of_today: bool = False


Filters: TypeAlias = Mapping[str, Filter]
# The argument `sort`: what each value of its enum means.
Sorts: TypeAlias = Mapping[Any, Order]
Chosen: TypeAlias = tuple[tuple[str, Hashable], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The value of one column."""

    attribute: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """The global id: the name of the type and the primary key."""


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A value worked out of columns of its own row: what it is in SQL (where it can be said), and in Python."""

    python: Callable[[Row], object]
    sql: ColumnElement[Any] | None = None
    columns: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MoneyOf:
    """An amount with its currency; null where the amount is."""

    amount: Attribute
    currency: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A value that the database works out for a row, of other rows too: `sql` is correlated to the row's table.

    With `currency` an amount. Once the row's column `once` is not null, its column `kept` has the value for good.
    `of_today` tells that TODAY is in it.
    """

    sql: ColumnElement[Any]
    currency: Attribute | None = None
    kept: Attribute | None = None
    once: Attribute | None = None
    of_today: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HoldsOf:
    """The holds in two bit masks, closing ones first."""

    inactive: Attribute
    closed: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class ToOne:
    """The row of `model` whose column `to` is what this row has in `by`. Null where `while_null` is not."""

    model: Model
    by: Attribute
    to: Attribute
    where: tuple[Condition, ...] = ()
    while_null: Attribute | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FirstPresent:
    """The first relation that leads anywhere: for fields of an interface type."""

    options: tuple[ToOne, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ToMany:
    """The rows of `model` whose column `by` names this row, all of them, in an order."""

    model: Model
    by: Attribute
    order: tuple[ColumnElement[Any], ...]
    where: tuple[Condition, ...] = ()
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Paged:
    """A Relay connection to rows of `model` whose column `by` names this row; to any rows where there is no `by`.

    Filters are arguments of their own, or the fields of the argument `filter` where `filter_input` names its type.
    With `sorts` there is an argument `sort`; `order` is what holds without it.
    """

    model: Model
    order: Order
    by: Attribute | None = None
    where: tuple[Condition, ...] = ()
    filters: Filters = field(default_factory=dict)
    filter_input: type | None = None
    sorts: Sorts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Ancestors:
    """The rows from the one that `parent` names up to the root, nearest first."""

    parent: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class DescendantCount:
    """How many rows name this one in `parent`, directly or through others."""

    parent: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """A root field: the row that all given arguments point at, of which one must be given where there are any."""

    model: Model
    filters: Filters = field(default_factory=dict)


Declaration: TypeAlias = (
    Column
    | Identity
    | Expression
    | MoneyOf
    | Computed
    | HoldsOf
    | ToOne
    | FirstPresent
    | ToMany
    | Paged
    | Ancestors
    | DescendantCount
    | Lookup
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A GraphQL object type: its name, its model (None for the root), and its declared fields by their Python names."""

    name: str
    model: Model | None
    fields: Mapping[str, Declaration]


# How many values a list narrows to at most: each of them is a parameter of the statement.
MOST_VALUES = 100
AT_MOST = f"At most {MOST_VALUES} values."

# The arguments of every list that is paged, with what they mean.
PAGING = {
    "first": (int | None, "How many from the start: 25 when left out, at most 100."),
    "after": (str | None, "Only what lies behind this cursor."),
    "last": (int | None, "How many from the end; not together with `first`."),
    "before": (str | None, "Only what lies before this cursor."),
}

MAPPINGS: dict[str, Mapped] = {}
NAMES: dict[type, str] = {}


def register(mapped: Mapped) -> None:
    """Enter a type. A model is behind one type only, so that a row tells its type."""
    MAPPINGS[mapped.name] = mapped
    if mapped.model is not None:
        if mapped.model in NAMES:
            raise ValueError(
                f"{mapped.model.__name__} is the model of {NAMES[mapped.model]} already."
            )
        NAMES[mapped.model] = mapped.name
