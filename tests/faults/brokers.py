"""Brokers that are stopped and started: separate servers if they can be started.

Otherwise the test uses the shared server through a proxy (`tests.worker.proxy`). Shutting the proxy
looks like a restart to a client, except that messages survive it.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Protocol

from tests.server import free_port
from tests.services import listens
from tests.worker.processes import until

# Debian's own scripts, which `rabbitmq-server` in the path calls as another user.
RABBITMQ_SCRIPTS = Path("/usr/lib/rabbitmq/bin")


class StoppableBroker(Protocol):
    """A broker at `url`: `shut` closes all connections and refuses new ones until `open`."""

    url: str

    def open(self) -> None:
        """Accept connections."""

    def shut(self) -> None:
        """Close all connections and refuse new ones."""


class OwnRedis:
    """A Redis server without persistence: `shut` kills it, and all messages are lost."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """See StoppableBroker."""
        program = [
            shutil.which("redis-server") or "",
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        executed = [
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
            "--logfile",
            "redis.log",
        ]
        self.process = subprocess.Popen([*program, *executed])
        until(lambda: listens(self.url), lambda: "redis-server does not listen.")

    def shut(self) -> None:
        """See StoppableBroker."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.process = None


class OwnRabbitmq:
    """A RabbitMQ server. Starting it takes eight seconds, so only its application is restarted.

    This closes the port and all connections, and recovers the queues, within two seconds.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """See StoppableBroker."""
        if self.process is None:
            with (self.folder / "output.log").open("w") as output:
                program = RABBITMQ_SCRIPTS / "rabbitmq-server"
                self.process = subprocess.Popen(
                    [program],
                    env=self._environment(),
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
        until(self._listens, (self.folder / "output.log").read_text)

    def shut(self) -> None:
        """See StoppableBroker."""
        self._control("stop_app")

    def end(self) -> None:
        """Kills the server and its child processes."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _listens(self) -> bool:
        """On a busy machine `rabbitmqctl` may not reach the server at once, so it is repeated."""
        self._control("start_app")
        return listens(self.url)

    def _control(self, command: str) -> None:
        program = [RABBITMQ_SCRIPTS / "rabbitmqctl", "--quiet", command]
        subprocess.run(program, env=self._environment(), check=False, capture_output=True)

    def _environment(self) -> dict[str, str]:
        plugins = self.folder / "enabled_plugins"
        plugins.write_text("[].")
        own = {
            "NODENAME": f"tenure_faults_{self.port}@localhost",
            "NODE_PORT": str(self.port),
            "DIST_PORT": str(free_port()),
            "MNESIA_BASE": str(self.folder / "mnesia"),
            "LOG_BASE": str(self.folder / "log"),
            "ENABLED_PLUGINS_FILE": str(plugins),
            "CONFIG_FILE": str(self.folder / "none.conf"),
        }
        # The home is where Erlang keeps the cookie by which the two programs know each other.
        return (
            os.environ
            | {f"RABBITMQ_{name}": value for name, value in own.items()}
            | {"HOME": str(self.folder)}
        )
