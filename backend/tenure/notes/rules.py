"""A new note, and who may delete one."""

from dataclasses import dataclass
from datetime import datetime

from tenure.kernel.actor import Actor, Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import LARGEST_NOTE, required_text
from tenure.notes.models import Note


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to write. An imported one has its own author and time, and no event."""

    account_id: int
    text: str
    is_pinned: bool = False
    imported_by: str | None = None
    imported_at: datetime | None = None


def checked_note(text: str | None, *, path: str = "text") -> str:
    """The text without surrounding spaces. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    return required_text(text, path=path, longest=LARGEST_NOTE)


def check_may_delete(note: Note, actor: Actor) -> None:
    """Raises NOT_ALLOWED unless the actor has written the note or is an admin."""
    if note.created_by != actor.name and not actor.role.includes(Role.ADMIN):
        message = "Only its author or an admin can delete a note."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("note_id",))
