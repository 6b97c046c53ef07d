"""Schedules deferred actions, and pairs inactivations with their reactivations.

Each new action records a DEFERRED_ACTION event (rules 4.9).
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Unpack

from sqlalchemy import Dialect, Executable, String, bindparam, insert, update

from tenure.deferred.models import DeferredAction
from tenure.deferred.queries import new_parent_numbers
from tenure.deferred.rules import (
    NEW_ACTION,
    ActionColumns,
    check_future,
    scheduled,
    step_event,
)
from tenure.events.actions import record_all
from tenure.events.models import EventKind
from tenure.kernel.actor import Role
from tenure.kernel.row_tables import insert_of_rows, rows_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.text import LARGEST_NOTE, optional_text
from tenure.kernel.unit import Unit

# The parameter of the statement of `schedule_all`, and the columns that it writes.
NEW_ACTIONS = bindparam("param_actions", type_=String)
COLUMNS = [it.name for it in DeferredAction.__table__.c if it.name != "id"]


async def schedule(
    unit: Unit,
    *,
    scheduled_for: datetime,
    path: str,
    note: str | None,
    **columns: Unpack[ActionColumns],
) -> int:
    """Schedules the change that `columns` describe. Returns the id of the action.

    Raises OUT_OF_RANGE for a time in the past.
    """
    unit.require(Role.AGENT)
    check_future(scheduled_for, unit.now, path=path)
    checked_note = optional_text(note, path="note", longest=LARGEST_NOTE)
    [action_id] = await schedule_all(
        unit, [columns], scheduled_for=scheduled_for, note=checked_note
    )
    return action_id


async def schedule_all(
    unit: Unit, changes: Sequence[ActionColumns], *, scheduled_for: datetime, note: str | None
) -> list[int]:
    """Schedules changes for one time. Returns the ids of the actions, in the order of the changes.

    An action whose time has passed meanwhile is due at once.
    """
    unit.require(Role.AGENT)
    if not changes:
        return []
    common = {
        "scheduled_for": scheduled_for,
        "note": note,
        "created_by": unit.actor.name,
        "created_at": unit.now,
    }
    rows: list[dict[str, object]] = [{**NEW_ACTION, **columns, **common} for columns in changes]
    dialect = unit.connection.dialect
    parameters = {NEW_ACTIONS.key: rows_parameter(dialect, rows)}
    inserted = await execute(unit.connection, _insert_actions(dialect), parameters)
    ids = sorted(inserted.scalars())
    step = scheduled(scheduled_for)
    numbers = await new_parent_numbers(unit, rows)
    events = [
        step_event(step, {"id": action_id, **row}, numbers)
        for action_id, row in zip(ids, rows, strict=True)
    ]
    await record_all(unit, EventKind.DEFERRED_ACTION, events)
    return ids


async def pair_all(unit: Unit, pairs: Sequence[tuple[int, int]]) -> None:
    """Pairs inactivations with the reactivations that end them (rules 4.11)."""
    if not pairs:
        return
    both = [*pairs, *((return_id, action_id) for action_id, return_id in pairs)]
    columns = {"action_id": DeferredAction.id.type, "partner_id": DeferredAction.id.type}
    rows = [{"action_id": action_id, "partner_id": partner_id} for action_id, partner_id in both]
    paired = rows_as_table(unit.session, "paired", columns, rows)
    statement = (
        update(DeferredAction)
        .where(DeferredAction.id == paired.c.action_id)
        .values(paired_with_id=paired.c.partner_id)
    )
    await unit.session.execute(statement, execution_options={"synchronize_session": False})


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _insert_actions(dialect: Dialect) -> Executable:
    """Inserts the actions in NEW_ACTIONS, whose ids are in their order. Returns the ids."""
    inserting = insert_of_rows(dialect, insert(DeferredAction), COLUMNS, NEW_ACTIONS)
    return inserting.returning(DeferredAction.id)
