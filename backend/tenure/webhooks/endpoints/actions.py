"""Creates, changes and deletes webhooks, each with an audit entry in its transaction (rules 10).

Secrets are returned once, when they are made, and stored encrypted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditOperation
from tenure.events.models import EventKind
from tenure.events.queries import LAST_ID
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.encryption import Cipher
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import optional_text
from tenure.kernel.unit import Runtime, Unit
from tenure.kernel.versions import check_version
from tenure.webhooks.deliveries.actions import resume
from tenure.webhooks.deliveries.models import LONGEST_DESCRIPTION, Webhook, WebhookStatus
from tenure.webhooks.deliveries.queries import locked_webhook
from tenure.webhooks.endpoints import rules
from tenure.webhooks.endpoints.queries import count_webhooks

PURPOSE = "tenure webhook secrets"


class WebhookChanges(TypedDict, total=False):
    """The fields of a webhook that can be changed. A missing key leaves its field unchanged."""

    url: str | None
    event_kinds: Sequence[EventKind] | None
    description: str | None
    status: WebhookStatus | None


def secret_cipher(runtime: Runtime) -> Cipher:
    """The cipher of webhook secrets. Raises ConfigurationError if no secret key is set."""
    return Cipher(runtime.webhooks.key(), PURPOSE)


async def create_webhook(
    unit: Unit,
    runtime: Runtime,
    *,
    position: int,
    url: str | None,
    event_kinds: Sequence[EventKind] = (),
    description: str | None = None,
) -> tuple[Webhook, str]:
    """Creates a webhook, and returns it with its secret.

    `position` is that of the newest event, read before this unit began: every event that is
    committed after the webhook has a greater one. Raises REQUIRED, OUT_OF_RANGE and INVALID (url,
    description), and NOT_ALLOWED.
    """
    unit.require(Role.ADMIN)
    checked = rules.checked_url(url, allow_private=runtime.webhooks.allow_private)
    text = optional_text(description, path="description", longest=LONGEST_DESCRIPTION)
    rules.check_count(await count_webhooks(unit.session))
    secret = rules.new_secret()
    unit.returns_secret = True
    webhook = Webhook(
        url=checked,
        event_kinds=list(dict.fromkeys(event_kinds)),
        description=text,
        status=WebhookStatus.ACTIVE,
        secret=secret_cipher(runtime).encrypt(secret),
        position=position,
        event_id=LAST_ID,
        succeeded_attempts=0,
        failed_attempts=0,
        created_by=unit.actor.name,
        created_at=real_now(),
        version=1,
    )
    unit.session.add(webhook)
    await unit.session.flush()
    changes = {
        "url": (None, webhook.url),
        "event_kinds": (None, webhook.event_kinds),
        "description": (None, webhook.description),
    }
    summary = f"Created webhook {webhook.url}."
    values = {"operation": AuditOperation.WEBHOOK_CREATED, "webhook": webhook.url}
    await record_audit(unit, AuditAction.WEBHOOK_CHANGED, summary, changes, values)
    return webhook, secret


async def update_webhook(
    unit: Unit,
    runtime: Runtime,
    webhook_id: int,
    *,
    rotate_secret: bool = False,
    expected_version: int | None = None,
    **changes: Unpack[WebhookChanges],
) -> tuple[Webhook, str | None]:
    """Changes a webhook, and returns it with its new secret if that is rotated.

    Raises NOT_FOUND, CONFLICT, and the errors of the fields as `create_webhook`.
    """
    unit.require(Role.ADMIN)
    webhook = await locked_webhook(unit, webhook_id)
    check_version(webhook.version, expected_version)
    new = _checked(runtime, changes)
    changed = {
        name: (getattr(webhook, name), value)
        for name, value in new.items()
        if getattr(webhook, name) != value
    }
    for name, (_, value) in changed.items():
        setattr(webhook, name, value)
    now = real_now()
    secret = _rotate(runtime, webhook, now) if rotate_secret else None
    unit.returns_secret = secret is not None
    if changed.get("status", (None, None))[1] is WebhookStatus.ACTIVE:
        await resume(unit, webhook, now=now)
    if changed or secret:
        webhook.version += 1
        await unit.session.flush()
        values: dict[str, object] = {"webhook": webhook.url}
        summary = f"Changed webhook {webhook.url}."
        if secret and changed:
            values["operation"] = AuditOperation.WEBHOOK_CHANGED_AND_SECRET_ROTATED
            summary = f"Changed webhook {webhook.url} and rotated its secret."
        elif secret:
            values["operation"] = AuditOperation.WEBHOOK_SECRET_ROTATED
            summary = f"Rotated the secret of webhook {webhook.url}."
        await record_audit(unit, AuditAction.WEBHOOK_CHANGED, summary, changed, values)
    return webhook, secret


async def delete_webhook(unit: Unit, webhook_id: int) -> Webhook:
    """Deletes a webhook: nothing is sent to it any more. Raises NOT_FOUND.

    The row is kept for 30 days, like its deliveries.
    """
    unit.require(Role.ADMIN)
    webhook = await locked_webhook(unit, webhook_id)
    webhook.deleted_at = real_now()
    webhook.version += 1
    await unit.session.flush()
    summary = f"Deleted webhook {webhook.url}."
    values = {"operation": AuditOperation.WEBHOOK_DELETED, "webhook": webhook.url}
    await record_audit(unit, AuditAction.WEBHOOK_CHANGED, summary, values=values)
    return webhook


def _checked(runtime: Runtime, changes: WebhookChanges) -> dict[str, object]:
    new: dict[str, object] = {}
    if "url" in changes:
        allow_private = runtime.webhooks.allow_private
        new["url"] = rules.checked_url(changes["url"], allow_private=allow_private)
    if "event_kinds" in changes:
        if changes["event_kinds"] is None:
            message = "Provide kinds of event, or an empty list for every kind."
            raise TenureError(ErrorCode.REQUIRED, message, ("event_kinds",))
        new["event_kinds"] = list(dict.fromkeys(changes["event_kinds"]))
    if "description" in changes:
        new["description"] = optional_text(
            changes["description"], path="description", longest=LONGEST_DESCRIPTION
        )
    if "status" in changes:
        rules.check_status(changes["status"])
        new["status"] = changes["status"]
    return new


def _rotate(runtime: Runtime, webhook: Webhook, now: datetime) -> str:
    secret = rules.new_secret()
    webhook.previous_secret = webhook.secret
    webhook.previous_secret_ends_at = now + rules.ROTATION
    webhook.secret = secret_cipher(runtime).encrypt(secret)
    return secret
