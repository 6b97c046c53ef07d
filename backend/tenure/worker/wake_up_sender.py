"""Sends wake-up messages to the broker in its own thread, so that callers never wait or fail."""

import threading
from collections.abc import Callable

STOP_SECONDS = 2


class WakeUpSender:
    """`wake` may be called from any thread. Calls during the sending of a message are combined."""

    def __init__(self, send: Callable[[], None]) -> None:
        self.send = send
        self.requested = threading.Event()
        self.is_stopped = False
        # A daemon, so that a broker that does not answer cannot delay the end of the process.
        self.thread = threading.Thread(target=self._run, name="wake-up sender", daemon=True)

    def start(self) -> None:
        """Start sending. Messages requested before are sent now."""
        self.thread.start()

    def wake(self) -> None:
        """Send a wake-up message soon."""
        self.requested.set()

    def stop(self) -> None:
        """Send a last message, wait for it for two seconds at most, and end."""
        self.is_stopped = True
        self.requested.set()
        self.thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self.is_stopped:
            self.requested.wait()
            self.requested.clear()
            self.send()
