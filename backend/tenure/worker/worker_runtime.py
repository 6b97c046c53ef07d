"""The database of the worker's event loop: its connections cannot be used from another one."""

from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import runtime_of


class WorkerRuntime(Middleware):
    """Opened and closed with the worker."""

    runtime: Runtime

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Opens it; nothing connects before the first message, which may come before the worker has booted.

        It wakes nobody: the worker is awake and looks itself.
        """
        database = Database(
            self.settings.database_url,
            pool_size=self.settings.pool_size,
            timeouts=self.settings.job_timeouts,
        )
        self.runtime = runtime_of(self.settings, database)

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Closes it on its loop. The loop still runs: the middleware that stops it was added first, so comes last."""
        thread = get_event_loop_thread()
        if thread is not None:
            thread.run_coroutine(self.runtime.database.close())
