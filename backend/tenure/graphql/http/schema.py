"""The served schema: types, document limits, authentication and error translation."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing

import strawberry
from graphql import ExecutionResult as GraphQLExecutionResult
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from tenure.graphql.compiled.payloads import PayloadExecutor
from tenure.graphql.http.charging import CostCharge, charge_refused, response_extensions
from tenure.graphql.http.context import Context, QueryRequest
from tenure.graphql.http.documents import DocumentCache
from tenure.graphql.http.errors import (
    INVALID,
    request_error,
    translate_error,
    unauthenticated_error,
)
from tenure.graphql.http.limits import TOKENS, DocumentLimits, length_error
from tenure.graphql.http.persisted import unregistered_error
from tenure.graphql.http.subscriptions import Subscription
from tenure.graphql.mutations.accounts import AccountMutations
from tenure.graphql.mutations.assets import AssetMutations
from tenure.graphql.mutations.bill_units import PayerMutations
from tenure.graphql.mutations.business import BusinessMutations
from tenure.graphql.mutations.catalog import CatalogMutations
from tenure.graphql.mutations.contacts import ContactMutations
from tenure.graphql.mutations.deferred_actions import DeferredMutations
from tenure.graphql.mutations.disputes import DisputeMutations
from tenure.graphql.mutations.hierarchy import HierarchyMutations
from tenure.graphql.mutations.imports import ImportMutations
from tenure.graphql.mutations.jobs import JobMutations
from tenure.graphql.mutations.notes import NoteMutations
from tenure.graphql.mutations.payments import PaymentMutations
from tenure.graphql.mutations.reasons import ReasonMutations
from tenure.graphql.mutations.status import StatusMutations
from tenure.graphql.mutations.status_change_jobs import StatusChangeJobMutations
from tenure.graphql.mutations.tokens import TokenMutations
from tenure.graphql.mutations.usage import UsageMutations
from tenure.graphql.mutations.users import UserMutations
from tenure.graphql.mutations.webhooks import WebhookMutations
from tenure.graphql.reads.queries import Query
from tenure.graphql.types.assets import PurchasedOfferType, ServiceType
from tenure.graphql.types.scalars import SCALARS
from tenure.kernel.timeouts import TimeLimit


@strawberry.type(
    description=(
        "All changes. Each is carried out on its own, in the order of the document, and answers "
        "with a payload: the changed object, or `errors`. With errors nothing was changed."
    )
)
class Mutation(
    AccountMutations,
    ContactMutations,
    NoteMutations,
    StatusMutations,
    StatusChangeJobMutations,
    HierarchyMutations,
    PayerMutations,
    PaymentMutations,
    DisputeMutations,
    AssetMutations,
    DeferredMutations,
    JobMutations,
    ImportMutations,
    UsageMutations,
    CatalogMutations,
    BusinessMutations,
    ReasonMutations,
    UserMutations,
    TokenMutations,
    WebhookMutations,
):
    """All mutations. Most take one `input` object; each has its own payload type."""


class RequireStream(SchemaExtension):
    """Rejects subscriptions whose response is not a stream."""

    def on_execute(self) -> Iterator[None]:
        """Reject such a subscription before its execution."""
        context = self.execution_context
        if (
            context.operation_type is OperationType.SUBSCRIPTION
            and context.context.identify is None
        ):
            raise request_error(
                "Send subscriptions over WebSocket with the protocol graphql-transport-ws, or with "
                "`Accept: text/event-stream`.",
                INVALID,
            )
        yield


class Execution(SchemaExtension):
    """Answers queries by compiled statements, and ends operations that take too long.

    What no statement answers is executed normally. It is one extension, because Strawberry does not
    leave the ones before it if one raises at its start.
    """

    async def on_execute(self) -> AsyncGenerator[None, None]:
        """Set the result if the query was answered, which prevents its execution."""
        async with TimeLimit(self.execution_context.context.seconds):
            await self._answer()
            yield

    async def _answer(self) -> None:
        execution = self.execution_context
        context, document = execution.context, execution.graphql_document
        if context.compiled is None or document is None:
            return
        request = QueryRequest(
            execution.query or "", execution.operation_name, execution.variables or {}
        )
        if execution.operation_type is OperationType.MUTATION:
            context.mutation = document, request
        if execution.operation_type is OperationType.QUERY:
            data = await context.compiled.answer(context, document, request)
            if data is not None:
                execution.result = GraphQLExecutionResult(data=data)


def _access_error(context: Context, text: str | None) -> GraphQLError | None:
    """Check authentication before the document: nothing is parsed without it (rules 10)."""
    if context.actor is None:
        return unauthenticated_error()
    if context.registered is not None and not context.registered.admits(text):
        return unregistered_error()
    return length_error(text)


class Schema(strawberry.Schema):
    """A Strawberry schema with authentication and error translation."""

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
        """Execute one operation and translate its errors."""
        assert isinstance(context_value, Context)
        error = _access_error(context_value, query)
        if error is not None:
            return await _reported(PreExecutionError(None, [error]), context_value)
        result = await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )
        return await _reported(result, context_value)

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
        """Execute one operation of a WebSocket or an event stream for its current actor."""
        assert isinstance(context_value, Context)

        async def results() -> AsyncGenerator[ExecutionResult, None]:
            try:
                context = await context_value.for_operation()
            except Exception as fault:  # noqa: BLE001 - reported like any internal error
                yield PreExecutionError(
                    None, [translate_error(GraphQLError(str(fault), original_error=fault))]
                )
                return
            error = _access_error(context, query)
            if error is not None:
                yield await _reported(PreExecutionError(None, [error]), context)
                return
            stream = await super(Schema, self).stream(
                query,
                variable_values,
                context,
                root_value,
                operation_name,
                operation_extensions,
                allowed_operation_types,
            )
            reports_cost = True
            async with aclosing(stream):
                async for result in stream:
                    assert isinstance(result, ExecutionResult)
                    yield await _reported(result, context, reports_cost=reports_cost)
                    reports_cost = False

        return results()

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Disable the logging of Strawberry; `translate_error` logs internal errors."""


async def _reported(
    result: ExecutionResult, context: Context, *, reports_cost: bool = True
) -> ExecutionResult:
    """The result with its cost and with translated errors.

    It is a PreExecutionError if nothing was executed, which costs one point.
    """
    errors = [
        translate_error(error, has_committed=context.has_committed) for error in result.errors or ()
    ]
    was_executed = result.data is not None or any(error.path for error in errors)
    rejected = None if was_executed else await charge_refused(context)
    if rejected is not None:
        errors = [rejected]
    result_type = ExecutionResult if was_executed or not errors else PreExecutionError
    extensions = dict(result.extensions or {})
    if reports_cost:
        extensions |= response_extensions(context)
    return result_type(result.data, errors or None, extensions)


schema = Schema(
    query=Query,
    mutation=Mutation,
    execution_context_class=PayloadExecutor,
    subscription=Subscription,
    types=[ServiceType, PurchasedOfferType],
    extensions=[
        lambda: MaxTokensLimiter(TOKENS),
        DocumentLimits,
        DocumentCache,
        RequireStream,
        CostCharge,
        Execution,
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
)
