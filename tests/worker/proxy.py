"""A proxy in front of a shared server: tests shut it to see what happens without the server."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from tests.server import free_port


class TcpProxy:
    """Listens at `url` and forwards connections to the server of the given URL, while open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.server = (parts.hostname or "127.0.0.1", parts.port or 0)
        self.port = free_port()
        user = parts.netloc.rpartition("@")
        self.url = urlunsplit(parts._replace(netloc=f"{user[0]}{user[1]}127.0.0.1:{self.port}"))
        self.lock = threading.Lock()
        self.listening: socket.socket | None = None
        self.connections: list[socket.socket] = []

    def open(self) -> None:
        """Accept connections."""
        self.listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listening,), daemon=True).start()

    def shut(self) -> None:
        """Close all connections and refuse new ones until `open`."""
        with self.lock:
            for one in (self.listening, *self.connections):
                if one is not None:
                    with suppress(OSError):
                        one.shutdown(socket.SHUT_RDWR)
                    one.close()
            self.listening, self.connections = None, []

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                self._connect(listening, client)

    def _connect(self, listening: socket.socket, client: socket.socket) -> None:
        """Forwards a client's connection, unless `shut` ran since it was accepted."""
        with self.lock:
            if self.listening is not listening:
                client.close()
                return
            self.connections.append(client)
            server = socket.create_connection(self.server)
            self.connections.append(server)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=_forward, args=pair, daemon=True).start()


def _forward(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
