"""What every process has where a broker is set: a way to nudge workers elsewhere, and an eye on what it depends on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.worker.actors import declare_actors
from tenure.worker.broker import connection_to, make_broker
from tenure.worker.connectivity import Connectivity, of_broker, of_database, watching
from tenure.worker.wake_up_sender import WakeUpSender
from tenure.worker.worker_runtime import WorkerRuntime


class Brokered:
    """Workers and schedulers are processes of their own; `wake` may be called from any thread and waits for nothing."""

    def __init__(self, settings: Settings) -> None:
        self.broker = make_broker(settings)
        self.line = connection_to(self.broker)
        self.connectivity = of_broker(self.line)
        own = WorkerRuntime(settings)
        self.broker.add_middleware(own)
        self.wake_up_sender = WakeUpSender(
            declare_actors(self.broker, settings, lambda: own.runtime)
        )
        self.wake = self.wake_up_sender.wake

    def problems(self) -> Sequence[str]:
        """Why no nudge would arrive; at most some seconds old."""
        return self.connectivity.problems

    @asynccontextmanager
    async def running(self, runtime: Runtime) -> AsyncIterator[Sequence[Connectivity]]:
        """Nudges are carried while the block runs, and what cannot be reached is said. A last nudge is sent at the end:
        what a worker has not brought to its end is taken up by another one at once.
        """
        outside = (self.connectivity, of_database(runtime.database))
        self.wake_up_sender.start()
        try:
            async with watching(*outside):
                yield outside
        finally:
            self.wake_up_sender.stop()
            self.line.close()
