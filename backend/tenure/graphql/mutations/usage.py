"""Usage of services: the authorization type and the mutation that records usage."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.types.nodes import SelectedField

from tenure.assets.models import Service
from tenure.events import models as event_models
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import EventRef, ServiceRef
from tenure.graphql.types.values import MoneyType
from tenure.kernel.actor import Role
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.usage.authorization import rules
from tenure.usage.recording.actions import MAX_LINES, record_usage
from tenure.usage.recording.rules import RecordedUsage, UsageLine

LINE_LIMIT = f"At most {MAX_LINES:,} usage records."


@strawberry.type(
    name="Authorization", description="Whether a login is authorized to use its service now."
)
class AuthorizationType:
    """Computed by one statement. The service is loaded only if it is selected."""

    authorized: bool = strawberry.field(description="Whether the login may use its service now.")
    denial: str | None = strawberry.field(
        description=(
            "Why usage is denied; null if authorized. The first that applies of UNKNOWN_LOGIN, "
            "ACCOUNT_NOT_ACTIVE, SERVICE_NOT_ACTIVE, CREDIT_LIMIT_REACHED, or a code of a policy "
            "plug-in."
        )
    )
    available: MoneyType | None = strawberry.field(
        description="The remaining credit. Null if the account has no credit limit."
    )
    service_id: strawberry.Private[int | None]

    @resolved_field
    async def service(self, info: Info) -> ServiceRef | None:
        """The service of the login. Null if the login is unknown."""
        return (
            None
            if self.service_id is None
            else await info.context.loaders.row(Service, self.service_id)
        )

    @staticmethod
    def of(result: rules.Authorization) -> "AuthorizationType":
        """Convert an authorization of the usage package."""
        available = result.available
        currency = result.currency
        return AuthorizationType(
            authorized=result.authorized,
            denial=result.denial,
            available=MoneyType(amount=available, currency=currency)
            if available is not None and currency
            else None,
            service_id=result.service_id,
        )


@input_type
class RecordUsageInput:
    """One measured use of a service."""

    service_kind: str = strawberry.field(
        description="The kind of the service, for example `telephony`."
    )
    login: str = strawberry.field(description="The login of the service. Case is ignored.")
    quantity: Decimal = strawberry.field(description="The used quantity, in `unit`.")
    unit: str = strawberry.field(
        description="The unit of usage of an offer, for example MB, SMS or minute."
    )
    occurred_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Default: now."
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Display text, for example the called number. At most 2,000 characters.",
    )
    reference: str = strawberry.field(
        description=(
            "Unique per service. A repeated record is not charged again; another record with the "
            "same reference fails with TAKEN."
        )
    )

    def to_line(self, now: datetime) -> UsageLine:
        """Convert the input to a line of the usage package. The default time is `now`."""
        return UsageLine(
            self.service_kind,
            self.login,
            self.quantity,
            self.unit,
            self.occurred_at or now,
            self.reference,
            self.description or None,
        )


def _from_input(
    cls: type[RecordUsageInput], values: Mapping[str, Any], _: object
) -> RecordUsageInput:
    return cls(
        service_kind=values["serviceKind"],
        login=values["login"],
        quantity=values["quantity"],
        unit=values["unit"],
        occurred_at=values.get("occurredAt"),
        description=values.get("description"),
        reference=values["reference"],
    )


# Strawberry's conversion, field by field, would take a sixth of the time for a thousand records.
RecordUsageInput.__strawberry_definition__.from_input = _from_input  # type: ignore[attr-defined]


@payload_type
class RecordUsagePayload:
    """The recorded usage. A rejected record does not stop the others."""

    ids: strawberry.Private[list[int | None]]
    errors: list[UserErrorType] = strawberry.field(
        description=(
            "The errors of single records. The path of each begins with `input` and the index "
            "of the record."
        )
    )

    @resolved_field
    async def events(self, info: Info) -> list[EventRef | None]:
        """The events in the order of the input. Null at each index with an error."""
        if _selects_only_ids(info):
            rows: list[Any] = [
                None if event_id is None else _row_with_id(event_id) for event_id in self.ids
            ]
            return rows
        return await info.context.loaders.rows_or_none(event_models.Event, self.ids)


def _row_with_id(event_id: int) -> event_models.Event:
    """An event row with only its id. Bypassing the constructor takes a tenth of the time."""
    event = event_models.Event.__new__(event_models.Event)
    event.__dict__["id"] = event_id
    return event


def _selects_only_ids(info: Info) -> bool:
    """True if only fields are selected that need no query."""
    selections = (selected for field in info.selected_fields for selected in field.selections)
    return all(
        isinstance(it, SelectedField) and it.name in ("id", "__typename") for it in selections
    )


@strawberry.type
class UsageMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED TAKEN OUT_OF_RANGE")
    async def record_usage(
        self,
        info: Info,
        input: Annotated[list[RecordUsageInput], strawberry.argument(description=LINE_LIMIT)],
    ) -> RecordUsagePayload | None:
        """Rate and charge up to 1,000 usage records. Each reference is charged once per service."""

        async def operation(unit: Unit) -> list[RecordedUsage | TenureError]:
            return await record_usage(unit, [line.to_line(unit.now) for line in input])

        context = info.context
        try:
            results = await context.runtime.run_in_unit(context.caller, operation)
            context.has_committed = not context.runtime.is_dry_run
        except TenureError as error:
            path = ["input" if part == "lines" else part for part in error.path]
            user_error = UserErrorType.of(
                TenureError(error.code, error.message, path), path_prefix=()
            )
            return RecordUsagePayload(ids=[], errors=[user_error])
        finally:
            context.reset_loaders()
        errors = [UserErrorType.of(result) for result in results if isinstance(result, TenureError)]
        ids = [None if isinstance(result, TenureError) else result.event_id for result in results]
        return RecordUsagePayload(ids=ids, errors=errors)
