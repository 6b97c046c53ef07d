"""Mutations that check, import and delete uploaded files."""

from typing import Annotated

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import PayloadFields, reference_to, run_mutation
from tenure.graphql.mutations.jobs import JobRunPayload
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.imports import ImportFileType
from tenure.importing.models import ImportMode
from tenure.importing.starting import start_import
from tenure.importing.stored_files import expire_file
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class StartImportInput:
    """The file, and whether it is only checked."""

    file_id: strawberry.ID = strawberry.field(description="The global id of the file.")
    mode: ImportMode = strawberry.field(description="CHECK changes nothing; IMPORT does.")


@payload_type
class ImportFilePayload:
    """The file after the change, or errors."""

    file: ImportFileType | None = strawberry.field(
        default=None, description="The file. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class ImportMutations:
    """Mutations that require role ADMIN."""

    @mutation(Role.ADMIN, errors="INVALID NOT_FOUND NOT_ALLOWED")
    async def start_import(self, info: Info, input: StartImportInput) -> JobRunPayload | None:
        """Start a job that checks or imports a file, which was uploaded by `POST /imports`.

        Returns the active run if the file has one of this mode. While a run of the other mode is
        active, and after the content was deleted, it is refused with NOT_ALLOWED. An import takes
        each line that is new, whether or not it was checked before; importing a file twice changes
        nothing.
        """

        async def operation(unit: Unit) -> PayloadFields:
            file_id = key_of(input.file_id, "ImportFile")
            return {
                "job_run": reference_to(await start_import(unit, file_id=file_id, mode=input.mode))
            }

        return await run_mutation(info, JobRunPayload, operation, input)

    @mutation(Role.ADMIN, errors="INVALID NOT_FOUND NOT_ALLOWED")
    async def delete_import_file(
        self,
        info: Info,
        file_id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the file.")
        ],
    ) -> ImportFilePayload | None:
        """Delete the content of a file, and the lists of its runs, before the file expires.

        The content cannot be read any more at once, and all is deleted within an hour. Runs and
        their counts are kept. While a run of the file is active, it is refused with NOT_ALLOWED.
        """

        async def operation(unit: Unit) -> PayloadFields:
            file = await expire_file(unit, file_id=key_of(file_id, "ImportFile"))
            return {"file": reference_to(file)}

        return await run_mutation(
            info, ImportFilePayload, operation, {"file_id": file_id}, path_prefix=()
        )
