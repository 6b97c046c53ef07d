"""The enums of what admins keep: roles, users, the audit log, webhooks and imports."""

from tenure.audit.models import AuditAction
from tenure.graphql.types.enums import publish_enum
from tenure.identity.models import UserStatus
from tenure.importing.models import ImportFormat, ImportMode
from tenure.kernel.actor import Role
from tenure.webhooks.deliveries.models import WebhookDeliveryStatus, WebhookStatus

publish_enum(
    Role,
    "Role",
    "The role of a user or API client. Each role includes the permissions of the previous one.",
    VIEWER="Read-only access to all data.",
    AGENT=(
        "Customer care: changes accounts, bill units, assets, statuses, hierarchies, deferred "
        "actions and payment methods, opens disputes and records usage."
    ),
    MANAGER="AGENT, plus jobs, recorded payments, dispute settlement, adjustments and the catalog.",
    ADMIN="MANAGER, plus users, API clients, business settings and the business clock.",
)
publish_enum(
    UserStatus,
    "UserStatus",
    "Whether a user may sign in.",
    ACTIVE="The user may sign in.",
    DISABLED="The user cannot sign in and has no session.",
)
publish_enum(
    AuditAction,
    "AuditAction",
    "What an audit entry records.",
    SIGNED_IN="A user signed in.",
    SIGN_IN_REFUSED=(
        "A sign-in was refused. Recorded for the first and the tenth attempt from an address as a "
        "user in five minutes, at most 20 times for a user in that time."
    ),
    SIGNED_OUT="A user signed out.",
    USER_CREATED="A user was created.",
    USER_CHANGED="Name, role or status of a user was changed.",
    PASSWORD_CHANGED="A user changed the own password, or an admin set one.",
    SESSIONS_ENDED="All sessions of a user were ended at once.",
    TOKEN_CREATED="A token of a partner system was created.",
    TOKEN_REVOKED="A token of a partner system was revoked.",
    SETTINGS_CHANGED="Business settings were changed.",
    CLOCK_SET="The business clock was set, or returned to real time.",
    OFFER_CREATED="An offer was added to the catalog.",
    JOB_STARTED="A job was started by a user or API client, not by the schedule.",
    JOB_CANCELLED="A job was cancelled.",
    WEBHOOK_CHANGED="A webhook was created, changed or deleted.",
    REASON_CHANGED="A reason for status changes was created, changed, retired or offered again.",
)
publish_enum(
    WebhookStatus,
    "WebhookStatus",
    "Whether events are sent to a webhook.",
    ACTIVE="Events are sent.",
    PAUSED="Switched off by an admin.",
    FAILING="Switched off by itself: every attempt has failed for three days, or the endpoint has "
    "answered 410 Gone.",
)
publish_enum(
    WebhookDeliveryStatus,
    "WebhookDeliveryStatus",
    "The status of a delivery.",
    PENDING="The event was not accepted yet. It is sent again with growing pauses.",
    DELIVERED="The endpoint has answered with a status from 200 to 299.",
    FAILED="Ten attempts in about three days have failed. `redeliverWebhook` sends it again.",
)
publish_enum(
    ImportFormat,
    "ImportFormat",
    "The format of an uploaded file.",
    JSON_LINES="One JSON object per line.",
    CSV="A header line, then one account per record. Nested values are JSON in a cell.",
)
publish_enum(
    ImportMode,
    "ImportMode",
    "What a run does with the lines of a file.",
    CHECK="Checks each line as an import would, and changes nothing.",
    IMPORT="Checks each line, and creates the accounts of those that are accepted.",
)
