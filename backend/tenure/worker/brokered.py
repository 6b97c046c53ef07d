"""An installation with a broker: wake-up messages to other processes, and checks of connectivity.

Used by the web server, workers and schedulers alike.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.worker.actors import declare_actors
from tenure.worker.broker import broker_connection, make_broker
from tenure.worker.connectivity import Connectivity, monitoring, of_broker, of_database
from tenure.worker.wake_up_sender import WakeUpSender
from tenure.worker.worker_runtime import WorkerRuntime


class Brokered:
    """Workers and schedulers are other processes. `wake` may be called from any thread and returns
    at once.
    """

    def __init__(self, settings: Settings) -> None:
        self.broker = make_broker(settings)
        self.connection = broker_connection(self.broker)
        self.connectivity = of_broker(self.connection)
        worker_runtime = WorkerRuntime(settings)
        self.broker.add_middleware(worker_runtime)
        self.wake_up_sender = WakeUpSender(
            declare_actors(self.broker, settings, lambda: worker_runtime.runtime)
        )
        self.wake = self.wake_up_sender.wake

    def problems(self) -> Sequence[str]:
        """Why the broker cannot be reached; at most 15 seconds old."""
        return self.connectivity.problems

    @asynccontextmanager
    async def running(self, runtime: Runtime) -> AsyncIterator[Sequence[Connectivity]]:
        """Send wake-up messages and monitor broker and database during the block.

        A last message is sent at the end, so that another worker continues at once what this one
        has not finished.
        """
        dependencies = (self.connectivity, of_database(runtime.database))
        self.wake_up_sender.start()
        try:
            async with monitoring(*dependencies):
                yield dependencies
        finally:
            self.wake_up_sender.stop()
            self.connection.close()
