"""The root fields that only an admin may read: users, tokens, webhooks, audit log (rules 10)."""

import strawberry

from tenure.audit.models import AuditEntry
from tenure.graphql.reads.declarations import connection
from tenure.graphql.types.audit import AUDIT_ORDER, AuditFilter, audit_filters
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.identity import TOKEN_ORDER, USER_ORDER, token_filters, user_filters
from tenure.graphql.types.references import AuditEntryRef, TokenRef, UserRef, WebhookRef
from tenure.graphql.types.webhooks import WEBHOOK_ORDER, webhook_filters
from tenure.identity.models import Token, User
from tenure.webhooks.deliveries.models import Webhook
from tenure.webhooks.deliveries.queries import EXISTING


@strawberry.type
class AdminQueries:
    """The role is that of the types. Without it the error is FORBIDDEN."""

    users: ConnectionType[UserRef] = connection(
        User,
        "All users, newest first. Requires role ADMIN.",
        order=USER_ORDER,
        filters=user_filters(),
    )
    tokens: ConnectionType[TokenRef] = connection(
        Token,
        "The tokens of partner systems, newest first, with expired and revoked ones. Requires role "
        "ADMIN.",
        order=TOKEN_ORDER,
        filters=token_filters(),
    )
    webhooks: ConnectionType[WebhookRef] = connection(
        Webhook,
        "The webhooks, newest first, without deleted ones. Requires role ADMIN.",
        order=WEBHOOK_ORDER,
        where=(EXISTING,),
        filters=webhook_filters(),
    )
    audit_log: ConnectionType[AuditEntryRef] = connection(
        AuditEntry,
        "What users, partner systems and the command line did that is no event of an account, "
        "newest first. Requires role ADMIN.",
        order=AUDIT_ORDER,
        filters=audit_filters(),
        filter_input=AuditFilter,
    )
