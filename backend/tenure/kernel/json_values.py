"""SQL functions that build the JSON values of a column, compiled for each dialect.

Those of `json_text` write text for answers.
"""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class json_object(FunctionElement[Any]):  # noqa: N801 - used like an SQL function
    """A JSON object of alternating keys and values."""

    type = JSON().with_variant(JSONB(), "postgresql")
    inherit_cache = True


@compiles(json_object, "postgresql")
def _jsonb_object(element: json_object, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_build_object({compiler.process(element.clauses, **options)})"


@compiles(json_object, "sqlite")
def _json_object(element: json_object, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **options)})"


class boolean_in_json(FunctionElement[Any]):  # noqa: N801 - used like an SQL function
    """A boolean as a value of `json_object`, which would write those of SQLite as 0 and 1."""

    type = JSON()
    inherit_cache = True


@compiles(boolean_in_json, "postgresql")
def _boolean(element: boolean_in_json, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(boolean_in_json, "sqlite")
def _json_of_boolean(element: boolean_in_json, compiler: SQLCompiler, **options: Any) -> str:
    value = compiler.process(element.clauses, **options)
    return f"json(CASE WHEN {value} THEN 'true' ELSE 'false' END)"
