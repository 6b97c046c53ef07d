"""The runtime of the worker's event loop, whose connections cannot be used from another loop."""

from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import runtime_of


class WorkerRuntime(Middleware):
    """Opens the runtime when the worker starts, and closes it when the worker stops."""

    runtime: Runtime

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Open the runtime, which connects when it is first used. A message may arrive before the
        worker has booted.

        It has no function that wakes workers, because the worker itself runs what is due.
        """
        database = Database(
            self.settings.database_url,
            pool_size=self.settings.pool_size,
            timeouts=self.settings.job_timeouts,
        )
        self.runtime = runtime_of(self.settings, database)

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Close the runtime on its loop.

        The loop still runs: its middleware was added first, and is therefore shut down last.
        """
        thread = get_event_loop_thread()
        if thread is not None:
            thread.run_coroutine(self.runtime.database.close())
