"""Hold masks in SQL: conditions, names and changes."""

from typing import TypeAlias

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, case, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from tenure.holds.models import ALL_CAUSES, Cause, Held
from tenure.kernel.candidates import Candidates

Bits: TypeAlias = ColumnElement[int]


def has_hold(entity: type[Held], causes: Cause) -> ColumnElement[bool]:
    """The entity has a hold of one of these causes, whatever its effect."""
    return _all_holds(entity).bitwise_and(int(causes)) != 0


def held_entities(entity: type[Held], key: InstrumentedAttribute[int], causes: Cause) -> Candidates:
    """The entities with a hold of one of these causes, from the index of their holds.

    The values of the masks are written into the statement, so that PostgreSQL knows how many rows
    have them. The order keeps it from reading the whole table instead.
    """
    holds = _all_holds(entity)
    masks = [mask for mask in range(1, int(ALL_CAUSES) + 1) if mask & causes]
    are_held = holds != literal_column("0")
    keys = select(key).where(
        are_held, holds.in_([literal_column(f"{it}", Integer) for it in masks])
    )
    return Candidates(keys.order_by(holds), has_hold(entity, causes))


def cause_name(bit: SQLColumnExpression[int | None]) -> ColumnElement[str]:
    """The name of the cause with this bit; null for null."""
    return case({int(cause): cause.name for cause in Cause}, value=bit)


def with_change(holds: SQLColumnExpression[int], keep: Bits, add: Bits) -> Bits:
    """The mask with only the bits in `keep`, plus the bits in `add`."""
    return holds.op("&")(keep).op("|")(add)


def replaced(holds: SQLColumnExpression[int], cause: Cause, held: ColumnElement[bool]) -> Bits:
    """The mask with the bit of `cause` set where `held` is true, else cleared."""
    return holds.op("&")(int(~cause)).op("|")(case((held, int(cause)), else_=0))


def _all_holds(entity: type[Held]) -> ColumnElement[int]:
    return entity.inactive_holds.bitwise_or(entity.closed_holds)
