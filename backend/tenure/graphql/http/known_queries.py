"""Recognizes requests that a compiled statement can answer without Strawberry's view.

Such a request has a query that was validated before. Its variables are checked as in the view. All
other requests, and those with an error, are left to the view, which reports the error.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from graphql import DocumentNode, GraphQLSchema, OperationType, get_operation_ast

from tenure.graphql.http.context import QueryRequest
from tenure.graphql.http.documents import VALIDATED_DOCUMENTS
from tenure.graphql.http.limits import NAME_CHARACTERS
from tenure.graphql.http.request_limits import request_cost

KEYS = {"query", "variables", "operationName"}


@dataclass(frozen=True, slots=True)
class KnownQuery:
    """A request with its document, and the points that it costs."""

    document: DocumentNode
    request: QueryRequest
    points: int


def known_query(schema: GraphQLSchema, body: bytes) -> KnownQuery | None:
    """The query in a request body; None if the view must handle the request."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(content, dict) or not content.keys() <= KEYS:
        return None
    text, name = content.get("query"), content.get("operationName")
    variables = content.get("variables")
    if not isinstance(text, str) or not isinstance(name, str | None):
        return None
    if not isinstance(variables, Mapping | None) or len(name or "") > NAME_CHARACTERS:
        return None
    document = VALIDATED_DOCUMENTS.get(text)
    operation = get_operation_ast(document, name) if document else None
    if document is None or operation is None or operation.operation is not OperationType.QUERY:
        return None
    request = QueryRequest(text, name, variables or {})
    cost = request_cost(schema, document, request)
    return None if cost.error else KnownQuery(document, request, cost.points)
