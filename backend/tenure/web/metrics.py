"""Metrics for Prometheus: requests by path and status, their duration, and due work."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenure.deferred.queries import count_due
from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.rates import RateLimiter
from tenure.jobs.queries import live_runs
from tenure.kernel.clock import real_now
from tenure.kernel.unit import Runtime
from tenure.settings.queries import read_business
from tenure.webhooks.deliveries.models import WebhookStatus
from tenure.webhooks.deliveries.queries import WebhookFigures, webhook_figures

# All other paths share one label, so that clients cannot create labels.
PATHS = (
    "/graphql",
    "/graphiql",
    "/auth/sign-in",
    "/auth/sign-out",
    "/healthz",
    "/readyz",
    "/metrics",
    "/imports",
)
# As nginx counts them.
CLIENT_CLOSED_REQUEST = 499
FOLDERS = ("/assets", "/bills", "/exports", "/imports")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class Metrics:
    """The metrics of one application, in its own registry: tests start several applications."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        labels = ["method", "path", "status"]
        self.requests = Counter(
            "tenure_http_requests", "Requests that were answered.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "tenure_http_request_seconds",
            "Seconds from the request to the last byte of its response.",
            ["path"],
            registry=self.registry,
        )
        # Finding the series of a response by its labels takes longer than counting it.
        self.series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.due = Gauge(
            "tenure_deferred_actions_due", "Deferred actions that are due.", registry=self.registry
        )
        self.live = Gauge(
            "tenure_job_runs_live", "Job runs that are QUEUED or RUNNING.", registry=self.registry
        )

        self.webhooks = WebhooksCollector()
        self.registry.register(self.webhooks)

    def count_queries(self, compiled: CompiledReads) -> None:
        """Export how many queries were answered by compiled statements."""
        self.registry.register(CompiledQueriesCollector(compiled))

    def count_rates(self, limiter: RateLimiter) -> None:
        """Export how many operations were rejected by rate limits."""
        self.registry.register(RatesCollector(limiter))

    def count(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count one response."""
        key = (method if method in METHODS else "OTHER", label_of(path), status)
        series = self.series.get(key)
        if series is None:
            method, path, _ = key
            series = self.series[key] = (
                self.requests.labels(method, path, str(status)),
                self.seconds.labels(path),
            )
        requests, durations = series
        requests.inc()
        durations.observe(seconds)

    async def show(self, request: Request) -> Response:
        """`/metrics`."""
        async with self.runtime.database.reading() as session:
            business = await read_business(session, self.runtime)
            self.due.set(await count_due(session, business.now))
            self.live.set(len(await live_runs(session)))
            self.webhooks.figures = await webhook_figures(session)
        return Response(
            generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST}
        )


class WebhooksCollector(Collector):
    """The deliveries of each webhook, by its id. The figures are those of the database."""

    def __init__(self) -> None:
        self.figures: Sequence[WebhookFigures] = ()

    def collect(self) -> Iterator[Metric]:
        """The counters and gauges."""
        label = ["webhook"]
        attempts = CounterMetricFamily(
            "tenure_webhook_attempts", "Attempts to deliver an event.", labels=[*label, "result"]
        )
        pending = GaugeMetricFamily(
            "tenure_webhook_pending", "Events that were not delivered yet.", labels=label
        )
        age = GaugeMetricFamily(
            "tenure_webhook_oldest_pending_seconds",
            "Seconds since the oldest pending delivery was recorded; 0 if there is none.",
            labels=label,
        )
        active = GaugeMetricFamily(
            "tenure_webhook_active", "1 if events are sent, 0 if PAUSED or FAILING.", labels=label
        )
        now = real_now()
        for it in self.figures:
            name = str(it.webhook_id)
            attempts.add_metric([name, "succeeded"], it.succeeded_attempts)
            attempts.add_metric([name, "failed"], it.failed_attempts)
            pending.add_metric([name], it.pending)
            oldest = it.oldest_pending_at
            age.add_metric([name], 0 if oldest is None else (now - oldest).total_seconds())
            active.add_metric([name], it.status is WebhookStatus.ACTIVE)
        yield from (attempts, pending, age, active)


class CompiledQueriesCollector(Collector):
    """How many queries and payloads compiled statements have read, and why others were not."""

    def __init__(self, compiled: CompiledReads) -> None:
        self.compiled = compiled

    def collect(self) -> Iterator[Metric]:
        """The counters."""
        text = "Queries and payloads of mutations answered by a compiled statement."
        yield CounterMetricFamily("tenure_graphql_compiled", text, self.compiled.compiled)
        text = "Queries and payloads answered by resolvers instead, by reason."
        fallbacks = CounterMetricFamily("tenure_graphql_fallback", text, labels=["reason"])
        for reason, number in self.compiled.fallbacks.items():
            fallbacks.add_metric([reason], number)
        yield fallbacks


class RatesCollector(Collector):
    """How many operations were rejected by rate limits, and how many were not counted."""

    def __init__(self, limiter: RateLimiter) -> None:
        self.limiter = limiter

    def collect(self) -> Iterator[Metric]:
        """The counters."""
        text = "Operations that were rejected by rate limits."
        yield CounterMetricFamily("tenure_rate_limited", text, self.limiter.rejected)
        text = "Operations that were admitted because Redis was unavailable."
        yield CounterMetricFamily("tenure_rate_limit_unavailable", text, self.limiter.unavailable)


class RequestMetrics:
    """Counts every response, including those that do not reach a route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # The status if the client disconnects before the response begins.
        status, start = CLIENT_CLOSED_REQUEST, perf_counter()

        async def send_and_record(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_record)
        except BaseException:
            status = 500 if status == CLIENT_CLOSED_REQUEST else status
            raise
        finally:
            self.metrics.count(scope["method"], scope["path"], status, perf_counter() - start)


def label_of(path: str) -> str:
    """The label of the path."""
    if path in PATHS:
        return path
    path = path.removesuffix("/") or "/"
    folder = next((folder for folder in FOLDERS if path.startswith(f"{folder}/")), None)
    if folder is not None:
        return folder
    return path if path in PATHS else "/"
