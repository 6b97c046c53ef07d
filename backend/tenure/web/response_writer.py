"""Writes the head and the body of a response at once.

uvicorn writes them one after the other. Each write is a system call that wakes the client, and
takes longer than most layers of the application. When uvicorn writes both at once, this module can
go.
"""

import asyncio

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# A body of known length follows its head soon. A stream may pause for any time.
LENGTH = b"\r\ncontent-length: "


class ResponseWriter:
    """What uvicorn writes a response to, in place of the transport. Not for HEAD: it has no body.

    A head with the length of its body waits for the body.
    """

    __slots__ = ("head", "is_begun", "transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.head = b""
        self.is_begun = False

    def write(self, data: bytes) -> None:
        """Write a part of the response. The first one is its head."""
        if self.is_begun:
            self.transport.write(self.head + data if self.head else data)
            self.head = b""
            return
        self.is_begun = data != CONTINUE
        if self.is_begun and LENGTH in data:
            self.head = data
        else:
            self.transport.write(data)

    def close(self) -> None:
        """Write what waits, and close the connection."""
        if self.head and not self.transport.is_closing():
            self.transport.write(self.head)
        self.head = b""
        self.transport.close()

    def is_closing(self) -> bool:
        """True if the connection is closed."""
        return self.transport.is_closing()
