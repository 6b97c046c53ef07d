"""Workers and schedulers that are killed and replaced, on an unreliable queue.

The processes are forked from a server that has imported everything (`tests/programs.py`), so that a
replacement is ready within a tenth of a second. The queue loses one of ten messages and repeats the
others.
"""

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from dramatiq import Broker, Message
from dramatiq.message import generate_unique_id

from tenure.batch import runs
from tenure.kernel.logs import configure_logs
from tenure.kernel.settings import Settings
from tenure.worker import actors, brokered
from tenure.worker.broker import make_broker
from tenure.worker.process import schedule, work
from tenure.worker.supervisor import run_until_signal
from tests.programs import FORKING
from tests.waiting import PATIENCE

SECONDS_BETWEEN_POLLS = 0.3


def run_process(role: str, settings: Settings, log: Path, chunk: int) -> None:
    """The program of a process: `tenure worker` or `tenure scheduler`, on an unreliable queue."""
    with log.open("a") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    configure_logs(settings)
    brokered.make_broker = unreliable  # type: ignore[attr-defined]
    runs.CHUNK = actors.CHUNK = chunk  # type: ignore[attr-defined]
    run_until_signal(
        work(settings) if role == "worker" else schedule(settings, seconds=SECONDS_BETWEEN_POLLS)
    )


def unreliable(settings: Settings) -> Broker:
    """The broker of the settings; messages arrive twice, and one in ten not at all."""
    broker = make_broker(settings)
    put: Callable[..., Message[Any]] = broker.enqueue

    def enqueue(message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        if random.random() >= 0.1:
            put(message, delay=delay)
            put(message.copy(message_id=generate_unique_id()), delay=delay)
        return message

    broker.enqueue = enqueue  # type: ignore[method-assign]
    return broker


@dataclass(slots=True)
class Processes:
    """The running processes with their roles. A replacement appends to the same log.

    `program` is what each of them runs, with its role, the settings, its log and the chunk.
    """

    settings: Settings
    folder: Path
    chunk: int
    program: Callable[[str, Settings, Path, int], None] = run_process
    running: list[tuple[str, BaseProcess]] = field(default_factory=list)

    def start(self, *roles: str) -> None:
        """Starts one more process of each role."""
        for role in roles:
            self.running.append((role, self._begun(role, len(self.running))))

    def replace(self, place: int) -> None:
        """Kills a process and starts another one of the same role."""
        role, process = self.running[place]
        process.kill()
        process.join()
        self.running[place] = (role, self._begun(role, place))

    def stop(self) -> list[int | None]:
        """Stops all processes, kills those that do not stop in time, returns the exit codes."""
        for _, process in self.running:
            process.terminate()
        for _, process in self.running:
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
        return [process.exitcode for _, process in self.running]

    def logs(self) -> str:
        """The logs of all processes."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def logged(self, words: Iterable[str]) -> list[str]:
        """The lines of all logs that have any of the words, each with its traceback."""
        return [line for line in self.logs().splitlines() if any(word in line for word in words)]

    def _begun(self, role: str, place: int) -> BaseProcess:
        process = FORKING.Process(
            target=self.program,
            args=(role, self.settings, self.folder / f"{place}.log", self.chunk),
        )
        process.start()
        return process
