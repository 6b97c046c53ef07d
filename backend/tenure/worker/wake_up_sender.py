"""Carries nudges to a broker elsewhere on a thread of its own: whoever asks waits for nothing, and never fails."""

import threading
from collections.abc import Callable

SECONDS_TO_FINISH = 2


class WakeUpSender:
    """`wake` may be called from any thread; calls that come while one is on its way are one."""

    def __init__(self, nudge: Callable[[], None]) -> None:
        self.nudge = nudge
        self.asked = threading.Event()
        self.ended = False
        # It dies with the process: a broker that does not answer holds nobody up.
        self.thread = threading.Thread(target=self._run, name="wake-up sender", daemon=True)

    def start(self) -> None:
        """Nothing is carried before."""
        self.thread.start()

    def wake(self) -> None:
        """Say, soon, that there may be work."""
        self.asked.set()

    def stop(self) -> None:
        """Carry what was asked, if that is quick, and end."""
        self.ended = True
        self.asked.set()
        self.thread.join(SECONDS_TO_FINISH)

    def _run(self) -> None:
        while not self.ended:
            self.asked.wait()
            self.asked.clear()
            self.nudge()
