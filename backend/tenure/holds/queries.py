"""Hold masks in SQL: conditions, names and changes."""

from typing import TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, case

from tenure.holds.models import Cause, Held

Bits: TypeAlias = ColumnElement[int]


def has_hold(entity: type[Held], causes: Cause) -> ColumnElement[bool]:
    """The entity has a hold of one of these causes, whatever its effect."""
    holds = entity.inactive_holds.bitwise_or(entity.closed_holds)
    return holds.bitwise_and(int(causes)) != 0


def cause_name(bit: SQLColumnExpression[int | None]) -> ColumnElement[str]:
    """The name of the cause with this bit; null for null."""
    return case({int(cause): cause.name for cause in Cause}, value=bit)


def with_change(holds: SQLColumnExpression[int], keep: Bits, add: Bits) -> Bits:
    """The mask with only the bits in `keep`, plus the bits in `add`."""
    return holds.op("&")(keep).op("|")(add)


def replaced(holds: SQLColumnExpression[int], cause: Cause, held: ColumnElement[bool]) -> Bits:
    """The mask with the bit of `cause` set where `held` is true, else cleared."""
    return holds.op("&")(int(~cause)).op("|")(case((held, int(cause)), else_=0))
