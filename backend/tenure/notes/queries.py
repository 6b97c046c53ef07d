"""Notes, locked for actions."""

from sqlalchemy import ColumnElement

from tenure.accounts.queries import lock_account
from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version
from tenure.notes.models import Note

IS_PINNED: ColumnElement[bool] = Note.pinned == 1


async def locked_note(unit: Unit, note_id: int, expected_version: int | None) -> Note:
    """The note, locked with its account until the unit ends. Raises NOT_FOUND and CONFLICT."""
    found = await unit.session.get(Note, note_id)
    if found is None:
        raise NotFoundError("note", ("note_id",))
    await lock_account(unit, found.account_id)
    note = await unit.session.get(
        Note, note_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if note is None:
        raise NotFoundError("note", ("note_id",))
    check_version(note.version, expected_version)
    return note
