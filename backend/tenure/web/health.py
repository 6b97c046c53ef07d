"""Alive, and ready: what a load balancer asks. Without its broker a server can still answer, so it stays ready."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenure.kernel.db import Database
from tenure.kernel.disk import what_hinders
from tenure.kernel.readiness import schema_notices


def health_routes(
    database: Database,
    of_the_broker: Callable[[], Sequence[str]],
    of_the_jobs: Callable[[], Awaitable[Sequence[str]]],
) -> list[Route]:
    """`/healthz` and `/readyz`. A fault of the broker or of a worker is told, and so is a schema that
    is newer and compatible; all of them leave the server ready.
    """

    async def alive(request: Request) -> Response:  # noqa: ARG001 - Starlette hands it
        return JSONResponse({"alive": True})

    async def ready(request: Request) -> Response:  # noqa: ARG001
        problems = await what_hinders(database)
        notices = [] if problems else [*await schema_notices(database), *await of_the_jobs()]
        said = {"ready": not problems, "problems": [*problems, *notices, *of_the_broker()]}
        return JSONResponse(said, status_code=503 if problems else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]
