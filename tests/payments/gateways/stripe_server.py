"""A server on this machine that plays Stripe: answers as Stripe's documentation shows them, and
every request kept.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECONDS_TO_STOP = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class StripeServer:
    """What is to be answered, in order; the last one again and again. None closes the connection
    without a word.
    """

    url: str = ""
    answers: list[tuple[int, Any] | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def next_answer(self) -> tuple[int, Any] | None:
        """The next one."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def playing_stripe() -> Iterator[StripeServer]:
    """The server, until the end of the block."""
    played = StripeServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            played.asked.append(
                Asked(self.command, parts.path, flat(parts.query), flat(body), headers)
            )
            answer = played.next_answer()
            self.close_connection = True
            if answer is None:
                return
            status, content = answer
            said = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = answer  # noqa: N815 - the names that the library looks for

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(SECONDS_TO_STOP,))
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def flat(encoded: str) -> dict[str, str]:
    """A query or a form: each name is there once."""
    return {
        name: value for name, [value] in parse_qs(encoded, strict_parsing=bool(encoded)).items()
    }


def intent(status: str = "succeeded", **more: Any) -> dict[str, Any]:
    """A PaymentIntent, with what is of interest among its some forty fields."""
    return {
        "id": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
        "object": "payment_intent",
        "amount": 2000,
        "amount_received": 2000 if status == "succeeded" else 0,
        "automatic_payment_methods": {"allow_redirects": "never", "enabled": True},
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "created": 1680800504,
        "currency": "usd",
        "customer": None,
        "last_payment_error": None,
        "latest_charge": "ch_3MtwBwLkdIwHu7ix28a3tqPa" if status == "succeeded" else None,
        "livemode": False,
        "metadata": {"tenure_key": "B-1-20261201/20261201"},
        "next_action": None,
        "payment_method": "pm_1MtwBwLkdIwHu7ixUEgbFdYF",
        "payment_method_types": ["card"],
        "status": status,
        **more,
    }


def declined(
    code: str, decline_code: str | None = None, message: str = "Your card was declined."
) -> dict[str, Any]:
    """The body of 402: a card error with the intent that it left behind."""
    fault = {
        "charge": "ch_3MtwBwLkdIwHu7ix0ppwZDIM",
        "code": code,
        "doc_url": f"https://stripe.com/docs/error-codes/{code}",
        "message": message,
        "type": "card_error",
        **({} if decline_code is None else {"decline_code": decline_code}),
    }
    return {
        "error": {
            **fault,
            "payment_intent": intent("requires_payment_method", last_payment_error=fault),
        }
    }


def refused(
    code: str, *, param: str | None = None, kind: str = "invalid_request_error"
) -> dict[str, Any]:
    """The body of 400, 401, 404, 409 or 429."""
    return {"error": {"code": code, "message": f"Refused: {code}.", "param": param, "type": kind}}


def found(*intents: dict[str, Any]) -> dict[str, Any]:
    """What a search found."""
    return {
        "object": "search_result",
        "url": "/v1/payment_intents/search",
        "has_more": False,
        "data": list(intents),
    }
