"""Rows of a program as a table that SQL statements can join, in one JSON parameter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import orjson
from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Dialect,
    Insert,
    String,
    Subquery,
    cast,
    column,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from tenure.kernel.money import millionths

RowsParameter: TypeAlias = BindParameter[str]


def rows_as_table(
    session: AsyncSession,
    name: str,
    columns: Mapping[str, TypeEngine[Any]],
    rows: Sequence[Mapping[str, object]],
) -> Subquery:
    """A table of `rows` that statements can join, in one parameter. A missing value is null."""
    dialect = session.get_bind().dialect
    return parameter_as_table(
        dialect, name, columns, literal(rows_parameter(dialect, rows), String())
    )


def parameter_as_table(
    dialect: Dialect, name: str, columns: Mapping[str, TypeEngine[Any]], parameter: RowsParameter
) -> Subquery:
    """A table of the rows in `parameter`, for statements that are built once.

    They are executed with `rows_parameter` as the value of `parameter`.
    """
    sqlite = dialect.name == "sqlite"
    if sqlite:
        element = func.json_each(parameter).table_valued("value", name="each_row")
        cells: list[ColumnElement[Any]] = [
            func.json_extract(element.c.value, f"$.{key}") for key in columns
        ]
    else:
        typed = [column(key, kind.dialect_impl(dialect)) for key, kind in columns.items()]
        records = func.json_to_recordset(cast(parameter, JSON())).table_valued(
            *typed, name="each_row"
        )
        cells = list(records.render_derived(with_types=True).c)
    named = (
        type_coerce(cell, kind).label(key)
        for cell, (key, kind) in zip(cells, columns.items(), strict=True)
    )
    table = select(*named)
    # The limit makes SQLite materialize and index the subquery. Without it SQLite parses the JSON
    # again for each joined row.
    return (table.limit(-1) if sqlite else table).subquery(name)


def insert_of_rows(
    dialect: Dialect, into: Insert, columns: Sequence[str], parameter: RowsParameter
) -> Insert:
    """INSERT … SELECT of the rows in `parameter` into these columns. A missing value is null."""
    types = {name: into.table.c[name].type for name in columns}
    rows = parameter_as_table(dialect, "new_row", types, parameter)
    return into.from_select(list(columns), select(*rows.c), include_defaults=False)


def rows_parameter(dialect: Dialect, rows: Sequence[Mapping[str, object]]) -> str:
    """The rows as JSON, with each value in the form that the database stores."""

    def json_value(value: object) -> object:
        if isinstance(value, Decimal):
            return millionths(value)
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{type(value).__name__} has no form in JSON.")

    present = [{key: value for key, value in row.items() if value is not None} for row in rows]
    # PostgreSQL parses dates and times in the format of orjson.
    option = orjson.OPT_PASSTHROUGH_DATETIME if dialect.name == "sqlite" else None
    try:
        return orjson.dumps(present, default=json_value, option=option).decode()
    except orjson.JSONEncodeError as fault:
        # orjson hides what `json_value` raises, for example for an amount that is too large.
        raise fault.__cause__ or fault from None
