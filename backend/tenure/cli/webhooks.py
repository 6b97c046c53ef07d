"""The command `tenure webhook`: endpoints of partner systems that are sent events.

Heavy modules are imported by the command that needs them (PLC0415), so that `tenure --help` is
fast.
"""
# ruff: noqa: PLC0415

from typing import TYPE_CHECKING, Annotated

import typer

from tenure.cli.output import AsJson, checked_values, formatted, print_json, print_rows
from tenure.cli.running import in_runtime

if TYPE_CHECKING:
    from tenure.kernel.unit import Runtime, Unit
    from tenure.webhooks.deliveries.models import Webhook, WebhookStatus

webhooks = typer.Typer(help="Endpoints that are sent events.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(metavar="ID", help="The number of the webhook.", min=1)]
COLUMNS = ["id", "status", "url", "pending", "oldest_pending_at", "failing_since"]


@webhooks.command(name="list")
def list_webhooks(as_json: AsJson = False) -> None:
    """List all webhooks with their backlogs, without their secrets."""
    print_rows(in_runtime(listed), COLUMNS, as_json=as_json)


async def listed(runtime: "Runtime") -> list[dict[str, object]]:
    """The rows of the list."""
    from tenure.webhooks.deliveries.queries import webhook_figures
    from tenure.webhooks.endpoints import queries

    async with runtime.database.reading() as session:
        found = await queries.webhooks(session)
        figures = {it.webhook_id: it for it in await webhook_figures(session)}
    return [
        {
            **row_of(webhook),
            "pending": figures[webhook.id].pending,
            "oldest_pending_at": formatted(figures[webhook.id].oldest_pending_at),
            "succeeded_attempts": webhook.succeeded_attempts,
            "failed_attempts": webhook.failed_attempts,
        }
        for webhook in found
        if webhook.id in figures
    ]


@webhooks.command(name="add")
def add_webhook(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are sent to.")],
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="A kind of event, repeatable; all by default."),
    ] = None,
    description: Annotated[str | None, typer.Option(help="A note for admins.")] = None,
    as_json: AsJson = False,
) -> None:
    """Create a webhook. Prints its secret once, which receivers verify messages with."""
    from tenure.events.models import EventKind
    from tenure.events.queries import newest_position
    from tenure.webhooks.endpoints.actions import create_webhook

    kinds = [EventKind(it) for it in checked_values(kind, EventKind)]

    async def add(runtime: "Runtime") -> dict[str, object]:
        from tenure.kernel.actor import SYSTEM

        async with runtime.database.connection() as connection:
            position = await newest_position(connection)

        async def operation(unit: "Unit") -> dict[str, object]:
            webhook, secret = await create_webhook(
                unit,
                runtime,
                position=position,
                url=url,
                event_kinds=kinds,
                description=description,
            )
            return {**row_of(webhook), "secret": secret}

        return await runtime.run_in_unit(SYSTEM, operation)

    print_result(in_runtime(add), "Webhook {id} was created. Its secret is {secret}.", as_json)


@webhooks.command(name="pause")
def pause_webhook(webhook_id: Id, as_json: AsJson = False) -> None:
    """Stop sending events. They are kept for 30 days."""
    from tenure.webhooks.deliveries.models import WebhookStatus

    print_result(
        with_status(webhook_id, WebhookStatus.PAUSED), "Webhook {id} is {status}.", as_json
    )


@webhooks.command(name="resume")
def resume_webhook(webhook_id: Id, as_json: AsJson = False) -> None:
    """Send events again, also those that were kept. For a PAUSED or a FAILING webhook."""
    from tenure.webhooks.deliveries.models import WebhookStatus

    print_result(
        with_status(webhook_id, WebhookStatus.ACTIVE), "Webhook {id} is {status}.", as_json
    )


def with_status(webhook_id: int, status: "WebhookStatus") -> dict[str, object]:
    """Change the status of a webhook; returns its row."""
    from tenure.kernel.actor import SYSTEM
    from tenure.webhooks.endpoints.actions import update_webhook

    async def change(runtime: "Runtime") -> dict[str, object]:
        async def operation(unit: "Unit") -> dict[str, object]:
            webhook, _ = await update_webhook(unit, runtime, webhook_id, status=status)
            return row_of(webhook)

        return await runtime.run_in_unit(SYSTEM, operation)

    return in_runtime(change)


@webhooks.command(name="redeliver")
def redeliver_delivery(
    delivery_id: Annotated[
        int, typer.Argument(metavar="DELIVERY", help="The number of the delivery.", min=1)
    ],
    as_json: AsJson = False,
) -> None:
    """Send the event of a delivery again. A worker does so within about a second."""
    from tenure.cli.running import in_unit
    from tenure.kernel.clock import real_now
    from tenure.webhooks.deliveries.actions import redeliver

    async def operation(unit: "Unit") -> dict[str, object]:
        delivery = await redeliver(unit, delivery_id, now=real_now())
        return {
            "id": delivery.id,
            "webhook_id": delivery.webhook_id,
            "event_id": delivery.event_id,
            "status": delivery.status.value,
            "attempts": delivery.attempts,
        }

    print_result(in_unit(operation), "Delivery {id} is {status}.", as_json)


@webhooks.command(name="test")
def send_test(webhook_id: Id, as_json: AsJson = False) -> None:
    """Send a signed test message now, and print what was answered. Exits with 1 for an error."""
    from tenure.webhooks.sending.messages import send_test_message

    async def send(runtime: "Runtime") -> dict[str, object]:
        answer = await send_test_message(runtime, webhook_id)
        return {"id": webhook_id, "response_status": answer.status, "error": answer.error}

    result = in_runtime(send)
    text = "{error}" if result["error"] else "The endpoint answered: {response_status}"
    print_result(result, text, as_json)
    if result["error"]:
        raise typer.Exit(1)


def row_of(webhook: "Webhook") -> dict[str, object]:
    """The values of a webhook as texts, without its secrets."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "event_kinds": [kind.value for kind in webhook.event_kinds],
        "description": webhook.description,
        "status": webhook.status.value,
        "failing_since": formatted(webhook.failing_since),
        "created_by": webhook.created_by,
        "created_at": formatted(webhook.created_at),
    }


def print_result(values: dict[str, object], text: str, as_json: bool) -> None:
    """Print one object as JSON, or as a sentence."""
    if as_json:
        print_json(values)
    else:
        typer.echo(text.format(**values))
