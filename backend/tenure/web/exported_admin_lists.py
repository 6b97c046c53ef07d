"""The lists of the catalog and of administration that can be exported, without any secret."""

from collections.abc import Mapping

from tenure.audit.models import AuditEntry
from tenure.catalog.models import Offer
from tenure.graphql.types.audit import AUDIT_ORDER, audit_filters
from tenure.graphql.types.catalog import OFFER_ORDER, offer_filters
from tenure.graphql.types.identity import TOKEN_ORDER, USER_ORDER, token_filters, user_filters
from tenure.graphql.types.reasons import REASON_ORDER, reason_filters
from tenure.graphql.types.webhooks import WEBHOOK_ORDER, webhook_filters
from tenure.identity.models import Token, User
from tenure.kernel.actor import Role
from tenure.reasons.models import StatusReason
from tenure.web.exported_lists import Export
from tenure.webhooks.deliveries.models import Webhook
from tenure.webhooks.deliveries.queries import EXISTING

ADMIN_EXPORTS: Mapping[str, Export] = {
    "audit-log": Export(
        AuditEntry,
        AUDIT_ORDER,
        {
            "at": AuditEntry.at,
            "actor": AuditEntry.actor,
            "action": AuditEntry.action,
            "summary": AuditEntry.summary,
            "details": AuditEntry.details,
        },
        filters=audit_filters(),
        filter_type="AuditFilter",
        role=Role.ADMIN,
    ),
    "offers": Export(
        Offer,
        OFFER_ORDER,
        {
            "code": Offer.code,
            "name": Offer.name,
            "kind": Offer.kind,
            "service_kind": Offer.service_kind,
            "currency": Offer.currency,
            "purchase_fee": Offer.purchase_fee,
            "monthly_fee": Offer.monthly_fee,
            "cancel_fee": Offer.cancel_fee,
            "usage_rate": Offer.usage_rate,
            "usage_unit": Offer.usage_unit,
            "monthly_percent_off": Offer.monthly_percent_off,
            "usage_percent_off": Offer.usage_percent_off,
            "created_at": Offer.created_at,
        },
        filters=offer_filters(),
        arguments_of="offers",
    ),
    "reasons": Export(
        StatusReason,
        REASON_ORDER,
        {
            "code": StatusReason.code,
            "label": StatusReason.label,
            "applies_to": StatusReason.applies_to,
            "is_retired": StatusReason.is_retired,
            "created_at": StatusReason.created_at,
        },
        filters=reason_filters(),
        arguments_of="reasons",
        role=Role.ADMIN,
    ),
    "tokens": Export(
        Token,
        TOKEN_ORDER,
        {
            "name": Token.name,
            "prefix": Token.prefix,
            "role": Token.role,
            "created_by": Token.created_by,
            "created_at": Token.created_at,
            "expires_at": Token.expires_at,
            "last_used_at": Token.last_used_at,
            "revoked_at": Token.revoked_at,
        },
        filters=token_filters(),
        arguments_of="tokens",
        role=Role.ADMIN,
    ),
    "users": Export(
        User,
        USER_ORDER,
        {
            "email": User.email,
            "name": User.name,
            "role": User.role,
            "status": User.status,
            "created_at": User.created_at,
            "last_sign_in_at": User.last_sign_in_at,
        },
        filters=user_filters(),
        arguments_of="users",
        role=Role.ADMIN,
    ),
    "webhooks": Export(
        Webhook,
        WEBHOOK_ORDER,
        {
            "url": Webhook.url,
            "description": Webhook.description,
            "event_kinds": Webhook.event_kinds,
            "status": Webhook.status,
            "failing_since": Webhook.failing_since,
            "created_by": Webhook.created_by,
            "created_at": Webhook.created_at,
        },
        filters=webhook_filters(),
        arguments_of="webhooks",
        where=(EXISTING,),
        role=Role.ADMIN,
    ),
}
