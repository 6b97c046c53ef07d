"""The statements that declarations stand for, for many source rows at once."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import aliased
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.reads.mapping import (
    MOST_VALUES,
    Ancestors,
    Chosen,
    Computed,
    DescendantCount,
    Filters,
    Lookup,
    Model,
    Paged,
    ToMany,
    ToOne,
)
from tenure.kernel.dialects import limited_per_key
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.pages import Order, PageRequest, bounded, sorting

Keys: TypeAlias = Sequence[int]
# The key of a list that is nobody's.
NOBODY = 0


def chosen(filters: Filters, given: Mapping[str, object]) -> Chosen:
    """The filters that were given a value, in a form that can be the key of a loader.

    Raises OUT_OF_RANGE for a list of more than MOST_VALUES values.
    """
    for name in filters:
        _check_size(name, given.get(name))
    values = ((name, given.get(name, UNSET)) for name in filters)
    return tuple(
        (name, _frozen(value))
        for name, value in values
        if value is not None and value is not UNSET and value != []
    )


def conditions(filters: Filters, given: Mapping[str, object]) -> list[ColumnElement[bool]]:
    """What the filters that were given a value narrow a list to."""
    return _conditions(filters, chosen(filters, given))


def to_one(relation: ToOne, keys: Keys) -> Select[Any]:
    """Rows of a relation to one."""
    return select(relation.model).where(relation.to.in_(keys), *relation.where)


def to_many(relation: ToMany, selected: Chosen, keys: Keys) -> Select[Any]:
    """Rows of a relation to many, each source's in order."""
    rows = select(relation.model).where(relation.by.in_(keys), *relation.where)
    return rows.where(*_conditions(relation.filters, selected)).order_by(*relation.order)


def page(
    relation: Paged,
    selected: Chosen,
    order: Order,
    request: PageRequest,
    keys: Keys,
    *,
    sqlite: bool,
) -> Select[Any]:
    """Up to one row more than a page holds, for each source (for the only one where the list is nobody's)."""
    rows = select(relation.model).where(*relation.where, *_conditions(relation.filters, selected))
    rows = bounded(rows, order, request)
    if relation.by is None:
        return rows.order_by(*sorting(order, request)).limit(request.size + 1)
    return limited_per_key(rows, relation.by, keys, order=order, request=request, sqlite=sqlite)


def count(relation: Paged, selected: Chosen, keys: Keys) -> Select[Any, int]:
    """How long a list is: a row of key and count for each source that has any."""
    conditions = (*relation.where, *_conditions(relation.filters, selected))
    if relation.by is None:
        nobody: ColumnElement[Any] = literal(NOBODY)
        return select(nobody, func.count()).select_from(relation.model).where(*conditions)
    return (
        select(relation.by, func.count())
        .where(relation.by.in_(keys), *conditions)
        .group_by(relation.by)
    )


def computed(relation: Computed, model: Model, keys: Keys) -> Select[Any, Any]:
    """Rows of key and value, for each source."""
    identity = model.id  # type: ignore[attr-defined]
    return select(identity, relation.sql).where(identity.in_(keys))


def lookup(relation: Lookup, selected: Chosen) -> Select[Any]:
    """The row that a root field asks for."""
    return select(relation.model).where(*_conditions(relation.filters, selected)).limit(1)


def ancestors(relation: Ancestors, keys: Keys) -> Select[Any]:
    """Rows of start (what a row has in `parent`) and row, nearest first."""
    model, parent = relation.parent.class_, relation.parent
    start = select(
        model.id.label("start"),
        model.id.label("id"),
        parent.label("parent"),
        literal(0).label("height"),
    )
    up = start.where(model.id.in_(keys)).cte("up", recursive=True)
    above = aliased(model)
    step = select(up.c.start, above.id, getattr(above, parent.key), up.c.height + 1)
    up = up.union_all(step.join(up, above.id == up.c.parent))
    return select(up.c.start, model).join(up, up.c.id == model.id).order_by(up.c.start, up.c.height)


def descendant_count(relation: DescendantCount, keys: Keys) -> Select[Any, int]:
    """Rows of key and count, for each source that has anything below it."""
    model, parent = relation.parent.class_, relation.parent
    start = select(parent.label("top"), model.id.label("id")).where(parent.in_(keys))
    below = start.cte("below", recursive=True)
    under = aliased(model)
    below = below.union_all(
        select(below.c.top, under.id).join(below, getattr(under, parent.key) == below.c.id)
    )
    return select(below.c.top, func.count()).group_by(below.c.top)


def is_of_today(filters: Filters, selected: Chosen) -> bool:
    """True where TODAY is in what was chosen."""
    return any(filters[name].of_today for name, _ in selected)


def _conditions(filters: Filters, selected: Chosen) -> list[Any]:
    return [filters[name].condition(value) for name, value in selected]


def _check_size(name: str, value: object) -> None:
    if isinstance(value, list) and len(value) > MOST_VALUES:
        message = f"{to_camel_case(name)}: give at most {MOST_VALUES} values."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (name,))


def _frozen(value: object) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
