"""A mutation that is sent again with the same Idempotency-Key answers what the first one answered, for 24 hours."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast
from starlette.responses import Response

from tenure.graphql.errors import refusal
from tenure.graphql.limits import parsed
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Unit, Workplace
from tenure.requests.actions import give_back, keep, mark_carried_out, take
from tenure.requests.rules import Answer, MismatchError, UnansweredError

LONGEST_KEY = 255
Run: TypeAlias = Callable[[Workplace], Awaitable[Response]]


def is_mutation(document: object, operation: object) -> bool:
    """True where the operation changes something; what cannot be parsed changes nothing."""
    if not isinstance(document, str):
        return False
    try:
        chosen = get_operation_ast(parsed(document), operation if isinstance(operation, str) else None)
    except (GraphQLError, RecursionError):
        return False
    return chosen is not None and chosen.operation is OperationType.MUTATION


async def answered_once(workplace: Workplace, actor: Actor, *, key: str, body: bytes, run: Run) -> Response:
    """The first answer under this key, or that of `run`, which is kept. Raises GraphQLError where neither can be."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise refusal(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.", "INVALID")
    digest = hashlib.sha256(body).hexdigest()
    try:
        first = await workplace.carry_out(actor, partial(take, key=key, digest=digest))
    except MismatchError:
        raise refusal("This Idempotency-Key was used with another request.", "IDEMPOTENCY_MISMATCH") from None
    except UnansweredError:
        words = "The first request with this Idempotency-Key has no answer yet. Read what it changed before you retry."
        raise refusal(words, "CONFLICT") from None
    if first is not None:
        return Response(first.body, first.status, {"content-type": first.media_type, "idempotency-replayed": "true"})
    marked = replace(workplace, before_commit=partial(mark_carried_out, key=key))
    response = await run(marked)
    await workplace.carry_out(actor, partial(_settle, key=key, response=response))
    return response


async def _settle(unit: Unit, *, key: str, response: Response) -> None:
    """A refusal or a fault that left nothing changed is not kept: the caller may try again under the same key."""
    body = bytes(response.body)
    if "errors" in orjson.loads(body) and await give_back(unit, key=key):
        return
    await keep(unit, key=key, answer=Answer(response.status_code, response.headers["content-type"], body))
