"""SQL functions that write values as JSON text, for answers that the database writes as a whole.

Each writes what orjson writes for the same value. The result is null where the value is null.
PostgreSQL has a function for each form; on SQLite some are Python functions of the connection
(`sqlite_functions`).
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeAlias

import orjson
from sqlalchemy import ColumnElement, Text, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tenure.kernel.money import decimal_text
from tenure.kernel.sums import exact_decimal

# A value of SQLite.
Cell: TypeAlias = str | int | float | bytes | None
Part: TypeAlias = str | ColumnElement[Any]

# The largest number of arguments of a function of PostgreSQL is 100.
MAX_ARGUMENTS = 90
# SQLite refuses an expression of more than 1,000 levels, and each `||` is one.
MAX_CHAIN = 50


class _JsonText(FunctionElement[str]):
    type = Text()
    inherit_cache = True


class joined(_JsonText):  # noqa: N801 - used like an SQL function
    """The concatenation of texts that are not null."""


class chained(_JsonText):  # noqa: N801
    """The concatenation of texts; null if one of them is null."""


class json_string(_JsonText):  # noqa: N801
    """A text in quotes, escaped."""


class json_plain_string(_JsonText):  # noqa: N801
    """A text without characters that JSON escapes, in quotes."""


class json_boolean(_JsonText):  # noqa: N801
    """True or false."""


class json_integer(_JsonText):  # noqa: N801
    """An integer."""


class plain_text(_JsonText):  # noqa: N801
    """A text without characters that JSON escapes, without quotes."""


class decimal_digits(_JsonText):  # noqa: N801
    """A number of millionths as a decimal, without quotes and trailing zeros."""


class json_millionths(_JsonText):  # noqa: N801
    """A number of millionths as a decimal in quotes, without trailing zeros."""


class json_instant(_JsonText):  # noqa: N801
    """A point in time in quotes: RFC 3339 in UTC, with microseconds unless they are zero."""

    zone: ClassVar[str] = "Z"


class json_cursor_instant(json_instant):  # noqa: N801
    """A point in time in quotes, as `datetime.isoformat` writes it."""

    zone: ClassVar[str] = "+00:00"
    inherit_cache = True


class json_date(_JsonText):  # noqa: N801
    """A date in quotes."""


class json_document(_JsonText):  # noqa: N801
    """A JSON column, without spaces between its tokens."""


class base64_text(_JsonText):  # noqa: N801
    """The base64 form of a text, without quotes."""


class base64_url_text(_JsonText):  # noqa: N801
    """The base64 form of a text for addresses, in quotes."""


class joined_rows(_JsonText):  # noqa: N801
    """The texts of all rows with a comma between them; null without rows. Nulls are left out."""


class joined_statement(_JsonText):  # noqa: N801
    """The texts of the rows of a statement, in its order, with a comma between them.

    Only for PostgreSQL, which executes it in less time than an aggregate over a subquery.
    """


class joined_first(_JsonText):  # noqa: N801
    """The texts of the first rows of a subquery, so many, with a comma between them.

    Only for PostgreSQL.
    """


class value_of_row(FunctionElement[Any]):  # noqa: N801
    """The value of a column in one row of a subquery; null without that row. Rows begin with 1.

    Only for PostgreSQL.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], place: ColumnElement[int]) -> None:
        super().__init__(column, place)
        self.type = column.type


def constant(text: str) -> ColumnElement[str]:
    """A text as a literal of the statement."""
    quoted = text.replace("'", "''")
    return literal_column(f"'{quoted}'", Text())


def json_list(text: ColumnElement[str]) -> list[Part]:
    """The list of a text of all rows that a statement aggregates. Nulls are left out."""
    return ["[", func.coalesce(joined_rows(text), constant("")), "]"]


def join(parts: Iterable[Part]) -> ColumnElement[str]:
    """The concatenation of constant texts and expressions that are not null."""
    return _combined(joined, parts)


def chain(parts: Iterable[Part]) -> ColumnElement[str]:
    """The concatenation of constant texts and expressions; null if one of them is null."""
    return _combined(chained, parts)


def _combined(function: type[_JsonText], parts: Iterable[Part]) -> ColumnElement[str]:
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "" or not isinstance(part, str):
            merged.append(part)
    elements = [constant(part) if isinstance(part, str) else part for part in merged]
    return elements[0] if len(elements) == 1 else function(*elements)


def _argument(element: FunctionElement[Any], compiler: SQLCompiler, options: Any) -> str:
    [argument] = element.clauses
    return compiler.process(argument, **options)


def _nested(texts: Sequence[str], size: int, combine: Callable[[Sequence[str]], str]) -> str:
    while len(texts) > size:
        texts = [combine(texts[start : start + size]) for start in range(0, len(texts), size)]
    return combine(texts)


@compiles(joined, "postgresql")
def _concat(element: joined, compiler: SQLCompiler, **options: Any) -> str:
    texts = [compiler.process(part, **options) for part in element.clauses]
    return _nested(texts, MAX_ARGUMENTS, lambda some: f"concat({', '.join(some)})")


