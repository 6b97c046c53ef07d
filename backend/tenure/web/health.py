"""Alive, and ready: what a load balancer asks. Without its broker a server can still answer, so it stays ready."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenure.kernel.db import Database
from tenure.kernel.disk import what_hinders


def health_routes(database: Database, of_the_broker: Callable[[], Sequence[str]]) -> list[Route]:
    """`/healthz` and `/readyz`. What is wrong with the broker is told, and is no reason to send nobody here."""

    async def alive(request: Request) -> Response:  # noqa: ARG001 - Starlette hands it
        return JSONResponse({"alive": True})

    async def ready(request: Request) -> Response:  # noqa: ARG001
        problems = await what_hinders(database)
        said = {"ready": not problems, "problems": [*problems, *of_the_broker()]}
        return JSONResponse(said, status_code=503 if problems else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]
