"""The private attributes of Strawberry that `graphql.http.patches` reads still exist."""

import strawberry
from graphql import GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)

from tenure.graphql.http.patches import field_node, graphql_schema, requested_operation_name

names: list[str | None] = []


class Recorder(SchemaExtension):
    """Records the requested operation name."""

    def on_execute(self) -> None:
        """Called by Strawberry."""
        names.append(requested_operation_name(self.execution_context))


@strawberry.type
class Query:
    """One field, which answers the alias of its node."""

    @strawberry.field
    def alias(self, info: strawberry.Info) -> str:
        """The alias in the document."""
        node = field_node(info)
        return node.alias.value if node.alias else ""


def test_patches_read_what_they_say() -> None:
    names.clear()
    assert callable(BaseGraphQLTransportWSHandler._task_done)
    schema = strawberry.Schema(Query, extensions=[Recorder])
    assert isinstance(graphql_schema(schema), GraphQLSchema)
    assert schema.execute_sync("query Named { one: alias }").data == {"one": "one"}
    named = schema.execute_sync("query Named { alias }", operation_name="Named")
    assert named.data == {"alias": ""}
    assert names == [None, "Named"]


def test_attributes_have_no_public_counterpart() -> None:
    """If one of them becomes public, the patch can be removed."""
    schema = strawberry.Schema(Query)
    assert not hasattr(schema, "graphql_schema")
    assert not hasattr(BaseGraphQLTransportWSHandler, "task_done")
    for name in ("raw_info", "field_nodes"):
        assert not hasattr(strawberry.Info, name)
