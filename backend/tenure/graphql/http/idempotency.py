"""A mutation that is sent again with the same Idempotency-Key answers what the first one answered, for 24 hours."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias
from uuid import uuid4

import orjson
import structlog
from graphql import GraphQLError, OperationType, get_operation_ast
from starlette.responses import Response

from tenure.graphql.http.errors import refusal
from tenure.graphql.http.limits import parsed
from tenure.idempotency.actions import answer_of_winner, give_back, keep, mark_done, take
from tenure.idempotency.rules import Answer, KeyClaim, KeyLostError, MismatchError, UnansweredError
from tenure.kernel.actor import Actor
from tenure.kernel.faults import is_resumable
from tenure.kernel.readiness import first_line
from tenure.kernel.unit import Runtime, Unit

LONGEST_KEY = 255
log = structlog.get_logger()
Run: TypeAlias = Callable[[Runtime], Awaitable[Response]]


def is_mutation(document: object, operation: object) -> bool:
    """True where the operation changes something; what cannot be parsed changes nothing."""
    if not isinstance(document, str):
        return False
    try:
        chosen = get_operation_ast(
            parsed(document), operation if isinstance(operation, str) else None
        )
    except (GraphQLError, RecursionError):
        return False
    return chosen is not None and chosen.operation is OperationType.MUTATION


async def answered_once(
    runtime: Runtime, actor: Actor, *, key: str, body: bytes, run: Run
) -> Response:
    """The first answer under this key, or that of `run`, which is kept. Raises GraphQLError where neither can be."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise refusal(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.", "INVALID")
    claim = KeyClaim(key, hashlib.sha256(body).hexdigest(), owner=uuid4().hex)
    try:
        first = await runtime.run_in_unit(actor, partial(take, claim=claim))
    except MismatchError:
        raise refusal(
            "This Idempotency-Key was used with another request.", "IDEMPOTENCY_MISMATCH"
        ) from None
    except UnansweredError:
        words = "The first request with this Idempotency-Key has no answer yet. Read what it changed before you retry."
        raise refusal(words, "CONFLICT") from None
    if first is not None:
        return _replayed(first)
    mark = Mark(claim)
    response = await run(replace(runtime, before_commit=mark.set))
    if mark.lost:
        return await _winners_answer(runtime, actor, claim, response)
    try:
        await runtime.run_in_unit(actor, partial(_settle, claim=claim, response=response))
    except Exception as fault:
        if not is_resumable(fault):
            raise
        # The change is made or refused, and this is its answer. Only a retry cannot be answered from it.
        log.warning(
            "the answer could not be kept under its Idempotency-Key", fault=first_line(fault)
        )
    return response


@dataclass(slots=True)
class Mark:
    """Marks the key as done in the transaction of each change, and remembers that it was lost."""

    claim: KeyClaim
    lost: bool = False

    async def set(self, unit: Unit) -> None:
        """Called before the commit. Raises KeyLostError, which rolls the change back."""
        try:
            await mark_done(unit, self.claim)
        except KeyLostError:
            self.lost = True
            raise


async def _winners_answer(
    runtime: Runtime, actor: Actor, claim: KeyClaim, own: Response
) -> Response:
    """The answer of the request that took the key over; the refusal of this one where there is none yet."""
    try:
        return _replayed(await runtime.run_in_unit(actor, partial(answer_of_winner, claim=claim)))
    except (MismatchError, UnansweredError):
        return own


def _replayed(answer: Answer) -> Response:
    headers = {"content-type": answer.media_type, "idempotency-replayed": "true"}
    return Response(answer.body, answer.status, headers)


async def _settle(unit: Unit, claim: KeyClaim, response: Response) -> None:
    """A refusal or a fault that left nothing changed is not kept: the caller may try again under the same key."""
    body = bytes(response.body)
    if "errors" in orjson.loads(body) and await give_back(unit, claim):
        return
    await keep(unit, claim, Answer(response.status_code, response.headers["content-type"], body))
