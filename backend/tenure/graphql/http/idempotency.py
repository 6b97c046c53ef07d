"""Idempotency-Key: a repeated mutation gets the response of the first one for 24 hours."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias
from uuid import uuid4
from weakref import WeakValueDictionary

import orjson
import structlog
from graphql import GraphQLError, OperationType, get_operation_ast
from starlette.responses import Response

from tenure.graphql.http.errors import request_error
from tenure.graphql.http.limits import parse_document
from tenure.idempotency.actions import (
    answer_of_winner,
    claim_key,
    mark_done,
    release_key,
    store_answer,
)
from tenure.idempotency.rules import Answer, KeyClaim, KeyLostError, MismatchError, UnansweredError
from tenure.kernel.actor import Actor
from tenure.kernel.faults import is_resumable
from tenure.kernel.readiness import first_line
from tenure.kernel.unit import Runtime, Unit

MAX_KEY_LENGTH = 255
# A retry waits so long for the response of a first request that is still running.
WAIT_SECONDS = 10.0
POLL_SECONDS = 0.1
log = structlog.get_logger()
# Requests of this process with the same caller and key are answered one after the other: only one
# of them asks the database whether another process has finished.
_queues: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
Run: TypeAlias = Callable[[Runtime], Awaitable[Response]]


def is_mutation(document: object, operation: object) -> bool:
    """True if the selected operation is a mutation; false if the document cannot be parsed."""
    if not isinstance(document, str):
        return False
    try:
        selected = get_operation_ast(
            parse_document(document), operation if isinstance(operation, str) else None
        )
    except (GraphQLError, RecursionError):
        return False
    return selected is not None and selected.operation is OperationType.MUTATION


async def run_idempotent(
    runtime: Runtime, actor: Actor, *, key: str, body: bytes, run: Run
) -> Response:
    """The stored response of the key, or the response of `run`, which is then stored.

    Raises GraphQLError if the key is invalid, belongs to another request, or has no response yet.
    """
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise request_error(
            f"An Idempotency-Key must have 1 to {MAX_KEY_LENGTH} characters.", "INVALID"
        )
    claim = KeyClaim(key, hashlib.sha256(body).hexdigest(), owner=uuid4().hex)
    async with _in_turn(actor, key):
        return await _run_once(runtime, actor, claim, run)


@asynccontextmanager
async def _in_turn(actor: Actor, key: str) -> AsyncIterator[None]:
    """Waits for other requests with the key, at most WAIT_SECONDS."""
    queue = _queues.setdefault((actor.name, key), asyncio.Lock())
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await queue.acquire()
    except TimeoutError:
        yield
        return
    try:
        yield
    finally:
        queue.release()


async def _run_once(runtime: Runtime, actor: Actor, claim: KeyClaim, run: Run) -> Response:
    first = await _claim_key(runtime, actor, claim)
    if first is not None:
        return _replay(first)
    mark = KeyMark(claim)
    response = await run(replace(runtime, before_commit=mark.set))
    if mark.lost:
        return await _response_of_winner(runtime, actor, claim, response)
    if mark.is_secret:
        return response
    try:
        await runtime.run_in_unit(actor, partial(_store_or_release, claim=claim, response=response))
    except Exception as fault:
        if not is_resumable(fault):
            raise
        # The response is correct; only a retry cannot be answered from it.
        log.warning(
            "the response could not be stored under its Idempotency-Key", fault=first_line(fault)
        )
    return response


async def _claim_key(runtime: Runtime, actor: Actor, claim: KeyClaim) -> Answer | None:
    """Claim the key. Returns the stored response if there is one; raises GraphQLError.

    Waits for the response of a request that began less than WAIT_SECONDS ago.
    """
    while True:
        try:
            return await runtime.run_in_unit(actor, partial(claim_key, claim=claim))
        except MismatchError:
            raise request_error(
                "This Idempotency-Key was used with a different request.", "IDEMPOTENCY_MISMATCH"
            ) from None
        except UnansweredError as unanswered:
            if unanswered.age.total_seconds() > WAIT_SECONDS:
                message = (
                    "The first request with this Idempotency-Key has no stored result. Check what "
                    "it changed before you retry."
                )
                raise request_error(message, "CONFLICT") from None
        await asyncio.sleep(POLL_SECONDS)


@dataclass(slots=True)
class KeyMark:
    """Marks the key as done in the transaction of the change; records if the key was lost.

    `is_secret`: the answer contains a secret, which must not be stored.
    """

    claim: KeyClaim
    lost: bool = False
    is_secret: bool = False

    async def set(self, unit: Unit) -> None:
        """Mark the key before the commit. Raises KeyLostError, which rolls the change back."""
        self.is_secret |= unit.returns_secret
        try:
            await mark_done(unit, self.claim)
        except KeyLostError:
            self.lost = True
            raise


async def _response_of_winner(
    runtime: Runtime, actor: Actor, claim: KeyClaim, own: Response
) -> Response:
    """The response of the request that took over the key; `own` if there is none yet."""
    try:
        return _replay(await runtime.run_in_unit(actor, partial(answer_of_winner, claim=claim)))
    except (MismatchError, UnansweredError):
        return own


def _replay(answer: Answer) -> Response:
    headers = {"content-type": answer.media_type, "idempotency-replayed": "true"}
    return Response(answer.body, answer.status, headers)


async def _store_or_release(unit: Unit, claim: KeyClaim, response: Response) -> None:
    """Store the response; release the key after an error that changed nothing, for a retry."""
    body = bytes(response.body)
    if "errors" in orjson.loads(body) and await release_key(unit, claim):
        return
    answer = Answer(response.status_code, response.headers["content-type"], body)
    await store_answer(unit, claim, answer)
