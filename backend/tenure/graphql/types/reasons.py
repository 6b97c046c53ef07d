"""The GraphQL type of reasons for status changes."""

from datetime import datetime

from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.mapping import Filter, Filters
from tenure.graphql.types.nodes import NodeType
from tenure.holds.models import Status
from tenure.kernel.pages import Order
from tenure.reasons.models import StatusReason

REASON_ORDER = Order((StatusReason.code,))


def reason_filters() -> Filters:
    """The filters of the list of reasons."""
    return {
        "is_retired": Filter(
            StatusReason.is_retired.is_,
            bool,
            description="Whether the reason is retired. Default: retired ones and others.",
        )
    }


@mapped(
    StatusReason,
    "A reason that users choose for a status change. The change stores its label as the `reason`, "
    "so it stays as it was given.",
)
class StatusReasonType(NodeType):
    """Kept by admins."""

    code: str = column(StatusReason.code, "Unique code, for example `moved-away`. Never changed.")
    label: str = column(StatusReason.label, "Display text, for example `Moved away`.")
    applies_to: list[Status] = column(
        StatusReason.applies_to, "The new statuses for which it is offered."
    )
    is_retired: bool = column(
        StatusReason.is_retired, "Whether it is retired: not offered for new changes."
    )
    created_at: datetime = column(StatusReason.created_at, "When it was created, in real time.")
    version: int = column(
        StatusReason.version,
        "Incremented by each change. Pass it as `expectedVersion` to detect conflicts.",
    )
