"""Starts `tenure worker`, `tenure scheduler` and others on the servers of the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import programs
from tests.programs import Call, Program
from tests.shared import ROOT
from tests.waiting import PATIENCE, until


@dataclass(slots=True)
class Process:
    """A running process, and the file of its log."""

    it: subprocess.Popen[bytes] | Program
    log: Path

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self.it.pid

    def says(self, words: str, times: int = 1) -> bool:
        """True if the log contains these words at least this number of times."""
        return self.log.read_text().count(words) >= times

    def until_says(self, words: str, times: int = 1) -> None:
        """Wait for these words in the log."""
        until(
            lambda: self.says(words, times),
            lambda: f"{self.it.args} did not say {words!r}:\n{self.log.read_text()}",
        )

    def stop(self, by: int = signal.SIGTERM) -> int:
        """Send the signal; returns the exit code."""
        self.it.send_signal(by)
        return self.it.wait(PATIENCE)


@dataclass(slots=True)
class Installation:
    """The settings that its processes share, and the started processes.

    Processes are forked from a server unless `forked` is False (see `tests/programs.py`).
    """

    folder: Path
    settings: dict[str, str]
    started: list[Process] = field(default_factory=list)
    forked: bool = True

    def start(self, *arguments: str, **settings: str) -> Process:
        """Start `tenure` with these arguments and additional settings."""
        log = self.folder / f"{len(self.started)}-{arguments[0]}.log"
        log.touch()
        environment = self.environment() | {name.upper(): value for name, value in settings.items()}
        # Workers that a forked process spawns would import the program all the same.
        if self.forked and "--processes" not in arguments:
            call = Call(arguments, environment, self.folder, Path(os.devnull), log, log)
            self.started.append(Process(programs.start(call), log))
            return self.started[-1]
        with log.open("w") as output:
            it = subprocess.Popen(
                [sys.executable, "-m", "tenure", *arguments],
                cwd=self.folder,
                env=environment,
                stdout=output,
                stderr=output,
            )
        self.started.append(Process(it, log))
        return self.started[-1]

    def ready(self, *arguments: str, **settings: str) -> Process:
        """Start a worker or a scheduler, and wait until it is ready."""
        process = self.start(*arguments, **settings)
        process.until_says('"event": "ready"')
        return process

    def run(self, *arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """The environment of each process."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
        return own | {"PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"} | self.settings


@contextmanager
def installation(folder: Path, **settings: str) -> Iterator[Installation]:
    """An installation whose processes are stopped at the end of the block."""
    made = Installation(
        folder, {f"TENURE_{name.upper()}": value for name, value in settings.items()}
    )
    try:
        yield made
    finally:
        for process in made.started:
            process.it.terminate()
        for process in made.started:
            try:
                process.it.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.it.kill()
                process.it.wait()
