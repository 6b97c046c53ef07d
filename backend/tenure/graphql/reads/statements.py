"""SQL statements for declarations. Each reads the values of many source rows."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import aliased
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.reads.mapping import (
    MAX_FILTER_VALUES,
    Ancestors,
    Computed,
    DescendantCount,
    Filters,
    Lookup,
    Model,
    Paged,
    SelectedFilters,
    ToMany,
    ToOne,
)
from tenure.graphql.types.ids import check_type
from tenure.kernel.dialects import limited_per_key
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.pages import MAX_COUNT, Order, PageRequest, bounded, sorting

Keys: TypeAlias = Sequence[int]
# The key of a list without a source row.
NO_PARENT = 0


def selected_filters(filters: Filters, arguments: Mapping[str, object]) -> SelectedFilters:
    """The filters with a value, in a hashable form that can be the key of a loader.

    Raises OUT_OF_RANGE for a list of more than MAX_FILTER_VALUES values, and INVALID for the id of
    an object of another type.
    """
    selected: list[tuple[str, Hashable]] = []
    for name, filter_ in filters.items():
        value = arguments.get(name)
        if value is None or value is UNSET or value == []:
            continue
        check_size(name, value)
        if filter_.references is not None:
            check_type(value, name, filter_.references)
        selected.append((name, _hashable(value)))
    return tuple(selected)


def check_identified(relation: Lookup, names: Collection[str]) -> None:
    """Raises INVALID if these arguments do not identify a row."""
    if relation.filters and not any(set(key) <= set(names) for key in relation.keys):
        keys = " or ".join(" with ".join(key) for key in relation.keys)
        raise TenureError(ErrorCode.INVALID, f"Provide {keys}.")


def conditions(filters: Filters, arguments: Mapping[str, object]) -> list[ColumnElement[bool]]:
    """The conditions of the filters with a value."""
    return _conditions(filters, selected_filters(filters, arguments))


def to_one(relation: ToOne, keys: Keys) -> Select[Any]:
    """The rows of a relation to one."""
    return select(relation.model).where(relation.to.in_(keys), *relation.where)


def to_many(relation: ToMany, selected: SelectedFilters, keys: Keys) -> Select[Any]:
    """The rows of a relation to many, in order for each source row."""
    rows = select(relation.model).where(relation.by.in_(keys), *relation.where)
    return rows.where(*_conditions(relation.filters, selected)).order_by(*relation.order)


def page(
    relation: Paged,
    selected: SelectedFilters,
    keys: Keys,
    *,
    order: Order,
    request: PageRequest,
    sqlite: bool,
) -> Select[Any]:
    """One page of rows, plus one row, for each source row; once without source rows."""
    rows = select(relation.model).where(*relation.where, *_conditions(relation.filters, selected))
    rows = bounded(rows, order, request)
    if relation.by is None:
        return rows.order_by(*sorting(order, request)).limit(request.size + 1)
    return limited_per_key(rows, relation.by, keys, order=order, request=request, sqlite=sqlite)


def count(relation: Paged, selected: SelectedFilters, keys: Keys) -> Select[Any, int]:
    """The length of a list: rows of key and count, for each source row with a nonempty list.

    The rows of all accounts are counted up to MAX_COUNT if the declaration says so, or if a filter
    has candidates.
    """
    conditions = (*relation.where, *_conditions(relation.filters, selected))
    if relation.by is None:
        no_parent: ColumnElement[Any] = literal(NO_PARENT)
        rows = select(literal(1).label("one")).select_from(relation.model).where(*conditions)
        if relation.bounded_count or has_candidates(relation.filters, selected):
            rows = rows.limit(MAX_COUNT)
        return select(no_parent, func.count()).select_from(rows.subquery())
    return (
        select(relation.by, func.count())
        .where(relation.by.in_(keys), *conditions)
        .group_by(relation.by)
    )


def has_candidates(filters: Filters, selected: SelectedFilters) -> bool:
    """True if one of the filters has candidates for its value."""
    of_values = ((filters[name].candidates, value) for name, value in selected)
    return any(found is not None and found(value) is not None for found, value in of_values)


def computed(relation: Computed, model: Model, keys: Keys) -> Select[Any, Any]:
    """Rows of key and value, for each source row."""
    identity = model.id  # type: ignore[attr-defined]
    return select(identity, relation.sql).where(identity.in_(keys))


def lookup(relation: Lookup, selected: SelectedFilters) -> Select[Any]:
    """The row of a lookup."""
    return select(relation.model).where(*_conditions(relation.filters, selected)).limit(1)


def ancestors(relation: Ancestors, keys: Keys) -> Select[Any]:
    """Rows of start (the value in `parent`) and ancestor, nearest first."""
    model = relation.parent.class_
    parent = relation.parent
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
    """Rows of key and count, for each source row with descendants."""
    model = relation.parent.class_
    parent = relation.parent
    start = select(parent.label("top"), model.id.label("id")).where(parent.in_(keys))
    below = start.cte("below", recursive=True)
    under = aliased(model)
    below = below.union_all(
        select(below.c.top, under.id).join(below, getattr(under, parent.key) == below.c.id)
    )
    return select(below.c.top, func.count()).group_by(below.c.top)


def uses_today(filters: Filters, selected: SelectedFilters) -> bool:
    """True if a selected filter contains TODAY."""
    return any(filters[name].uses_today for name, _ in selected)


def _conditions(filters: Filters, selected: SelectedFilters) -> list[Any]:
    return [filters[name].condition_for(value) for name, value in selected]


def check_size(name: str, value: object) -> None:
    """Raises OUT_OF_RANGE for a list of more than MAX_FILTER_VALUES values."""
    if isinstance(value, list) and len(value) > MAX_FILTER_VALUES:
        message = f"{to_camel_case(name)}: provide at most {MAX_FILTER_VALUES} values."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (name,))


def checked_days(first: date, end: date, *, at_most: int) -> list[date]:
    """The days from `first` until before `end`. Raises OUT_OF_RANGE for too many."""
    if not (date.min < first <= end < date.max and (end - first).days <= at_most):
        message = f"Provide a date from `from` to at most {at_most} days after it."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("to",))
    return [first + timedelta(days=offset) for offset in range((end - first).days)]


def _hashable(value: object) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
