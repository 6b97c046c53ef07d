"""An endpoint in threads of this process, which records what it is sent."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Received:
    """A request with its headers, whose names are in lower case."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(slots=True)
class Answer:
    """What the endpoint answers. `drips`: the body is sent a byte at a time until it is stopped."""

    status: int = 204
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False


@dataclass(slots=True)
class Receiver:
    """A running endpoint. `answer` decides about each request."""

    url: str
    requests: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Answer] = lambda _: Answer()
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


class QuietServer(ThreadingHTTPServer):
    """Ignores clients that close their connections."""

    daemon_threads = True
    request_queue_size = 100

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """An endpoint on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            if len(body) < length:  # The sender was stopped before it had sent all.
                self.close_connection = True
                return
            received = Received(self.path, headers, body.decode())
            with receiver.lock:
                receiver.requests.append(received)
            answer = receiver.answer(received)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not answer.drips:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            while answer.drips and not receiver.stopped.wait(0.05):
                self.wfile.write(b"x")

        def log_message(self, format: str, *_: object) -> None:
            """Print nothing."""

    server = QuietServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/events")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
