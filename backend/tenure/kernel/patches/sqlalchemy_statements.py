"""Private attributes of SQLAlchemy that compiled reads need.

- `ClauseElement._generate_cache_key`: equal for two conditions that differ in their values only,
  with the bind parameters in order. Can go when SQLAlchemy has a public cache key.
- `Select._limit_clause`: whether a statement has a limit. Can go when it is public.
- `SQLCompiler._bind_processors`: convert the parameters of a statement that is executed without
  SQLAlchemy. Can go when compiled reads are executed by SQLAlchemy.

`tests/kernel/test_patches.py` fails if they change.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Compiled, Select


def cache_key(
    element: ClauseElement,
) -> tuple[tuple[object, ...], Sequence[BindParameter[Any]]] | None:
    """The cache key of an element and its bind parameters; None if it cannot be cached."""
    key = element._generate_cache_key()
    return None if key is None else (key.key, key.bindparams)


def has_limit(statement: Select[*tuple[object, ...]]) -> bool:
    """True if the statement has a limit."""
    return statement._limit_clause is not None


def bind_processors(compiled: Compiled) -> Mapping[str, Callable[[object], object]]:
    """The functions that convert the parameters of a compiled statement, by their names."""
    return compiled._bind_processors  # type: ignore[attr-defined, no-any-return]
