"""The same masks in SQL."""

from typing import TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, case

from tenure.holds.models import Cause

Bits: TypeAlias = ColumnElement[int]


def with_change(holds: SQLColumnExpression[int], keep: Bits, add: Bits) -> Bits:
    """The mask reduced to the bits of `keep`, with those of `add`."""
    return holds.op("&")(keep).op("|")(add)


def replaced(holds: SQLColumnExpression[int], cause: Cause, held: ColumnElement[bool]) -> Bits:
    """The mask with the bit of `cause` set exactly where `held`."""
    return holds.op("&")(int(~cause)).op("|")(case((held, int(cause)), else_=0))
