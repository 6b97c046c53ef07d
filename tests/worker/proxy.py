"""A door to a server that others use too: tests shut it to see what happens without the server."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from tests.server import free_port


class Door:
    """Listens on a port of its own and hands everything on, while it is open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.behind = (parts.hostname or "127.0.0.1", parts.port or 0)
        self.port = free_port()
        user = parts.netloc.rpartition("@")
        self.url = urlunsplit(parts._replace(netloc=f"{user[0]}{user[1]}127.0.0.1:{self.port}"))
        self.listening: socket.socket | None = None
        self.passing: list[socket.socket] = []

    def open(self) -> None:
        """Let everybody in."""
        self.listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._let_in, args=(self.listening,), daemon=True).start()

    def shut(self) -> None:
        """Let nobody in, and cut off those that are."""
        for one in (self.listening, *self.passing):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self.listening, self.passing = None, []

    def _let_in(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                came, _ = listening.accept()
                behind = socket.create_connection(self.behind)
                self.passing += [came, behind]
                for pair in ((came, behind), (behind, came)):
                    threading.Thread(target=_hand_on, args=pair, daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(65536):
            target.sendall(some)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
