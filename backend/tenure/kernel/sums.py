"""Exact sums of money for reads, even outside the range of 64 bits.

Sums that are stored stay in that range or are refused (`money.TooLargeError`).
"""

from decimal import Decimal, localcontext
from typing import Any

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from tenure.kernel.money import MILLION

# SQLite reads a sum in two parts: millions of the currency, and millionths.
PART = MILLION * MILLION


class ExactSum(TypeDecorator[Decimal]):
    """An exact sum: an integer number of millionths, or its two parts as text."""

    impl = BigInteger
    cache_ok = True

    def process_result_value(
        self, value: int | str | Decimal | None, dialect: Dialect
    ) -> Decimal | None:
        """Millionths to Decimal."""
        return None if value is None else exact_decimal(value)


def exact_decimal(value: int | str | Decimal) -> Decimal:
    """The amount of an exact sum as the database returns it."""
    with localcontext(prec=60):
        if isinstance(value, str):
            millions, rest = value.split(":")
            return Decimal(int(millions) * PART + int(rest)) / MILLION
        return Decimal(value) / MILLION


def exact_text(text: str) -> Decimal:
    """The amount of an exact sum that the database has written as text."""
    return exact_decimal(text if ":" in text else int(text))


class exact_sum(FunctionElement[Decimal]):  # noqa: N801 - it reads as an SQL function
    """The sum of a column of Millionths; zero without rows."""

    type = ExactSum()
    inherit_cache = True


class exact_parts(FunctionElement[Decimal]):  # noqa: N801 - it reads as an SQL function
    """An amount that is stored in two columns: millions of the currency, and millionths."""

    type = ExactSum()
    inherit_cache = True


@compiles(exact_sum, "postgresql")
def _numeric_sum(element: exact_sum, compiler: SQLCompiler, **more: Any) -> str:
    return f"coalesce(sum({compiler.process(element.clauses, **more)}), 0)"


@compiles(exact_sum, "sqlite")
def _sum_of_parts(element: exact_sum, compiler: SQLCompiler, **more: Any) -> str:
    amount = f"({compiler.process(element.clauses, **more)})"
    return f"coalesce(sum({amount} / {PART}), 0) || ':' || coalesce(sum({amount} % {PART}), 0)"


@compiles(exact_parts, "postgresql")
def _numeric(element: exact_parts, compiler: SQLCompiler, **more: Any) -> str:
    millions, rest = (compiler.process(part, **more) for part in element.clauses)
    return f"({millions}::numeric * {PART} + {rest})"


@compiles(exact_parts, "sqlite")
def _parts(element: exact_parts, compiler: SQLCompiler, **more: Any) -> str:
    millions, rest = (compiler.process(part, **more) for part in element.clauses)
    return f"({millions} || ':' || {rest})"
