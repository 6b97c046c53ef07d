"""Worker and scheduler in `tenure serve` without a broker.

The jobs have their own event loop; webhooks are delivered in that of the server.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from dramatiq import Worker

from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.worker.actors import declare_actors
from tenure.worker.broker import make_broker
from tenure.worker.scheduler import scheduling
from tenure.worker.webhook_deliveries import delivering
from tenure.worker.worker_runtime import WorkerRuntime

# A chunk that takes longer after a stop is rolled back, and continued at the next start.
STOP_MILLISECONDS = 5_000
POLL_MILLISECONDS = 200


class Embedded:
    """A worker, a scheduler and deliveries. `wake` may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.worker_runtime = WorkerRuntime(settings)
        self.broker = make_broker(settings)
        self.broker.add_middleware(self.worker_runtime)
        self.wake = declare_actors(self.broker, settings, lambda: self.worker_runtime.runtime)

    def problems(self) -> Sequence[str]:
        """None: the worker is in this process."""
        return ()

    @asynccontextmanager
    async def running(self, runtime: Runtime) -> AsyncIterator[None]:
        """Run worker and scheduler during the block; `runtime` is that of the caller's loop."""
        # One thread, because SQLite has one writer.
        worker = Worker(self.broker, worker_threads=1, worker_timeout=POLL_MILLISECONDS)
        await asyncio.to_thread(worker.start)
        try:
            async with scheduling(runtime, self.wake), delivering(self.settings):
                yield
        finally:
            await asyncio.to_thread(worker.stop, STOP_MILLISECONDS)
