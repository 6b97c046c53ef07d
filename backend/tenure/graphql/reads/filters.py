"""The kinds of filters that arguments of lists use."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from tenure.graphql.reads.mapping import VALUE_LIMIT, Condition, Filter
from tenure.graphql.reads.natural_keys import key_expression
from tenure.kernel.text import key_of as folded
from tenure.kernel.text import kind_key, login_key, search_words

Value = TypeVar("Value")


def compared(
    condition: Callable[[Value], Condition],
    operand: Callable[[Value], object] = lambda value: value,
    kind: object = None,
    description: str | None = None,
) -> Filter:
    """Rows with a column that compares so with the operand made of the value."""
    return Filter(condition, kind, description=description, operand=operand)


def one_of(column: InstrumentedAttribute[Any]) -> Filter:
    """Rows whose value is in a list. An empty list does not filter (`selected_filters`)."""
    kind = list[column.type.python_type]  # type: ignore[name-defined]
    return Filter(column.in_, kind, description=VALUE_LIMIT)


def at_or_after(column: InstrumentedAttribute[Any]) -> Filter:
    """Rows at or after a time."""
    return compared(lambda value: column >= value)


def before(column: InstrumentedAttribute[Any]) -> Filter:
    """Rows before a time: intervals are half-open (rules 1)."""
    return compared(lambda value: column < value)


def equals(column: InstrumentedAttribute[str], description: str) -> Filter:
    """Rows with exactly this text. limits.py rejects texts that PostgreSQL cannot compare."""
    return compared(lambda value: column == value, kind=str, description=description)


def equals_ignoring_case(column: InstrumentedAttribute[str]) -> Filter:
    """Rows whose text is this one in any case. The column contains the folded text."""
    return compared(lambda value: column == value, folded)


def is_one_kind(column: InstrumentedAttribute[str]) -> Filter:
    """Rows of one of these kinds of service, ignoring case (rules 3.1)."""
    return Filter(lambda kinds: column.in_([kind_key(kind) for kind in kinds]))


def is_kind(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], description: str
) -> Filter:
    """Rows of this kind of service, ignoring case (rules 3.1)."""
    return compared(lambda value: column == value, kind_key, str, description)


def has_login(column: InstrumentedAttribute[str | None], description: str | None = None) -> Filter:
    """Rows with this login, in the form of `login_key` (rules 3.1)."""
    return compared(lambda value: column == value, login_key, str, description)


def contains_words(
    description: str, *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> Filter:
    """Rows in which one of the columns contains each word of a search, ignoring case."""

    def condition(text: str) -> Condition:
        matches = (
            or_(*(column.icontains(word, autoescape=True) for column in columns))
            for word in search_words(text)
        )
        return and_(true(), *matches)

    return Filter(condition, str, description=description)


def references(
    column: InstrumentedAttribute[Any],
    type_name: str,
    kind: object = None,
    description: str | None = None,
) -> Filter:
    """Rows whose column references the object with a global id or natural key of this type."""
    return Filter(
        lambda value: column == key_expression(value, type_name),
        kind,
        references=type_name,
        description=description,
    )


def matches(condition: Callable[[Value], Condition]) -> Filter:
    """Rows that meet the condition for the value of the argument."""
    return Filter(condition)
