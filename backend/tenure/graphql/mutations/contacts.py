"""Mutations that add, change and remove contacts of accounts."""

from typing import Annotated

import strawberry

from tenure.accounts.models import Account
from tenure.contacts import actions
from tenure.contacts.models import ContactKind
from tenure.contacts.rules import ContactFields, NewContact
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
from tenure.graphql.types.people import ContactType
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit

CONTACT_ID = "The global id of the contact."
PRIMARY = (
    "Whether the bills are addressed to it, in place of the present primary contact. Only for kind "
    "BILLING."
)
NAME = "At most 255 characters."
# Fields that cannot be cleared: null leaves them as they are.
KEPT_IF_NULL = ("kind", "is_primary")


@input_type
class ContactDetailsInput:
    """What can be cleared of a contact; the fields of both inputs."""

    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="For example `hana@example.com`."
    )
    phone: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Digits, spaces and + ( ) / . - x. At most 64 characters.",
    )
    address_lines: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The lines of the address before the city, at most 4, with line breaks.",
    )
    city: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 255 characters."
    )
    region: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The state, province or region. At most 255 characters.",
    )
    postal_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 32 characters."
    )
    country: str | None = strawberry.field(
        default=strawberry.UNSET, description="ISO 3166-1 code of two letters, for example `DE`."
    )


@input_type
class AddContactInput(ContactDetailsInput):
    """A contact of an account."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    kind: ContactKind = strawberry.field(description="What the contact is for.")
    is_primary: bool = strawberry.field(default=False, description=PRIMARY)
    name: str = strawberry.field(description=NAME)


@input_type
class UpdateContactInput(ContactDetailsInput):
    """Changes of a contact. An omitted field stays unchanged; null clears it."""

    contact_id: strawberry.ID = strawberry.field(description=CONTACT_ID)
    kind: ContactKind | None = strawberry.field(
        default=strawberry.UNSET,
        description="What the contact is for. Null leaves it unchanged. With another kind than "
        "BILLING it is not the primary contact any more.",
    )
    is_primary: bool | None = strawberry.field(
        default=strawberry.UNSET, description=f"{PRIMARY} Null leaves it unchanged."
    )
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"{NAME} Null is refused with REQUIRED."
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class ContactPayload:
    """The contact after the change, or errors."""

    contact: ContactType | None = strawberry.field(
        default=None, description="The contact after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@payload_type
class RemoveContactPayload:
    """The account of the removed contact, or errors."""

    account: AccountType | None = strawberry.field(
        default=None, description="The account without the contact. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class ContactMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def add_contact(self, info: Info, input: AddContactInput) -> ContactPayload | None:
        """Add a contact to an account, at most 100."""

        async def operation(unit: Unit) -> PayloadFields:
            fields = ContactFields(**provided_fields(input, "account_id"))
            new = NewContact(key_of(input.account_id, "Account"), fields)
            return {"contact": reference_to(await actions.add_contact(unit, new))}

        return await run_mutation(info, ContactPayload, operation, input)

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND CONFLICT OUT_OF_RANGE")
    async def update_contact(self, info: Info, input: UpdateContactInput) -> ContactPayload | None:
        """Change a contact. An omitted field stays unchanged; null clears it."""

        async def operation(unit: Unit) -> PayloadFields:
            given = provided_fields(input, "contact_id")
            changes = {
                name: value
                for name, value in given.items()
                if value is not None or name not in KEPT_IF_NULL
            }
            contact = await actions.update_contact(
                unit, key_of(input.contact_id, "Contact"), **changes
            )
            return {"contact": reference_to(contact)}

        return await run_mutation(info, ContactPayload, operation, input)

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND CONFLICT")
    async def remove_contact(
        self,
        info: Info,
        contact_id: Annotated[strawberry.ID, strawberry.argument(description=CONTACT_ID)],
        expected_version: Annotated[
            int | None, strawberry.argument(description=EXPECTED_VERSION)
        ] = strawberry.UNSET,
    ) -> RemoveContactPayload | None:
        """Remove a contact from its account."""

        async def operation(unit: Unit) -> PayloadFields:
            account_id = await actions.remove_contact(
                unit,
                key_of(contact_id, "Contact"),
                expected_version=optional_value(expected_version),
            )
            return {"account": RowReference(Account, account_id)}

        return await run_mutation(
            info, RemoveContactPayload, operation, {"contact_id": contact_id}, path_prefix=()
        )
