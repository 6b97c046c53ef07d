"""What every resolver of one request shares: who asks, where work is done, and the loaders."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from strawberry.types.info import Info as StrawberryInfo

from tenure.graphql.http.feed import EventFeed
from tenure.graphql.reads.loaders import Loaders
from tenure.kernel.actor import Actor
from tenure.kernel.errors import UnauthenticatedError
from tenure.kernel.unit import Runtime


@dataclass(slots=True)
class Context:
    """Made for one request and dropped with it.

    A WebSocket has one that names nobody: `identify` says who stands behind it, and each operation asks anew.
    """

    runtime: Runtime
    actor: Actor | None = None
    identify: Callable[[], Awaitable[Actor | None]] | None = None
    # The same, when an open WebSocket is next checked.
    recheck: Callable[[], Awaitable[Actor | None]] | None = None
    feed: EventFeed | None = None
    # What the client says when it connects; Strawberry writes it.
    connection_params: Mapping[str, object] = field(default_factory=dict)
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """After a change nothing that was read before it may be answered again."""
        self.loaders = Loaders(self.runtime)

    async def identified(self) -> Actor | None:
        """Who stands behind it now."""
        return self.actor if self.identify is None else await self.identify()

    async def begun(self) -> "Context":
        """That of one operation of a WebSocket, with loaders of its own."""
        return Context(self.runtime, await self.identified(), self.identified, feed=self.feed)

    @property
    def caller(self) -> Actor:
        """Who asks. Raises UnauthenticatedError; the schema refuses before any resolver could."""
        if self.actor is None:
            raise UnauthenticatedError("Sign in first.")
        return self.actor


Info = StrawberryInfo[Context, None]
