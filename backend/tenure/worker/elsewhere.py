"""What every process has where a broker is set: a way to nudge workers elsewhere, and an eye on what it depends on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tenure.kernel.settings import Settings
from tenure.kernel.unit import Workplace
from tenure.worker.actors import declare_actors
from tenure.worker.broker import line_to, make_broker
from tenure.worker.messenger import Messenger
from tenure.worker.own import OwnWorkplace
from tenure.worker.reach import Reach, of_broker, of_database, watching


class Elsewhere:
    """Workers and schedulers are processes of their own; `wake` may be called from any thread and waits for nothing."""

    def __init__(self, settings: Settings) -> None:
        self.broker = make_broker(settings)
        self.line = line_to(self.broker)
        self.reach = of_broker(self.line)
        own = OwnWorkplace(settings)
        self.broker.add_middleware(own)
        self.messenger = Messenger(declare_actors(self.broker, settings, lambda: own.workplace))
        self.wake = self.messenger.wake

    def problems(self) -> Sequence[str]:
        """Why no nudge would arrive; at most some seconds old."""
        return self.reach.problems

    @asynccontextmanager
    async def running(self, workplace: Workplace) -> AsyncIterator[Sequence[Reach]]:
        """Nudges are carried while the block runs, and what cannot be reached is said. A last nudge is sent at the end:
        what a worker has not brought to its end is taken up by another one at once.
        """
        outside = (self.reach, of_database(workplace.database))
        self.messenger.start()
        try:
            async with watching(*outside):
                yield outside
        finally:
            self.messenger.stop()
            self.line.close()
