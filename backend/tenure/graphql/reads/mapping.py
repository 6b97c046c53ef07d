"""Declarations that map the fields of GraphQL types to the database.

Each object type names its model, and each field declares what it is: a column, an expression, a
relation to one or to many, or a paged list. Resolvers are derived from the declarations
(fields.py), and queries are compiled from them. `MAPPINGS` lists them by the name of the type.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Date, Select, bindparam
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from tenure.kernel.actor import Role
from tenure.kernel.candidates import Candidates
from tenure.kernel.db import Base
from tenure.kernel.pages import Order

Attribute: TypeAlias = InstrumentedAttribute[Any]
Model: TypeAlias = type[Base]
# A detached instance of the model of a type: the source value of its fields.
Row: TypeAlias = Any
Condition: TypeAlias = ColumnElement[bool]
# The current business date in a statement. The loader that executes the statement binds it.
TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """The condition for the value of one argument, or of one field of a filter input.

    `kind` and `description` are those of a separate argument; a filter input declares them itself.
    `uses_today` is true if the condition contains TODAY. The value is a global id if `references`
    names the type of the object. `operand` is set if all values have the same condition but for one
    operand: it makes the operand of a value, which `condition` takes instead of the value.
    `candidates` is set if few rows of a large table may match (`compiled/candidates.py`).
    """

    condition: Callable[[Any], Condition]
    kind: object = None
    uses_today: bool = False
    references: str | None = None
    description: str | None = None
    operand: Callable[[Any], object] | None = None
    candidates: Callable[[Any], Candidates | None] | None = None

    def condition_for(self, value: object) -> Condition:
        """The condition for a value."""
        return self.condition(value if self.operand is None else self.operand(value))


Filters: TypeAlias = Mapping[str, Filter]
# The order of each enum value of the argument `sort`.
Sorts: TypeAlias = Mapping[Any, Order]
SelectedFilters: TypeAlias = tuple[tuple[str, Hashable], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The value of one column."""

    attribute: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class GlobalId:
    """The global id: the name of the type and the primary key."""


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A value computed from columns of the same row, in Python and, where possible, in SQL."""

    python: Callable[[Row], object]
    sql: ColumnElement[Any] | None = None
    columns: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MoneyOf:
    """An amount with its currency. Null if the amount is null."""

    amount: Attribute
    currency: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A value that `sql`, an expression correlated to the table of the row, computes for a row.

    With `currency` it is an amount. If column `stored_if` of the row is not null, the value is in
    its column `stored` instead. `uses_today` is true if `sql` contains TODAY.
    """

    sql: ColumnElement[Any]
    currency: Attribute | None = None
    stored: Attribute | None = None
    stored_if: Attribute | None = None
    uses_today: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HoldsOf:
    """The holds of two bit masks; holds with effect CLOSED first."""

    inactive: Attribute
    closed: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class ToOne:
    """The row of `model` whose column `to` equals column `by` of this row.

    Null if column `while_null` of this row is not null.
    """

    model: Model
    by: Attribute
    to: Attribute
    where: tuple[Condition, ...] = ()
    while_null: Attribute | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FirstPresent:
    """The first relation whose key is not null. For fields of an interface type."""

    options: tuple[ToOne, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ToMany:
    """All rows of `model` whose column `by` references this row, in an order."""

    model: Model
    by: Attribute
    order: tuple[ColumnElement[Any], ...]
    where: tuple[Condition, ...] = ()
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Paged:
    """A Relay connection to rows of `model` whose column `by` references this row.

    Without `by` it lists all rows. `bounded_count` counts them up to MAX_COUNT. Filters are
    arguments, or fields of `filter` with `filter_input`, its type. `sorts` adds `sort`.
    """

    model: Model
    order: Order
    by: Attribute | None = None
    where: tuple[Condition, ...] = ()
    filters: Filters = field(default_factory=dict)
    filter_input: type | None = None
    sorts: Sorts = field(default_factory=dict)
    bounded_count: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Ancestors:
    """The rows from the one that `parent` references up to the root, nearest first."""

    parent: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class DescendantCount:
    """The number of rows that reference this one in `parent`, directly or indirectly."""

    parent: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """A root field: the row that matches all provided arguments.

    `keys` are the sets of arguments that identify a row. All arguments of one of them are required,
    unless no filter is declared.
    """

    model: Model
    filters: Filters = field(default_factory=dict)
    keys: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RowsAbout:
    """A root field: the rows of `model` that `rows` selects about an object, in its order.

    Argument `about` is the id of the object, which has one of `types`. `rows` takes the type, the
    key and the other argument as parameters. `found` selects a row if there is such an object;
    otherwise the answer is an error. A resolver function of the field is the reference.
    """

    model: Model
    about: str
    types: tuple[str, ...]
    argument: str
    kind: TypeEngine[Any]
    found: Callable[[str, ColumnElement[int]], Select[Any]]
    rows: Callable[[str, ColumnElement[int], ColumnElement[Any]], Select[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class CountsByDay:
    """A root field: how many rows there are on each business date from `from`, before `to`.

    `counts` takes the starts of the days, the end of the last one, and conditions. It selects the
    place of each day that has rows, and a number for each of `members`. `kind` is the type of a
    start. A resolver function of the field is the reference.
    """

    counts: Callable[[Sequence[ColumnElement[Any]], Sequence[Condition]], Select[Any]]
    members: Sequence[str]
    kind: TypeEngine[Any]
    max_days: int
    filters: Filters


Declaration: TypeAlias = (
    Column
    | GlobalId
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
    | RowsAbout
    | CountsByDay
)


@dataclass(frozen=True, slots=True)
class MappedType:
    """A GraphQL object type: name, model (None for the root type), and fields by Python name.

    `role` is required to read its rows.
    """

    name: str
    model: Model | None
    fields: Mapping[str, Declaration]
    role: Role = Role.VIEWER


# The largest number of values in a filter. Each value is a parameter of the statement.
MAX_FILTER_VALUES = 100
VALUE_LIMIT = f"At most {MAX_FILTER_VALUES} values."

FILTER = "Conditions, all of which an item must meet. Default: all items."
SORT = "The order of the items."

# The arguments of every connection, with their types and descriptions.
PAGING = {
    "first": (int | None, "Number of items from the start. Default: 25. Maximum: 100."),
    "after": (str | None, "Return items after this cursor."),
    "last": (
        int | None,
        "Number of items from the end. Cannot be combined with `first`. Maximum: 100.",
    ),
    "before": (str | None, "Return items before this cursor."),
}

MAPPINGS: dict[str, MappedType] = {}
TYPE_NAMES: dict[type, str] = {}


def register(mapped: MappedType) -> None:
    """Register a type. A model belongs to one type only, so that a row determines its type."""
    MAPPINGS[mapped.name] = mapped
    if mapped.model is not None:
        if mapped.model in TYPE_NAMES:
            raise ValueError(
                f"{mapped.model.__name__} is already the model of {TYPE_NAMES[mapped.model]}."
            )
        TYPE_NAMES[mapped.model] = mapped.name


def required_role(declaration: Declaration | None) -> Role:
    """The role that is required to read the rows of a declaration."""
    match declaration:
        case ToOne() | ToMany() | Paged() | Lookup() | RowsAbout():
            return MAPPINGS[TYPE_NAMES[declaration.model]].role
        case FirstPresent(options=options):
            return highest(required_role(option) for option in options)
    return Role.VIEWER


def highest(roles: Iterable[Role]) -> Role:
    """The highest of some roles; VIEWER if there is none."""
    return max(roles, key=list(Role).index, default=Role.VIEWER)
