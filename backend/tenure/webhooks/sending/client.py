"""Sends one message to the endpoint of a webhook, over connections that cannot be redirected.

The name of the host is resolved once. Every address that it has must be public, and the connection
is made to one of these addresses, so that a second answer of the DNS cannot lead elsewhere. The
certificate is checked for the name.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from tenure.kernel.errors import ConfigurationError, TenureError
from tenure.kernel.text import excerpt
from tenure.webhooks.deliveries.models import LONGEST_ERROR
from tenure.webhooks.deliveries.rules import SUCCESS
from tenure.webhooks.endpoints.rules import checked_url, is_public

# For the name, the connection, the request and the response together.
TIMEOUT_SECONDS = 15.0
# Of a response only this much is read, to be shown if it is an error.
MAX_RESPONSE_BYTES = 4_096
# Of one endpoint, in case that some cannot be reached.
MAX_ADDRESSES = 3
# A name server that does not answer holds a thread for many seconds.
RESOLVER_THREADS = 64
USER_AGENT = "Tenure-Webhooks"


class RefusedAddressError(Exception):
    """The host has an address that is not public, or none."""


@dataclass(frozen=True, slots=True)
class EndpointAnswer:
    """The HTTP status of the answer, None if there was none, and what went wrong.

    `retry_after` is that header of a failed attempt.
    """

    status: int | None
    error: str | None
    retry_after: str | None = None


class WebhookClient:
    """Sends messages; open it with `async with`. No connection is used twice.

    A connection to an address could otherwise be used for another host of the same address.
    """

    def __init__(self, *, allow_private: bool, timeout: float = TIMEOUT_SECONDS) -> None:
        self.allow_private = allow_private
        self.timeout = timeout
        self._resolvers = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="webhook dns")
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            verify=httpx.create_ssl_context(),
            timeout=None,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def __aenter__(self) -> "WebhookClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> EndpointAnswer:
        """Send a message by POST. Never raises for a fault of the endpoint or of its address."""
        try:
            async with asyncio.timeout(self.timeout):
                return await self._send(url, body, headers)
        except TimeoutError:
            error = f"There was no complete answer within {self.timeout:g} seconds."
        except (RefusedAddressError, ConfigurationError) as fault:
            error = str(fault)
        except TenureError as fault:
            error = fault.message
        except (httpx.HTTPError, OSError) as fault:
            error = _sentence(fault)
        return EndpointAnswer(None, excerpt(error, LONGEST_ERROR))

    async def _send(self, url: str, body: str, headers: Mapping[str, str]) -> EndpointAnswer:
        # The operator may have forbidden private addresses since the URL was stored.
        target = httpx.URL(checked_url(url, allow_private=self.allow_private))
        addresses = await self._addresses(target)
        for last, address in enumerate(addresses[:MAX_ADDRESSES], start=1):
            try:
                return await self._post(target, address, body, headers)
            except httpx.ConnectError:
                if last == min(len(addresses), MAX_ADDRESSES):
                    raise
        raise AssertionError("unreachable: there is at least one address")

    async def _post(
        self, target: httpx.URL, address: str, body: str, headers: Mapping[str, str]
    ) -> EndpointAnswer:
        request = self._client.build_request(
            "POST",
            target.copy_with(host=address),
            content=body.encode(),
            headers={
                **headers,
                "host": target.netloc.decode("ascii"),
                "user-agent": USER_AGENT,
                "accept-encoding": "identity",
            },
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        )
        response = await self._client.send(request, stream=True)
        try:
            status = response.status_code
            if status in SUCCESS:
                return EndpointAnswer(status, None)
            retry_after = response.headers.get("retry-after")
            return EndpointAnswer(status, await _error_of(response), retry_after)
        finally:
            await response.aclose()

    async def _addresses(self, target: httpx.URL) -> list[str]:
        """The addresses of the host. Raises RefusedAddressError unless all of them are allowed."""
        host = target.raw_host.decode("ascii")
        port = target.port or (443 if target.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._resolvers, _resolve, host, port)
        except (OSError, UnicodeError) as fault:
            raise RefusedAddressError(f"The name {host} cannot be resolved: {fault}") from None
        addresses = list(dict.fromkeys(found))
        refused = [it for it in addresses if not (self.allow_private or is_public(it))]
        if refused or not addresses:
            reason = f"has the address {refused[0]}, which is not public" if refused else "has none"
            raise RefusedAddressError(f"Nothing was sent: {host} {reason}.")
        return addresses


def _resolve(host: str, port: int) -> list[str]:
    return [str(it[4][0]) for it in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


async def _error_of(response: httpx.Response) -> str:
    """The status, and the start of the body. A redirect is an error, because it is not followed."""
    read = b""
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) >= MAX_RESPONSE_BYTES:
            break
    text = " ".join(read[:MAX_RESPONSE_BYTES].decode(errors="replace").split())
    answer = f"{response.status_code} {text}".strip()
    if response.is_redirect:
        return excerpt(f"The endpoint redirected, which is not followed: {answer}", LONGEST_ERROR)
    return excerpt(f"The endpoint answered: {answer}", LONGEST_ERROR)


def _sentence(fault: httpx.HTTPError | OSError) -> str:
    """What went wrong, for users."""
    if _is_of_tls(fault):
        return f"No secure connection to the endpoint: {fault}"
    if isinstance(fault, httpx.ConnectError):
        return "Nothing answers at this address. Check the address and that the endpoint runs."
    if isinstance(fault, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return "The endpoint ended the connection without a complete answer."
    return f"The message was not sent: {type(fault).__name__}: {fault}".rstrip(": ")


def _is_of_tls(fault: BaseException | None) -> bool:
    while fault is not None and not isinstance(fault, ssl.SSLError):
        fault = fault.__cause__ or fault.__context__
    return fault is not None
