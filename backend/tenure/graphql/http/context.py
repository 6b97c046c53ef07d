"""The context of one request: the actor, the runtime and the loaders."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql import DocumentNode, GraphQLResolveInfo
from orjson import Fragment
from strawberry.types.info import Info as StrawberryInfo

from tenure.graphql.http.feed import EventFeed
from tenure.graphql.http.rates import RateCharge, RateLimiter, UnlimitedRate
from tenure.graphql.http.registered import RegisteredOperations
from tenure.graphql.reads.loaders import Loaders
from tenure.kernel.actor import Actor
from tenure.kernel.errors import UnauthenticatedError
from tenure.kernel.unit import Runtime


class CompiledQueries(Protocol):
    """Answers queries by compiled statements (`graphql.compiled`)."""

    async def answer(
        self, context: "Context", document: DocumentNode, request: "QueryRequest"
    ) -> Fragment | None:
        """The data of a query as JSON; None if it must be executed normally."""

    async def rows(
        self,
        context: "Context",
        info: GraphQLResolveInfo["Context"],
        references: Mapping[str, tuple[type, int | None]],
    ) -> object | None:
        """The rows of a payload as JSON, for each of its fields in `references`.

        `references` has the model and the key of each row by the Python name of its field. None if
        the rows must be read by loaders.
        """


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query as it was sent."""

    text: str
    operation_name: str | None
    variables: Mapping[str, Any]


@dataclass(slots=True)
class Context:
    """The context of one HTTP request, or of one WebSocket.

    The context of a WebSocket has no actor. Each operation calls `identify` to get the current one.
    """

    runtime: Runtime
    actor: Actor | None = None
    identify: Callable[[], Awaitable[Actor | None]] | None = None
    # Returns the actor at the periodic check of an open WebSocket.
    recheck: Callable[[], Awaitable[Actor | None]] | None = None
    feed: EventFeed | None = None
    # None: every query is executed normally, by resolvers, and the rows of payloads are read so.
    compiled: CompiledQueries | None = None
    # The mutation that is executed, as it was sent.
    mutation: tuple[DocumentNode, QueryRequest] | None = None
    # The payload of the first message of a WebSocket, set by Strawberry.
    connection_params: Mapping[str, object] = field(default_factory=dict)
    limiter: RateLimiter = field(default_factory=UnlimitedRate)
    # The cost of the operation, from the check of its document, and what was charged for it.
    points: int = 1
    charge: RateCharge | None = None
    # The seconds that an operation may take before it commits.
    seconds: float | None = None
    # The only operations that may be executed, if the operator has set a manifest.
    registered: RegisteredOperations | None = None
    # A mutation of this operation has committed.
    has_committed: bool = False
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.reset_loaders()

    def reset_loaders(self) -> None:
        """Discard all cached rows, which may be outdated after a change."""
        self.loaders = Loaders(self.runtime)

    def use(self, runtime: Runtime) -> None:
        """Execute the operation with this runtime."""
        self.runtime = runtime
        self.reset_loaders()

    async def current_actor(self) -> Actor | None:
        """The current actor, or None."""
        return self.actor if self.identify is None else await self.identify()

    async def for_operation(self) -> "Context":
        """The context of one operation of a WebSocket, with its own loaders."""
        return Context(
            self.runtime,
            await self.current_actor(),
            self.current_actor,
            feed=self.feed,
            compiled=self.compiled,
            limiter=self.limiter,
            seconds=self.seconds,
            registered=self.registered,
        )

    @property
    def caller(self) -> Actor:
        """The authenticated actor. Raises UnauthenticatedError, which the schema prevents."""
        if self.actor is None:
            raise UnauthenticatedError("Sign in first.")
        return self.actor


Info = StrawberryInfo[Context, None]
