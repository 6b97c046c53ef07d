"""The few ways in which an argument narrows a list: one of several, from, until, some words, the same id."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from tenure.graphql.reads.mapping import Condition, Filter
from tenure.graphql.types.ids import key_of

Value = TypeVar("Value")
MOST_WORDS = 10


def one_of(column: InstrumentedAttribute[Any]) -> Filter:
    """Rows whose value is one of a list; an empty list narrows nothing (see `chosen` in statements.py)."""
    return Filter(column.in_, list[column.type.python_type])  # type: ignore[name-defined]


def since(column: InstrumentedAttribute[Any]) -> Filter:
    """Rows at or after an instant."""
    return Filter(lambda value: column >= value)


def until(column: InstrumentedAttribute[Any]) -> Filter:
    """Rows before an instant: intervals are half open (rules 1)."""
    return Filter(lambda value: column < value)


def same(column: InstrumentedAttribute[str]) -> Filter:
    """Rows with this very text. A text that PostgreSQL cannot compare is refused before (limits.py)."""
    return Filter(lambda value: column == value, str)


def with_words(*columns: InstrumentedAttribute[str]) -> Filter:
    """Rows that have each word of a text somewhere in one of these columns, in whatever case."""

    def condition(text: str) -> Condition:
        found = (
            or_(*(it.icontains(word, autoescape=True) for it in columns)) for word in words_of(text)
        )
        return and_(true(), *found)

    return Filter(condition, str)


def words_of(text: str) -> list[str]:
    """What is searched for. More words than a name has are cut."""
    return text.split()[:MOST_WORDS]


def points_at(column: InstrumentedAttribute[Any], name: str, kind: object = None) -> Filter:
    """Rows that name the `name` with this global id. A foreign one finds nothing."""
    return Filter(lambda value: column == key_of(value, name), kind)


def by_rule(condition: Callable[[Value], Condition]) -> Filter:
    """Rows that meet a condition of their own."""
    return Filter(condition)
