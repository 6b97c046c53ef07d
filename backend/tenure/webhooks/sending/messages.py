"""Signed messages, sent now: attempts of deliveries, and test messages."""

from uuid import uuid4

from tenure.kernel.clock import real_now
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.unit import Runtime
from tenure.webhooks.deliveries.queries import existing_webhook
from tenure.webhooks.deliveries.rules import Secrets, message_of, secrets_at, signed_headers
from tenure.webhooks.endpoints.actions import secret_cipher
from tenure.webhooks.sending.client import EndpointAnswer, WebhookClient

DRY_RUN = EndpointAnswer(None, "Dry run: nothing was sent.")


async def send_signed(
    runtime: Runtime,
    client: WebhookClient,
    *,
    url: str,
    secrets: Secrets,
    message_id: str,
    body: str,
) -> EndpointAnswer:
    """Sign a message now and send it. Nothing is sent if a secret cannot be decrypted."""
    encrypted = [it for it in (secrets.current, secrets.previous) if it is not None]
    try:
        cipher = secret_cipher(runtime)
        decrypted = [cipher.decrypt(it) for it in encrypted]
    except ConfigurationError as fault:
        return EndpointAnswer(None, str(fault))
    headers = signed_headers(decrypted, message_id, body, real_now())
    return await client.send(url, body, headers)


async def send_test_message(runtime: Runtime, webhook_id: int) -> EndpointAnswer:
    """Send a message of type `test` to a webhook, whatever its status. Raises NOT_FOUND.

    The caller checks the permission. A dry run sends nothing.
    """
    async with runtime.database.reading() as session:
        webhook = await existing_webhook(session, webhook_id)
    if runtime.is_dry_run:
        return DRY_RUN
    now = real_now()
    async with WebhookClient(allow_private=runtime.webhooks.allow_private) as client:
        return await send_signed(
            runtime,
            client,
            url=webhook.url,
            secrets=secrets_at(webhook, now),
            message_id=f"msg_test_{uuid4().hex}",
            body=message_of("test", now, {"webhook": webhook.url}),
        )
