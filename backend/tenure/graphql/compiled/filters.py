"""The condition of a filter, with its values as parameters or written into the statement."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Enum, Select, bindparam, literal_column
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseList
from sqlalchemy.sql.visitors import replacement_traverse

from tenure.graphql.compiled.selections import NotCompiledError
from tenure.graphql.reads.mapping import TODAY, Filter
from tenure.kernel.patches.sqlalchemy_statements import cache_key

Parameters: TypeAlias = dict[str, Any]

# Conditions of filters that are kept for the next request with the same value.
KEPT_FILTERS = 1_000
LONGEST_KEPT = 100


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """The condition of a filter, its part of the shape, and the values of its parameters.

    `keys` are those of its candidates, `exact` those of the rows that match; `all_match` tells that
    they are the same.
    """

    shape: tuple[Hashable, ...]
    parameters: Parameters
    condition: ColumnElement[bool]
    keys: Select[Any] | None = None
    exact: Select[Any] | None = None

    @property
    def all_match(self) -> bool:
        """True if all candidates match."""
        return self.exact is self.keys


def read_filter(filter_: Filter, name: str, value: Hashable) -> ReadFilter:
    """The condition for a value. `name` begins the names of its parameters."""
    if filter_.operand is not None:
        operand = f"{name}_0"
        return ReadFilter((), {operand: filter_.operand(value)}, _compared(filter_, operand))
    is_long = isinstance(value, str) and len(value) > LONGEST_KEPT
    read = _read_filter.__wrapped__ if is_long else _read_filter
    found: ReadFilter = read(filter_, name, value)
    return found


@lru_cache(KEPT_FILTERS)
def _compared(filter_: Filter, operand: str) -> ColumnElement[bool]:
    """The condition for all values."""
    return filter_.condition(bindparam(operand, None))


@lru_cache(KEPT_FILTERS)
def _read_filter(filter_: Filter, name: str, value: Hashable) -> ReadFilter:
    """The condition for a value. Building it takes longer than binding it."""
    candidates = None if filter_.candidates is None else filter_.candidates(value)
    if candidates is None:
        return ReadFilter(*_named(filter_.condition_for(value), name))
    shape, parameters, condition = _named(candidates.condition, name)
    of_keys, more, keys = _named(candidates.keys, f"{name}_key")
    shape, parameters, exact = (*shape, *of_keys), parameters | more, keys
    if candidates.exact is not None:
        of_exact, more, exact = _named(candidates.exact, f"{name}_exact")
        shape, parameters = (*shape, *of_exact), parameters | more
    return ReadFilter(shape, parameters, condition, keys, exact)


def _named(element: Any, name: str) -> tuple[tuple[Hashable, ...], Parameters, Any]:
    """The shape, the values of the parameters, and the element with named parameters."""
    cached = cache_key(element)
    if cached is None:
        raise NotCompiledError("filter")
    key, binds = cached
    names = {
        id(bind): f"{name}_{index}" for index, bind in enumerate(binds) if bind.key != TODAY.key
    }
    shape: list[Hashable] = [key]
    parameters: Parameters = {}
    for bind in binds:
        if is_written(bind):
            shape.append(_written_values(bind))
        elif id(bind) in names:
            parameters |= bound_values(names[id(bind)], bind)
            shape.append(len(bind.effective_value or ()) if bind.expanding else 0)
    return tuple(shape), parameters, _renamed(element, names)


def is_written(bind: BindParameter[Any]) -> bool:
    """True for a list of members of an enum: they are written into the statement.

    PostgreSQL then knows how many rows have them, and plans the statement only once.
    """
    return bind.expanding and isinstance(bind.type, Enum) and bool(bind.effective_value)


def _written_values(bind: BindParameter[Any]) -> tuple[str, ...]:
    """The names of the members, each once and in order: few statements differ only in them."""
    return tuple(sorted({it.name for it in bind.effective_value or ()}))


def bound_values(name: str, bind: BindParameter[Any]) -> Parameters:
    """The value of a parameter; of a list also each value, as SQLAlchemy expands it."""
    values: Parameters = {name: bind.effective_value}
    if bind.expanding:
        for number, value in enumerate(bind.effective_value or (), 1):
            values[f"{name}_{number}"] = value
    return values


def _renamed(condition: Any, names: Mapping[int, str]) -> Any:
    """The condition with its anonymous parameters named, so that other values can be bound."""

    def replace(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or id(element) not in names:
            return None
        if is_written(element):
            members: list[ColumnElement[str]] = [
                literal_column(f"'{it}'") for it in _written_values(element)
            ]
            return ClauseList(*members).self_group(against=operators.in_op)
        return bindparam(
            names[id(element)],
            element.effective_value,
            type_=element.type,
            expanding=element.expanding,
        )

    return replacement_traverse(condition, {}, replace)
