"""The application: all routes, the middleware, and what starts and stops with the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tenure.batch.heartbeat import stuck_jobs
from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.options import options_of
from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tenure.kernel.timeouts import PROBES
from tenure.settings.queries import runtime_of
from tenure.web.back_channel import BackChannelLogout
from tenure.web.bills import Bills
from tenure.web.bodies import BodyLimit, Compression
from tenure.web.defences import Headers, SameOrigin, allowed_origins
from tenure.web.errors import GRAPHQL_PATHS, Errors
from tenure.web.exports import Exports
from tenure.web.health import health_routes
from tenure.web.imports import Imports
from tenure.web.metrics import Metrics, RequestMetrics
from tenure.web.oidc import OidcSignIn
from tenure.web.pages import DIST, Pages
from tenure.web.sessions import Sessions
from tenure.web.sign_in import SignIn
from tenure.worker.brokered import Brokered
from tenure.worker.embedded import Embedded

LARGEST_BODY = 1024 * 1024
PROBE_CONNECTIONS = 2


def create_app(settings: Settings) -> Starlette:
    """The web server, without a broker also worker and scheduler. Raises ConfigurationError."""
    database = Database(
        settings.database_url, pool_size=settings.pool_size, timeouts=settings.web_timeouts
    )
    # Separate, so that health and metrics are answered while the pool is exhausted.
    probes = Database(settings.database_url, pool_size=PROBE_CONNECTIONS, timeouts=PROBES)
    workers = Embedded(settings) if settings.embedded else Brokered(settings)
    runtime = runtime_of(settings, database, wake_workers=workers.wake)
    sessions, metrics = Sessions(settings, runtime), Metrics(runtime_of(settings, probes))
    sign_in = SignIn(runtime, sessions, settings)
    oidc = OidcSignIn(sign_in, settings)
    options = options_of(settings, page=DIST / "operations.json")
    graphql = graphql_app(runtime, sessions.authenticate, sessions.recheck, options)
    metrics.count_queries(graphql.compiled)
    metrics.count_rates(options.limiter)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001 - Starlette passes it
        try:
            async with workers.running(runtime):
                yield
        finally:
            await options.close()
            await sessions.close()
            await database.close()
            await probes.close()

    return Application(
        graphql,
        routes=[
            *(WebSocketRoute(path, graphql) for path in GRAPHQL_PATHS),
            *sign_in.routes(),
            *oidc.routes(),
            *BackChannelLogout(sign_in).routes(),
            *health_routes(
                probes, workers.problems, partial(stuck_jobs, probes, settings.worker_timeout)
            ),
            Route("/metrics", metrics.show),
            *Bills(database, sessions.authenticate).routes(),
            *Exports(runtime, sessions.authenticate).routes(),
            *Imports(runtime, sessions.authenticate).routes(),
            *Pages().routes(),
        ],
        middleware=middleware(settings, metrics),
        lifespan=lifespan,
    )


class Application(Starlette):
    """All routes in the layers of `middleware`. Requests to `/graphql` need no router."""

    def __init__(self, graphql: ASGIApp, **options: Any) -> None:
        super().__init__(**options)
        self.graphql = graphql
        self.routed = ExceptionMiddleware(self.router)

    def build_middleware_stack(self) -> ASGIApp:
        """Without the layer of Starlette for exceptions, which do not pass `Errors`."""
        app: ASGIApp = self._dispatch
        for layer, arguments, options in reversed(self.user_middleware):
            app = layer(app, *arguments, **options)
        return app

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_graphql = scope["type"] == "http" and scope["path"] in GRAPHQL_PATHS
        await (self.graphql if is_graphql else self.routed)(scope, receive, send)


def middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """The middleware, outermost first."""
    is_allowed = allowed_origins(settings.origins, settings.public_url)
    layers = [
        # Outermost, because all others use the client's address and scheme.
        Middleware(
            ProxyHeadersMiddleware, trusted_hosts=[str(it) for it in settings.trusted_networks]
        ),
        Middleware(RequestMetrics, metrics=metrics),
        Middleware(Headers, public_url=settings.public_url),
        Middleware(Errors),
        Middleware(BodyLimit, max_body_size=LARGEST_BODY),
        Middleware(Compression, compresslevel=6),
        Middleware(SameOrigin, is_allowed=is_allowed),
    ]
    if settings.origins:
        # Outside of `Errors`, so that a page of an allowed origin can read error responses.
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Tenure-Dry-Run"],
            allow_credentials=True,
        )
        layers.insert(3, cors)
    return layers
