"""CPU time, which depends less on other processes of the machine than the elapsed time does."""

import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from tenure.kernel.db import Database
from tests.benchmarks.peers.usage import cpu_seconds


@dataclass(slots=True)
class Processor:
    """CPU time of this process and of the PostgreSQL processes of its new connections, from now.

    The latter are read from /proc, so they are zero for a server on another machine.
    """

    database: Database
    began: float = field(default_factory=time.process_time)
    server: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        event.listen(self.database.engine.sync_engine, "connect", self._connected)

    def milliseconds(self, of: int) -> str:
        """Milliseconds per thousand as text: "this process + PostgreSQL"."""
        ours, theirs = self.seconds()
        return f"{ours / of * 1e6:,.0f} + {theirs / of * 1e6:,.0f}"

    def seconds(self) -> tuple[float, float]:
        """So far: of this process and of the server."""
        return time.process_time() - self.began, sum(map(cpu_seconds, self.server))

    def _connected(self, connection: Any, _record: object) -> None:
        self.server.add(connection.driver_connection.get_server_pid())
