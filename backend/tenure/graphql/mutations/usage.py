"""Usage of services: whether it may be, and taking in what was measured."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.types.nodes import SelectedField

from tenure.assets.models import Service
from tenure.events import models as happened
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import EventRef, ServiceRef
from tenure.graphql.types.values import Money
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.usage.authorization import rules
from tenure.usage.recording.actions import MANY, record_usage
from tenure.usage.recording.rules import Recorded, UsageLine

MANY_USES = f"At most {MANY:,} uses."


@strawberry.type(description="Whether a login may use its service now.")
class Authorization:
    """Computed out by one statement; the service is read only where it is asked for."""

    authorized: bool
    denial: str | None = strawberry.field(
        description=(
            "Null when authorized; else the first that applies: UNKNOWN_LOGIN, ACCOUNT_NOT_ACTIVE, "
            "SERVICE_NOT_ACTIVE, CREDIT_LIMIT_REACHED, or a policy's own."
        )
    )
    available: Money | None = strawberry.field(
        description="How much of the credit limit is left; null where there is no limit."
    )
    service_id: strawberry.Private[int | None]

    @resolved_field
    async def service(self, info: Info) -> ServiceRef | None:
        """Null where the login is unknown."""
        return (
            None
            if self.service_id is None
            else await info.context.loaders.row(Service, self.service_id)
        )

    @staticmethod
    def of(answer: rules.Authorization) -> "Authorization":
        """The room's answer."""
        available, currency = answer.available, answer.currency
        return Authorization(
            authorized=answer.authorized,
            denial=answer.denial,
            available=Money(amount=available, currency=currency)
            if available is not None and currency
            else None,
            service_id=answer.service_id,
        )


@strawberry.input
class RecordUsageInput:
    """One use of a service, as it was measured."""

    service_kind: str
    login: str
    quantity: Decimal
    unit: str
    occurred_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Now when left out."
    )
    description: str | None = strawberry.UNSET
    reference: str = strawberry.field(
        description="The same reference of a service is rated once; other usage under it is TAKEN."
    )

    def line(self, now: datetime) -> UsageLine:
        """As the room takes it."""
        return UsageLine(
            self.service_kind,
            self.login,
            self.quantity,
            self.unit,
            self.occurred_at or now,
            self.reference,
            self.description or None,
        )


def _made(kind: type[RecordUsageInput], given: Mapping[str, Any], _: object) -> RecordUsageInput:
    return kind(
        service_kind=given["serviceKind"],
        login=given["login"],
        quantity=given["quantity"],
        unit=given["unit"],
        occurred_at=given.get("occurredAt"),
        description=given.get("description"),
        reference=given["reference"],
    )


# A list has a thousand of them: field by field, as Strawberry makes inputs, they would take a sixth of the whole work.
RecordUsageInput.__strawberry_definition__.from_input = _made  # type: ignore[attr-defined]


@strawberry.type
class RecordUsagePayload:
    """One line that is refused does not stop the others. The events are read only where they are asked for."""

    ids: strawberry.Private[list[int | None]]
    errors: list[UserError]

    @resolved_field
    async def events(self, info: Info) -> list[EventRef | None]:
        """In the order of the input; null where `errors` names that place."""
        if _only_ids(info):
            known: list[Any] = [
                None if event_id is None else _unread(event_id) for event_id in self.ids
            ]
            return known
        return await info.context.loaders.places(happened.Event, self.ids)


def _unread(event_id: int) -> happened.Event:
    """A row that knows its id and nothing else. It is made by hand: a thousand of them take a tenth of the time that way."""
    event = happened.Event.__new__(happened.Event)
    event.__dict__["id"] = event_id
    return event


def _only_ids(info: Info) -> bool:
    """True where nothing is asked of the events that would have to be read."""
    asked = (inside for field in info.selected_fields for inside in field.selections)
    return all(isinstance(it, SelectedField) and it.name in ("id", "__typename") for it in asked)


@strawberry.type
class UsageMutations:
    """Agents may."""

    @resolved_field
    async def record_usage(
        self,
        info: Info,
        input: Annotated[list[RecordUsageInput], strawberry.argument(description=MANY_USES)],
    ) -> RecordUsagePayload | None:
        """Rate and charge up to 1,000 uses of services; the same reference of a service is rated once."""

        async def verb(unit: Unit) -> list[Recorded | TenureError]:
            return await record_usage(unit, [line.line(unit.now) for line in input])

        context = info.context
        try:
            answers = await context.runtime.run_in_unit(context.caller, verb)
        except TenureError as error:
            path = ["input" if it == "lines" else it for it in error.path]
            refused_whole = UserError.of(TenureError(error.code, error.message, path), below=())
            return RecordUsagePayload(ids=[], errors=[refused_whole])
        finally:
            context.forget()
        refused = [UserError.of(answer) for answer in answers if isinstance(answer, TenureError)]
        ids = [None if isinstance(answer, TenureError) else answer.event_id for answer in answers]
        return RecordUsagePayload(ids=ids, errors=refused)
