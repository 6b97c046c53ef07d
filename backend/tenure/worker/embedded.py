"""Worker and scheduler inside of `tenure serve`, where no broker is set. The worker has a thread and a loop of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from dramatiq import Worker

from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.worker.actors import declare_actors
from tenure.worker.broker import make_broker
from tenure.worker.scheduler import scheduling
from tenure.worker.worker_runtime import WorkerRuntime

# A run that has not reached the end of its chunk by then is cut off: the chunk is undone, and taken up at the next start.
PATIENCE = 5_000
IDLE = 200


class Embedded:
    """One worker and one scheduler; `wake` may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.own = WorkerRuntime(settings)
        self.broker = make_broker(settings)
        self.broker.add_middleware(self.own)
        self.wake = declare_actors(self.broker, settings, lambda: self.own.runtime)

    def problems(self) -> Sequence[str]:
        """Nothing lies between us and ourselves."""
        return ()

    @asynccontextmanager
    async def running(self, runtime: Runtime) -> AsyncIterator[None]:
        """Worker and scheduler work while the block runs; `runtime` is that of the caller's event loop."""
        # One thread: SQLite has one writer, and a run is carried out by one at a time all the same.
        worker = Worker(self.broker, worker_threads=1, worker_timeout=IDLE)
        await asyncio.to_thread(worker.start)
        try:
            async with scheduling(runtime, self.wake):
                yield
        finally:
            await asyncio.to_thread(worker.stop, PATIENCE)
