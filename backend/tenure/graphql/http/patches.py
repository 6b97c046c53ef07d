"""Private attributes of Strawberry that Tenure reads, because there is no public counterpart.

- `Schema._schema`: the schema of graphql-core. The cost of a document is computed with its types.
  Can go when Strawberry exposes it.
- `ExecutionContext._provided_operation_name`: the operation name of the request, before Strawberry
  replaces a missing one with the first operation. Can go when Strawberry itself refuses several
  operations without a name.
- `Info._raw_info`: `Info.selected_fields` converts the whole selection, which takes longer than
  most resolvers. Can go when Strawberry exposes the field nodes and the variables.
- `BaseGraphQLTransportWSHandler._task_done`: logs the error of a background task. Can go when it is
  public.

`tests/graphql/test_patches.py` fails if they change.
"""

import asyncio
from collections.abc import Callable

from graphql import FieldNode, GraphQLResolveInfo, GraphQLSchema
from strawberry.schema.base import BaseSchema
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.types import ExecutionContext, Info

from tenure.graphql.http.context import Context


def graphql_schema(schema: BaseSchema) -> GraphQLSchema:
    """The schema of graphql-core."""
    return schema._schema  # type: ignore[attr-defined, no-any-return]


def requested_operation_name(context: ExecutionContext) -> str | None:
    """The operation name of the request; None if there is none."""
    return context._provided_operation_name


def task_callback(
    handler: BaseGraphQLTransportWSHandler[Context, None],
) -> Callable[[asyncio.Task[None]], None]:
    """Logs the error of a background task of the handler, when the task has ended."""
    return handler._task_done


def resolve_info(info: Info) -> GraphQLResolveInfo[Context]:
    """What graphql-core tells about the field."""
    return info._raw_info


def field_node(info: Info) -> FieldNode:
    """The first node of the field in the document."""
    return resolve_info(info).field_nodes[0]
