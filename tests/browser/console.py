"""What pages log: an error, a warning or a request to another host fails the browser test.

The listeners belong to the browser, so they see each page of each context.
"""

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.browser.page_checks import PENDING_REQUESTS, PendingRequests

FAULTS = ("error", "warning")
# The browser logs each request that fails, whatever the page does about it.
NO_NETWORK = re.compile(r"Failed to load resource: net::ERR_\w+")
# The error with which a part of the page reports that it was not loaded.
NOT_LOADED = "TypeError: tenure-module-not-loaded"
UNAUTHENTICATED = (
    "Failed to load resource: the server responded with a status of 401 (Unauthorized)"
)
NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"


# Mantine looks for the first field of a dialog a moment after it opened, also if the address has
# changed meanwhile and the dialog is closing.
LEFT_AT_ONCE = re.compile(r"\[@mantine/hooks/use-focus-trap\] Failed to find focusable element.*")


class Console:
    """The faults of one test, and those that it provokes."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.allowed: list[str | re.Pattern[str]] = []
        self.expected: list[str] = []

    def allow(self, *texts: str | re.Pattern[str]) -> None:
        """Faults that the test may provoke any number of times."""
        self.allowed.extend(texts)

    def expect(self, *texts: str) -> None:
        """Faults that must have occurred at the end of the test, in this order."""
        self.expected.extend(texts)

    def start(self) -> None:
        """Forget the previous test."""
        self.faults.clear()
        self.allowed.clear()
        self.expected.clear()

    def check(self) -> None:
        """Fails on faults that the test has not named, and on expected ones that are missing."""
        found = [it for it in self.faults if not self._is_allowed(it)]
        assert found == self.expected, f"The pages logged {found}, expected {self.expected}."

    def watch(self, context: BrowserContext) -> None:
        """Collects the faults of all pages of a context."""
        context.on("page", _record_requests)
        context.on("console", self._add_message)
        context.on("weberror", self._add_error)
        context.on("request", self._add_request)

    def _is_allowed(self, fault: str) -> bool:
        return any(
            fault == text if isinstance(text, str) else text.fullmatch(fault)
            for text in (LEFT_AT_ONCE, *self.allowed)
        )

    def _add_message(self, message: ConsoleMessage) -> None:
        if message.type in FAULTS:
            self.faults.append(message.text)

    def _add_error(self, error: WebError) -> None:
        self.faults.append(f"{error.error.name}: {error.error.message}")

    def _add_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
            self.faults.append(request.url)


def _record_requests(page: Page) -> None:
    PENDING_REQUESTS[page] = PendingRequests(page)
