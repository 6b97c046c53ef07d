"""A transport for httpx that repeats requests of the Tenure API where that changes nothing twice."""

import json
import random
import time
from collections.abc import Callable

import httpx

# The server, or a proxy before it, answers these if it cannot take the request now.
REPEATED_STATUSES = {429, 502, 503, 504}
MAX_PAUSE = 60.0


class RetryingTransport(httpx.BaseTransport):
    """Repeats queries, and mutations with an Idempotency-Key, up to `attempts` times.

    `pause` is the first pause in seconds. It doubles after each attempt; `Retry-After` extends it.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        *,
        attempts: int = 5,
        pause: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.transport = transport or httpx.HTTPTransport()
        self.attempts = attempts
        self.pause = pause
        self.sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The first answer that is final, or the answer or fault of the last attempt."""
        attempts = self.attempts if may_repeat(request) else 1
        for attempt in range(1, attempts):
            wait = 0.0
            try:
                response = self.transport.handle_request(request)
                if response.status_code not in REPEATED_STATUSES:
                    return response
                wait = float(response.headers.get("retry-after") or 0)
                response.close()
            except httpx.TransportError:
                pass
            pause = min(MAX_PAUSE, self.pause * 2 ** (attempt - 1)) * random.uniform(0.5, 1)
            self.sleep(max(wait, pause))
        return self.transport.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()


def may_repeat(request: httpx.Request) -> bool:
    """True for a query, and for a mutation with an Idempotency-Key."""
    document = str(json.loads(request.content)["query"]).lstrip()
    return "idempotency-key" in request.headers or not document.startswith("mutation")