@compiles(joined, "sqlite")
@compiles(chained)
def _chain(element: FunctionElement[str], compiler: SQLCompiler, **options: Any) -> str:
    texts = [compiler.process(part, **options) for part in element.clauses]
    return _nested(texts, MAX_CHAIN, lambda some: f"({' || '.join(some)})")


@compiles(joined_statement, "postgresql")
def _joined_statement(element: joined_statement, compiler: SQLCompiler, **options: Any) -> str:
    # The statement has parentheses.
    return f"array_to_string(ARRAY{_argument(element, compiler, options)}, ',')"


@compiles(joined_first, "postgresql")
def _joined_first(element: joined_first, compiler: SQLCompiler, **options: Any) -> str:
    text, count = (compiler.process(part, **options) for part in element.clauses)
    return f"array_to_string((array_agg({text}))[1:{count}], ',')"


@compiles(value_of_row, "postgresql")
def _value_of_row(element: value_of_row, compiler: SQLCompiler, **options: Any) -> str:
    column, place = (compiler.process(part, **options) for part in element.clauses)
    return f"(array_agg({column}))[{place}]"


def _register(function: type[_JsonText], postgresql: str, sqlite: str) -> None:
    """Compile a function of one argument by a pattern for each database."""
    for dialect, pattern in (("postgresql", postgresql), ("sqlite", sqlite)):

        def compiled(
            element: FunctionElement[Any],
            compiler: SQLCompiler,
            pattern: str = pattern,
            **options: Any,
        ) -> str:
            return pattern.replace("%", _argument(element, compiler, options))

        compiles(function, dialect)(compiled)


def _instants(zone: str) -> tuple[str, str]:
    seconds = r"""'\"YYYY-MM-DD"T"HH24:MI:SS"""
    # The zone as an interval takes a quarter of the time of its name.
    utc = "timezone('0'::interval, %)"
    postgresql = (
        f"to_char({utc}, CASE WHEN % = (%)::timestamptz(0) "
        rf"""THEN {seconds}"{zone}"\"' ELSE {seconds}.US"{zone}"\"' END)"""
    )
    fraction = "CASE WHEN substr(%, 20) IN ('', '.000000') THEN '' ELSE substr(%, 20) END"
    sqlite = f"""('"' || substr(%, 1, 10) || 'T' || substr(%, 12, 8) || {fraction} || '{zone}"')"""
    return postgresql, sqlite


TOKENS = r"""'("(?:[^"\\]|\\.)*")|\s+', '\1', 'g'"""
# json_quote turns null into a text.
_register(json_string, "to_json((%)::text)::text", "nullif(json_quote(%), 'null')")
_register(json_plain_string, """('"' || (%) || '"')""", """('"' || (%) || '"')""")
_register(
    json_boolean,
    "CASE WHEN % THEN 'true' WHEN NOT % THEN 'false' END",
    "CASE WHEN % THEN 'true' WHEN NOT % THEN 'false' END",
)
_register(json_integer, "(%)::text", "CAST(% AS TEXT)")
_register(plain_text, "(%)", "(%)")
_register(decimal_digits, "trim_scale((%) * 0.000001)", "tenure_millionths(%)")
_register(
    json_millionths,
    """('"' || trim_scale((%) * 0.000001) || '"')""",
    """('"' || tenure_millionths(%) || '"')""",
)
_register(json_instant, *_instants(json_instant.zone))
_register(json_cursor_instant, *_instants(json_cursor_instant.zone))
_register(json_date, "to_json(%)::text", """('"' || % || '"')""")
_register(json_document, f"regexp_replace((%)::text, {TOKENS})", "tenure_json(%)")
_register(
    base64_text,
    "encode(convert_to(%, 'UTF8'), 'base64')",
    "tenure_base64(%)",
)
_register(
    base64_url_text,
    """('"' || translate(encode(convert_to(%, 'UTF8'), 'base64'), E'+/\\n', '-_') || '"')""",
    "tenure_base64_url(%)",
)
_register(joined_rows, "string_agg(%, ',')", "group_concat(%, ',')")


def sqlite_functions() -> dict[str, Callable[[Cell], str | None]]:
    """The Python functions of a connection to SQLite, each of one argument, by their names."""

    def unless_null(function: Callable[[Any], str]) -> Callable[[Cell], str | None]:
        return lambda value: None if value is None else function(value)

    return {
        "tenure_millionths": unless_null(_millionths),
        "tenure_json": unless_null(lambda value: orjson.dumps(orjson.loads(value)).decode()),
        "tenure_base64": unless_null(lambda text: base64.b64encode(text.encode()).decode()),
        "tenure_base64_url": unless_null(
            lambda text: f'"{base64.urlsafe_b64encode(text.encode()).decode()}"'
        ),
    }


def _millionths(value: int | str) -> str:
    return decimal_text(exact_decimal(value))
