"""Mutations that write, change and delete notes about accounts."""

from typing import Annotated

import strawberry

from tenure.accounts.models import Account
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    RowReference,
    optional_value,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.people import NoteType
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.notes import actions
from tenure.notes.rules import NewNote

TEXT = "At most 2000 characters. It can have several lines."
NOTE_ID = "The global id of the note."


@input_type
class AddNoteInput:
    """A note about an account."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    text: str = strawberry.field(description=TEXT)
    is_pinned: bool = strawberry.field(
        default=False, description="Whether it is listed before the others."
    )


@input_type
class UpdateNoteInput:
    """Changes of a note. A field that is omitted or null stays unchanged."""

    note_id: strawberry.ID = strawberry.field(description=NOTE_ID)
    text: str | None = strawberry.field(default=strawberry.UNSET, description=TEXT)
    is_pinned: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it is listed before the others."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class NotePayload:
    """The note after the change, or errors."""

    note: NoteType | None = strawberry.field(
        default=None, description="The note after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@payload_type
class DeleteNotePayload:
    """The account of the deleted note, or errors."""

    account: AccountType | None = strawberry.field(
        default=None, description="The account that the note was about. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class NoteMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND OUT_OF_RANGE")
    async def add_note(self, info: Info, input: AddNoteInput) -> NotePayload | None:
        """Write a note about an account."""

        async def operation(unit: Unit) -> PayloadFields:
            new = NewNote(key_of(input.account_id, "Account"), input.text, input.is_pinned)
            return {"note": reference_to(await actions.add_note(unit, new))}

        return await run_mutation(info, NotePayload, operation, input)

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND CONFLICT OUT_OF_RANGE")
    async def update_note(self, info: Info, input: UpdateNoteInput) -> NotePayload | None:
        """Change the text of a note, or pin or unpin it."""

        async def operation(unit: Unit) -> PayloadFields:
            note = await actions.update_note(
                unit, key_of(input.note_id, "Note"), **provided_fields(input, "note_id")
            )
            return {"note": reference_to(note)}

        return await run_mutation(info, NotePayload, operation, input)

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED CONFLICT")
    async def delete_note(
        self,
        info: Info,
        note_id: Annotated[strawberry.ID, strawberry.argument(description=NOTE_ID)],
        expected_version: Annotated[
            int | None, strawberry.argument(description=EXPECTED_VERSION)
        ] = strawberry.UNSET,
    ) -> DeleteNotePayload | None:
        """Delete a note. Only its author and an admin may."""

        async def operation(unit: Unit) -> PayloadFields:
            account_id = await actions.delete_note(
                unit, key_of(note_id, "Note"), expected_version=optional_value(expected_version)
            )
            return {"account": RowReference(Account, account_id)}

        return await run_mutation(
            info, DeleteNotePayload, operation, {"note_id": note_id}, path_prefix=()
        )
