"""Health checks for load balancers. A server without its broker is ready, because it can answer."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenure.kernel.db import Database
from tenure.kernel.disk import what_hinders
from tenure.kernel.readiness import schema_notices


def health_routes(
    database: Database,
    broker_problems: Callable[[], Sequence[str]],
    job_problems: Callable[[], Awaitable[Sequence[str]]],
) -> list[Route]:
    """`/healthz` and `/readyz`.

    Faults of the broker or of a worker, and a newer compatible schema, are listed as problems, but
    the server remains ready.
    """

    async def alive(request: Request) -> Response:  # noqa: ARG001 - Starlette passes it
        return JSONResponse({"alive": True})

    async def ready(request: Request) -> Response:  # noqa: ARG001
        problems = await what_hinders(database)
        notices = [] if problems else [*await schema_notices(database), *await job_problems()]
        state = {"ready": not problems, "problems": [*problems, *notices, *broker_problems()]}
        return JSONResponse(state, status_code=503 if problems else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]
