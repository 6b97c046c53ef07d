"""The servers and the browser that some tests need: where each is, whether it answers, and how to get it.

`python -m tests.services` names what is missing, before `make test`.
"""

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.shared import IN_CI, absent

POSTGRES_URL = os.environ.get("TENURE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
REDIS_URL = os.environ.get("TENURE_TEST_REDIS", "redis://127.0.0.1:6379/15")
RABBITMQ_URL = os.environ.get("TENURE_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")
CHROMIUM = (
    os.environ.get("TENURE_TEST_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("google-chrome")
    or ""
)

NGINX_PROGRAMS = ("nginx", "openssl")


@dataclass(frozen=True, slots=True)
class Service:
    """Something outside of the repository that tests talk to."""

    name: str
    where: str
    answers: Callable[[], bool]
    how_to_get: str

    def need(self) -> None:
        """Skips the test that calls it where the service is missing (in CI it fails)."""
        if not self.answers():
            absent(
                f"{self.name} is missing at {self.where or 'any usual place'}: {self.how_to_get}"
            )


def listens(url: str) -> bool:
    """True where something accepts connections at the host and port of `url`."""
    parts = urlsplit(url)
    try:
        socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 0), timeout=2
        ).close()
    except OSError:
        return False
    return True


def program(name: str) -> str:
    """Where a program is; Debian keeps servers in /usr/sbin, which is not in everybody's path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin") or ""


POSTGRES = Service(
    "PostgreSQL",
    POSTGRES_URL,
    lambda: listens(POSTGRES_URL),
    "apt-get install postgresql (trust 127.0.0.1 in pg_hba.conf), or name yours by TENURE_TEST_POSTGRES",
)
REDIS = Service(
    "Redis",
    REDIS_URL,
    lambda: listens(REDIS_URL),
    "apt-get install redis-server, or name yours by TENURE_TEST_REDIS",
)
RABBITMQ = Service(
    "RabbitMQ",
    RABBITMQ_URL,
    lambda: listens(RABBITMQ_URL),
    "apt-get install rabbitmq-server, or name yours by TENURE_TEST_RABBITMQ",
)
BROWSER = Service(
    "Chromium",
    CHROMIUM,
    lambda: bool(CHROMIUM),
    "apt-get install chromium fonts-liberation, or set TENURE_TEST_CHROMIUM",
)
POSTGRES_CLIENT = Service(
    "PostgreSQL's client programs",
    "",
    lambda: all(program(name) for name in ("pg_dump", "pg_restore")),
    "apt-get install postgresql-client",
)
NGINX = Service(
    "nginx",
    "",
    lambda: all(program(name) for name in NGINX_PROGRAMS),
    "apt-get install nginx openssl",
)

if __name__ == "__main__":
    outcome = "fail" if IN_CI else "are skipped"
    for service in (POSTGRES, POSTGRES_CLIENT, REDIS, RABBITMQ, BROWSER, NGINX):
        if not service.answers():
            print(f"Missing: {service.name}; its tests {outcome}. To get it: {service.how_to_get}.")
