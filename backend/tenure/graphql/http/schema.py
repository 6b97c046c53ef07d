"""The schema that is served: types, limits, access and errors put together."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from tenure.graphql.http.context import Context
from tenure.graphql.http.documents import DocumentCache
from tenure.graphql.http.errors import INVALID, refusal, translated, unauthenticated
from tenure.graphql.http.limits import Limits, too_long
from tenure.graphql.http.subscriptions import Subscription
from tenure.graphql.mutations.accounts import AccountMutations
from tenure.graphql.mutations.assets import AssetMutations
from tenure.graphql.mutations.bill_units import PayerMutations
from tenure.graphql.mutations.business import BusinessMutations
from tenure.graphql.mutations.catalog import CatalogMutations
from tenure.graphql.mutations.deferred_actions import DeferredMutations
from tenure.graphql.mutations.disputes import DisputeMutations
from tenure.graphql.mutations.hierarchy import HierarchyMutations
from tenure.graphql.mutations.jobs import JobMutations
from tenure.graphql.mutations.payments import PaymentMutations
from tenure.graphql.mutations.status import StatusMutations
from tenure.graphql.mutations.usage import UsageMutations
from tenure.graphql.reads.queries import Query
from tenure.graphql.types.assets import PurchasedOffer, Service
from tenure.graphql.types.scalars import SCALARS


@strawberry.type
class Mutation(
    AccountMutations,
    StatusMutations,
    HierarchyMutations,
    PayerMutations,
    PaymentMutations,
    DisputeMutations,
    AssetMutations,
    DeferredMutations,
    JobMutations,
    UsageMutations,
    CatalogMutations,
    BusinessMutations,
):
    """Every change. A mutation takes one `input` and answers with a payload of its own."""


class OnlyWebSocket(SchemaExtension):
    """Subscriptions go over WebSocket."""

    def on_execute(self) -> Iterator[None]:
        """What is raised here keeps the operation from being executed."""
        context = self.execution_context
        if (
            context.operation_type is OperationType.SUBSCRIPTION
            and context.context.identify is None
        ):
            raise refusal("Subscriptions go over WebSocket, by graphql-transport-ws.", INVALID)
        yield


def _refused(asks: object, text: str | None) -> GraphQLError | None:
    """First who asks, then what: nothing is parsed for whoever has not signed in (rules 10)."""
    assert isinstance(asks, Context)
    return unauthenticated() if asks.actor is None else too_long(text)


class Schema(strawberry.Schema):
    """Strawberry's, with errors as the contract wants them."""

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, object] | None = None,
        context_value: object = None,
        root_value: object = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, object] | None = None,
    ) -> ExecutionResult:
        """Carry out one operation. No error leaves this method untranslated."""
        refused = _refused(context_value, query)
        if refused is not None:
            return PreExecutionError(None, [refused])
        result = await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )
        if result.errors:
            result.errors = [translated(error) for error in result.errors]
        return result

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, object] | None = None,
        context_value: object = None,
        root_value: object = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, object] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Carry out one operation of a WebSocket for whoever stands behind it now."""
        assert isinstance(context_value, Context)

        async def results() -> AsyncGenerator[ExecutionResult, None]:
            try:
                asks = await context_value.begun()
            except Exception as fault:  # noqa: BLE001 - told by its reference, as any fault of ours
                yield PreExecutionError(
                    None, [translated(GraphQLError(str(fault), original_error=fault))]
                )
                return
            refused = _refused(asks, query)
            if refused is not None:
                yield PreExecutionError(None, [refused])
                return
            stream = await super(Schema, self).stream(
                query,
                variable_values,
                asks,
                root_value,
                operation_name,
                operation_extensions,
                allowed_operation_types,
            )
            async with aclosing(stream):
                async for result in stream:
                    assert isinstance(result, ExecutionResult)
                    yield _told(result)

        return results()

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Strawberry would log each of them with its traceback; `translated` logs those that are our fault."""


def _told(result: ExecutionResult) -> ExecutionResult:
    """The result with its errors translated; where nothing was carried out, as the end of the operation."""
    if not result.errors:
        return result
    errors = [translated(error) for error in result.errors]
    is_refused = result.data is None and not any(error.path for error in errors)
    return (PreExecutionError if is_refused else ExecutionResult)(
        result.data, errors, result.extensions
    )


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Service, PurchasedOffer],
    extensions=[Limits, DocumentCache, OnlyWebSocket],
    config=StrawberryConfig(scalar_map=SCALARS),
)
