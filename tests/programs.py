"""Runs `tenure` in processes forked from a server that has imported it.

Importing the program takes most of the time of a short command. A forked process has its own
arguments, environment, folder and streams, and the exit code of the program.
"""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "pytest",
        "tenure.cli.commands",
        "tenure.cli.serving",
        "tenure.cli.checks",
        "tenure.cli.job",
        "tenure.cli.backup",
        "tenure.importing.usage",
        "tenure.kernel.migrating",
        "tenure.worker.supervisor",
        "tests.batch.bill_day.dying",
        "tests.importing.jobs",
        "tests.faults.processes",
    ]
)


@dataclass(frozen=True, slots=True)
class Call:
    """What a process is started with: arguments, environment, folder, and files of its streams.

    With `migrations` it is a version of the program that has these.
    """

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
    stdin: Path
    stdout: Path
    stderr: Path
    migrations: Path | None = None


@dataclass(slots=True)
class Program:
    """A running `tenure`, with the interface of `subprocess.Popen` that tests use."""

    process: BaseProcess
    args: tuple[str, ...]

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self.process.pid is not None
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code; negative for a signal, None while it runs."""
        return self.process.exitcode

    def poll(self) -> int | None:
        """The exit code so far."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code. Raises TimeoutExpired."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal unless the process has ended."""
        if self.process.exitcode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


def start(call: Call) -> Program:
    """Start the program."""
    process = FORKING.Process(target=_run, args=(call,))
    process.start()
    return Program(process, call.arguments)


def run(
    *arguments: str, environment: dict[str, str], folder: Path, given: str = "", timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, with `given` as standard input. Raises TimeoutExpired."""
    with tempfile.TemporaryDirectory() as name:
        streams = Path(name)
        (streams / "stdin").write_text(given)
        files = [streams / stream for stream in ("stdin", "stdout", "stderr")]
        program = start(Call(arguments, environment, folder, *files))
        try:
            code = program.wait(timeout)
        finally:
            program.kill()
        return subprocess.CompletedProcess(
            arguments, code, files[1].read_text(), files[2].read_text()
        )


def _run(call: Call) -> None:
    os.environ.clear()
    os.environ.update(call.environment)
    os.chdir(call.folder)
    for number, path in enumerate((call.stdin, call.stdout, call.stderr)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.argv = ["tenure", *call.arguments]
    # Imported by the server already.
    from tenure.cli import main  # noqa: PLC0415
    from tenure.kernel import compatibility, db  # noqa: PLC0415

    if call.migrations is not None:
        compatibility.MIGRATIONS = db.MIGRATIONS = call.migrations
    main()
