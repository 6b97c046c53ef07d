"""Candidates of a condition: keys that an index finds, whatever rows the planner estimates."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The keys of all rows that meet a condition, and possibly of others. A key can be repeated.

    `condition` is in the form that is best for rows at hand. `exact` selects the keys of only the
    rows that meet it, which may take longer; None if all candidates do.
    """

    keys: Select[Any]
    condition: ColumnElement[bool]
    exact: Select[Any] | None = None
