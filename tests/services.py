"""The servers and programs that some tests need: address, availability, how to install them.

`python -m tests.services` prints what is missing; `make test` runs it first.
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
# The program without windows needs less than half of the CPU time.
CHROMIUM = (
    os.environ.get("TENURE_TEST_CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or shutil.which("google-chrome")
    or ""
)

NGINX_PROGRAMS = ("nginx", "openssl")
CURL_PROGRAMS = ("curl", "openssl")


@dataclass(frozen=True, slots=True)
class Service:
    """A server or program outside of the repository."""

    name: str
    where: str
    answers: Callable[[], bool]
    how_to_get: str

    def need(self) -> None:
        """Skips the calling test if the service is missing; fails it in CI."""
        if not self.answers():
            absent(f"{self.name} was not found at {self.where or 'PATH'}: {self.how_to_get}")


def listens(url: str) -> bool:
    """True if something accepts connections at the host and port of `url`."""
    parts = urlsplit(url)
    try:
        socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 0), timeout=10
        ).close()
    except OSError:
        return False
    return True


def program(name: str) -> str:
    """The path of a program, or "". Debian has servers in /usr/sbin, often outside of PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin") or ""


POSTGRES = Service(
    "PostgreSQL",
    POSTGRES_URL,
    lambda: listens(POSTGRES_URL),
    "apt-get install postgresql (trust 127.0.0.1 in pg_hba.conf), or set TENURE_TEST_POSTGRES",
)
REDIS = Service(
    "Redis",
    REDIS_URL,
    lambda: listens(REDIS_URL),
    "apt-get install redis-server, or set TENURE_TEST_REDIS",
)
RABBITMQ = Service(
    "RabbitMQ",
    RABBITMQ_URL,
    lambda: listens(RABBITMQ_URL),
    "apt-get install rabbitmq-server, or set TENURE_TEST_RABBITMQ",
)
BROWSER = Service(
    "Chromium",
    CHROMIUM,
    lambda: bool(CHROMIUM),
    "apt-get install chromium-headless-shell fonts-liberation, or set TENURE_TEST_CHROMIUM",
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
CURL = Service(
    "curl",
    "",
    lambda: all(program(name) for name in CURL_PROGRAMS),
    "apt-get install curl openssl",
)

if __name__ == "__main__":
    outcome = "fail" if IN_CI else "are skipped"
    for service in (POSTGRES, POSTGRES_CLIENT, REDIS, RABBITMQ, BROWSER, NGINX, CURL):
        if not service.answers():
            print(f"Missing: {service.name}; its tests {outcome}. Install: {service.how_to_get}.")
