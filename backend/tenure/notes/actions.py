"""Writes, changes and deletes notes. The events of the account do not contain their texts."""

from collections.abc import Sequence

from tenure.accounts.queries import lock_account
from tenure.events.actions import record
from tenure.events.models import EventKind, EventOperation
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.unit import Unit
from tenure.notes.models import Note
from tenure.notes.queries import locked_note
from tenure.notes.rules import NewNote, check_may_delete, checked_note

DESCRIPTIONS = {
    EventOperation.NOTE_ADDED: "Added a note",
    EventOperation.NOTE_CHANGED: "Changed a note",
    EventOperation.NOTE_PINNED: "Pinned a note",
    EventOperation.NOTE_UNPINNED: "Unpinned a note",
    EventOperation.NOTE_DELETED: "Deleted a note",
}


async def add_note(unit: Unit, new: NewNote) -> Note:
    """Adds a note to an account. Raises NOT_FOUND, REQUIRED, INVALID and OUT_OF_RANGE."""
    unit.require(Role.AGENT)
    account = await lock_account(unit, new.account_id)
    note = Note(**_row(unit, new) | {"text": checked_note(new.text)})
    unit.session.add(note)
    await unit.session.flush()
    await _record(unit, account.id, EventOperation.NOTE_ADDED, note.id)
    return note


async def insert_notes(unit: Unit, notes: Sequence[NewNote]) -> None:
    """Writes checked notes without events: the account's event stands for what it came with."""
    if notes:
        await unit.session.execute(insert_rows(Note), [_row(unit, new) for new in notes])


async def update_note(
    unit: Unit,
    note_id: int,
    *,
    text: str | None = None,
    is_pinned: bool | None = None,
    expected_version: int | None = None,
) -> Note:
    """Changes the text of a note, or pins or unpins it; None leaves it as it is.

    Raises NOT_FOUND, CONFLICT, REQUIRED, INVALID and OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    note = await locked_note(unit, note_id, expected_version)
    before = (note.text, note.pinned)
    if text is not None:
        note.text = checked_note(text)
    if is_pinned is not None:
        note.pinned = int(is_pinned)
    if (note.text, note.pinned) == before:
        return note
    operation = EventOperation.NOTE_CHANGED
    if note.text == before[0]:
        operation = EventOperation.NOTE_PINNED if note.pinned else EventOperation.NOTE_UNPINNED
    else:
        note.changed_by = unit.actor.name
        note.changed_at = unit.now
    note.version += 1
    await unit.session.flush()
    await _record(unit, note.account_id, operation, note.id)
    return note


async def delete_note(unit: Unit, note_id: int, *, expected_version: int | None = None) -> int:
    """Deletes a note, and returns its account. Raises NOT_FOUND, CONFLICT and NOT_ALLOWED."""
    unit.require(Role.AGENT)
    note = await locked_note(unit, note_id, expected_version)
    check_may_delete(note, unit.actor)
    account_id = note.account_id
    await unit.session.delete(note)
    await unit.session.flush()
    await _record(unit, account_id, EventOperation.NOTE_DELETED, note_id)
    return account_id


def _row(unit: Unit, new: NewNote) -> dict[str, object]:
    return {
        "account_id": new.account_id,
        "text": new.text,
        "pinned": int(new.is_pinned),
        "created_by": new.imported_by or unit.actor.name,
        "created_at": new.imported_at or unit.now,
        "version": 1,
    }


async def _record(unit: Unit, account_id: int, operation: EventOperation, note_id: int) -> None:
    description = DESCRIPTIONS[operation]
    details = {"operation": operation, "note": note_id}
    await record(unit, EventKind.ACCOUNT_CHANGE, account_id, description, details=details)
