"""Private attributes of SQLAlchemy that statements need which it does not execute.

- `ClauseElement._generate_cache_key`: equal for two conditions that differ in their values only,
  with the bind parameters in order. Can go when SQLAlchemy has a public cache key.
- `Select._limit_clause`: whether a statement has a limit. Can go when it is public.
- `SQLCompiler._bind_processors` and `_result_columns`: convert the parameters and the rows of a
  statement that is executed without SQLAlchemy. Can go when `Connection.execute` takes little more
  time than the driver.
- `SQLCompiler.insert_prefetch` and `update_prefetch`: defaults that SQLAlchemy computes when it
  executes. As above.
- `Connection.dispatch`: the listeners to the statements of a connection. As above.
- `AsyncAdapt_asyncpg_connection._transaction` and `_start_transaction`: SQLAlchemy begins the
  transaction of a connection with its first statement. As above.

`tests/kernel/test_patches.py` and `test_statements.py` fail if they change.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Compiled, Connection, Dialect, Select
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault


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


def result_columns(compiled: SQLCompiler, dialect: Dialect) -> SimpleResultMetaData:
    """The names of the columns of a compiled statement, and how their values are converted."""
    columns = compiled._result_columns or ()
    processors = [it.type.dialect_impl(dialect).result_processor(dialect, None) for it in columns]
    return SimpleResultMetaData(
        [it.keyname for it in columns], _processors=processors if any(processors) else None
    )


def default_values(compiled: SQLCompiler) -> dict[str, object]:
    """The defaults of columns that SQLAlchemy passes as parameters, by parameter.

    Raises ValueError for a default that is computed for each execution.
    """
    columns = [*compiled.insert_prefetch, *compiled.update_prefetch]
    defaults = {
        it.key: it.default for it in columns if isinstance(it.default, ScalarElementColumnDefault)
    }
    if len(defaults) < len(columns):
        raise ValueError(f"Pass the defaults as values: {compiled}")
    return {name: default.arg for name, default in defaults.items()}


async def start_transaction(connection: AsyncConnection) -> None:
    """Begin the transaction of a connection to PostgreSQL, unless a statement has begun it.

    Raises the fault of the driver.
    """
    assert connection.sync_connection is not None
    adapted: Any = connection.sync_connection.connection.dbapi_connection
    if adapted._transaction is not None:
        return
    try:
        await adapted._start_transaction()
    except connection.dialect.loaded_dbapi.Error as fault:
        raise fault.__cause__ or fault from None


def notify_before(connection: Connection, sql: str, parameters: tuple[object, ...]) -> None:
    """Call the listeners to `before_cursor_execute`, which may raise."""
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, None, sql, parameters, None, False)


def notify_after(connection: Connection, sql: str, parameters: tuple[object, ...]) -> None:
    """Call the listeners to `after_cursor_execute`."""
    for listener in connection.dispatch.after_cursor_execute:
        listener(connection, None, sql, parameters, None, False)
