"""A message reaches its endpoint, and nothing else: addresses, redirects, slow and long answers."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tenure.webhooks.sending import client as webhook_client
from tenure.webhooks.sending.client import EndpointAnswer, WebhookClient
from tests.server import free_port
from tests.services import program
from tests.shared import absent
from tests.waiting import PATIENCE
from tests.webhooks.receiver import Answer, Receiver, receiving

HEADERS = {"webhook-id": "msg_1", "content-type": "application/json"}
BODY = '{"type":"test"}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint on this machine."""
    with receiving() as opened:
        yield opened


async def sent(
    url: str, *, allow_private: bool = True, seconds: float = PATIENCE
) -> EndpointAnswer:
    """The answer to a message."""
    async with WebhookClient(allow_private=allow_private, timeout=seconds) as client:
        return await client.send(url, BODY, HEADERS)


def resolves(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Lets every name resolve to these addresses; returns the names that are looked up."""
    asked: list[str] = []

    def found(host: str, _port: int) -> list[str]:
        asked.append(host)
        return list(addresses)

    monkeypatch.setattr(webhook_client, "_resolve", found)
    return asked


async def test_message_arrives(receiver: Receiver) -> None:
    assert await sent(f"{receiver.url}?a=b") == EndpointAnswer(204, None)
    [received] = receiver.requests
    assert (received.path, received.body) == ("/events?a=b", BODY)
    assert received.headers["webhook-id"] == "msg_1"
    assert received.headers["user-agent"] == "Tenure-Webhooks"
    assert received.headers["host"] == httpx.URL(receiver.url).netloc.decode()


async def test_name_is_resolved_once_and_its_address_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header has the name; a second answer of the DNS could be another address."""
    asked = resolves(monkeypatch, "127.0.0.1")
    port = httpx.URL(receiver.url).port
    assert await sent(f"http://receiver.example:{port}/x") == EndpointAnswer(204, None)
    assert asked == ["receiver.example"]
    assert receiver.requests[0].headers["host"] == f"receiver.example:{port}"


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",), ("10.0.0.1",), ("169.254.169.254",), ("::1",), ("::ffff:127.0.0.1",),
        ("fe80::1%lo",), ("8.8.8.8", "127.0.0.1"), ("127.0.0.1", "8.8.8.8"), ("224.0.0.1",),
    ],
)  # fmt: skip
async def test_dns_that_answers_with_private_addresses(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of several is enough to refuse; nothing is connected to."""
    resolves(monkeypatch, *addresses)

    async def connected(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(httpx.AsyncClient, "send", connected)
    answer = await sent("https://rebinding.example/", allow_private=False)
    refused = next(it for it in addresses if it != "8.8.8.8")
    assert answer == EndpointAnswer(
        None, f"Nothing was sent: rebinding.example has the address {refused}, which is not public."
    )


@pytest.mark.parametrize(
    "url",
    ["https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://017700000001/"],
)
async def test_other_ways_to_write_an_address(url: str) -> None:
    """The resolver understands them. The resolved address is what is checked."""
    answer = await sent(url, allow_private=False)
    assert answer.status is None
    assert answer.error is not None
    assert "not public" in answer.error or "not a public address" in answer.error, answer


async def test_url_that_the_operator_allows_no_more(receiver: Receiver) -> None:
    answer = await sent(receiver.url, allow_private=False)
    assert answer.status is None
    assert answer.error is not None
    assert answer.error.startswith("Provide a URL that begins with https://")
    assert receiver.requests == []


async def test_retry_after_of_a_failed_attempt(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(429, headers={"retry-after": "120"})
    assert await sent(receiver.url) == EndpointAnswer(429, "The endpoint answered: 429", "120")


async def test_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(302, headers={"location": receiver.url})
    answer = await sent(receiver.url)
    assert answer == EndpointAnswer(302, "The endpoint redirected, which is not followed: 302")
    assert len(receiver.requests) == 1


async def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await sent(receiver.url)).status == 204


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
async def test_other_status_is_an_error(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: Answer(status, "Café\n\x1b[1m".encode())
    answer = await sent(receiver.url)
    assert answer == EndpointAnswer(status, f"The endpoint answered: {status} Café \\x1b[1m")


async def test_long_error_is_read_in_part(receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(500, b"x" * 5_000_000)
    answer = await sent(receiver.url)
    assert answer.status == 500
    assert answer.error is not None
    assert len(answer.error) == 500


@pytest.mark.parametrize("status", [200, 500])
async def test_slow_body(receiver: Receiver, status: int) -> None:
    """That of a success is not awaited. The timeout is for all of the answer together."""
    receiver.answer = lambda _: Answer(status, drips=True)
    answer = await sent(receiver.url, seconds=2)
    expected = (
        EndpointAnswer(200, None)
        if status == 200
        else EndpointAnswer(None, "There was no complete answer within 2 seconds.")
    )
    assert answer == expected


async def test_endpoint_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answer = await sent(f"http://127.0.0.1:{port}/", seconds=0.3)
    assert answer == EndpointAnswer(None, "There was no complete answer within 0.3 seconds.")


async def test_nobody_listens() -> None:
    answer = await sent(f"http://127.0.0.1:{free_port()}/")
    assert answer == EndpointAnswer(
        None, "Nothing answers at this address. Check the address and that the endpoint runs."
    )


async def test_endpoint_without_tls(receiver: Receiver) -> None:
    """The error of the other side is kept."""
    answer = await sent(receiver.url.replace("http:", "https:"))
    assert answer.status is None
    assert answer.error is not None
    assert answer.error.startswith("No secure connection to the endpoint: [SSL: ")


@pytest.mark.parametrize("sends", [b"", b"HTTP/1.1 200 OK\r\n", b"hello\r\n\r\n"])
async def test_endpoint_that_ends_the_connection(sends: bytes) -> None:
    async def end(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sends)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(end, "127.0.0.1", 0) as ending:
        port = ending.sockets[0].getsockname()[1]
        answer = await sent(f"http://127.0.0.1:{port}/")
    assert answer == EndpointAnswer(
        None, "The endpoint ended the connection without a complete answer."
    )


async def test_other_address_where_one_cannot_be_reached(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves(monkeypatch, "127.0.0.2", "127.0.0.1")
    port = httpx.URL(receiver.url).port
    assert (await sent(f"http://two.example:{port}/")).status == 204


async def test_unknown_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(webhook_client, "_resolve", unknown)
    answer = await sent("https://unknown.example/")
    assert answer == EndpointAnswer(
        None,
        "The name unknown.example cannot be resolved: [Errno -2] Name or service not known",
    )


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Certificate and key of `right.example`."""
    if not program("openssl"):
        absent("openssl was not found: apt-get install openssl")
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=right.example", "-addext", "subjectAltName=DNS:right.example"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-days", "2", "-keyout", str(key), "-out", str(made)]
    command = [program("openssl"), "req", *kind, *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


async def test_certificate_is_checked_for_the_name(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the connection is made to an address: SNI and the check use the name."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    resolves(monkeypatch, "127.0.0.1")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    names: list[str | None] = []

    def note(_: object, name: str | None, __: object) -> None:
        names.append(name)

    context.sni_callback = note  # type: ignore[assignment]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    server: Any = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await sent(f"https://right.example:{port}/") == EndpointAnswer(204, None)
        wrong = await sent(f"https://wrong.example:{port}/")
    assert names == ["right.example", "wrong.example"]
    assert wrong.status is None
    assert wrong.error is not None
    assert "wrong.example" in wrong.error
