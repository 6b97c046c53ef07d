"""The GraphQL type of audit entries. Only an admin reads them."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from tenure.audit import models
from tenure.audit.models import AuditAction
from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import (
    at_or_after,
    before,
    contains_words,
    equals_ignoring_case,
    one_of,
)
from tenure.graphql.reads.mapping import VALUE_LIMIT, Filters
from tenure.graphql.types.nodes import NodeType
from tenure.kernel.actor import Role
from tenure.kernel.pages import Order

AUDIT_ORDER = Order((models.AuditEntry.at, models.AuditEntry.id), descending=True)


@strawberry.input(description="An omitted field or an empty list does not filter.")
class AuditFilter:
    """Filters the audit log."""

    actor: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The whole name of the actor, for example `ana@example.com`, in any case.",
    )
    action: list[AuditAction] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    search: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Words that all appear in the summary, in any case. For example the address "
        "of the user who was changed. At most 10 words count.",
    )
    from_: datetime | None = strawberry.field(
        default=strawberry.UNSET, name="from", description="`at` is at or after this time."
    )
    to: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="`at` is before this time."
    )


def audit_filters() -> Filters:
    """The filters behind the fields of AuditFilter."""
    return {
        "actor": equals_ignoring_case(models.AuditEntry.actor_key),
        "action": one_of(models.AuditEntry.action),
        "search": contains_words("", models.AuditEntry.summary),
        "from_": at_or_after(models.AuditEntry.at),
        "to": before(models.AuditEntry.at),
    }


@mapped(
    models.AuditEntry,
    "What somebody did that is no event of an account: sign-ins, and changes of users, tokens, "
    "settings, the clock, the catalog and jobs. Entries are never changed or deleted. Reading them "
    "requires role ADMIN.",
    role=Role.ADMIN,
)
class AuditEntryType(NodeType):
    """Who did what, written in the transaction of the change."""

    at: datetime = column(models.AuditEntry.at, "When it was done, in real time.")
    actor: str = column(
        models.AuditEntry.actor,
        "The e-mail address of a user, the name of a token, or `tenure` for the program itself and "
        "its command line.",
    )
    action: AuditAction = column(models.AuditEntry.action, "What was done, for programs.")
    summary: str = column(
        models.AuditEntry.summary, "A sentence for people, for example `Revoked token Shop.`"
    )
    details: JSON | None = column(  # type: ignore[assignment]
        models.AuditEntry.details,
        'What changed: `{"role": ["AGENT", "ADMIN"]}` has the values before and after. Null if the '
        "entry needs none. Secrets are never in it.",
    )
    summary_values: JSON | None = column(  # type: ignore[assignment]
        models.AuditEntry.summary_values,
        'The values of `summary` that `details` does not have: `{"token": "Shop"}`. `operation` in '
        "them tells the sentences of one `action` apart. Null if there are none, and for entries "
        "of earlier releases. Names may be added in any release. Secrets are never in it.",
    )
