"""Changes of hold masks in SQL."""

from typing import TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, case

from tenure.holds.models import Cause

Bits: TypeAlias = ColumnElement[int]


def with_change(holds: SQLColumnExpression[int], keep: Bits, add: Bits) -> Bits:
    """The mask with only the bits in `keep`, plus the bits in `add`."""
    return holds.op("&")(keep).op("|")(add)


def replaced(holds: SQLColumnExpression[int], cause: Cause, held: ColumnElement[bool]) -> Bits:
    """The mask with the bit of `cause` set where `held` is true, else cleared."""
    return holds.op("&")(int(~cause)).op("|")(case((held, int(cause)), else_=0))
