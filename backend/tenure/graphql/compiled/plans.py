"""How operations are answered: what a statement reads, and what has a resolver function.

Plans and statements are kept for the next request of the same text, within a number of characters.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.values import VariableValues
from sqlalchemy import Dialect
from strawberry import Schema

from tenure.graphql.compiled.arguments import FieldArguments, Sites, field_arguments
from tenure.graphql.compiled.plain_values import PlainVariables, plain_variables
from tenure.graphql.compiled.selections import (
    Collector,
    Field,
    NotCompiledError,
    Selection,
    deciding_variables,
    fragments_of,
    operation_of,
)
from tenure.graphql.compiled.statements import Statement, compile_statement, is_read
from tenure.graphql.http.context import Context, QueryRequest
from tenure.graphql.http.patches import graphql_schema
from tenure.graphql.reads.mapping import (
    MAPPINGS,
    Lookup,
    Paged,
    ToMany,
    highest,
    required_role,
)
from tenure.kernel.actor import Role

# The total lengths of the documents whose plans are kept, and of the statements.
PLAN_CHARACTERS = 200_000
STATEMENT_CHARACTERS = 8_000_000

Made = TypeVar("Made", "Plan", Statement)


@dataclass(frozen=True, slots=True)
class NotCompiled:
    """Why an operation or a statement is not compiled."""

    reason: str
    length: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is answered for the variables that decide what it includes.

    `keys` are the names of its root fields in the response. `selection` are the root fields that a
    statement reads, if any. `resolved` is a document with the other ones. `constant` are the
    arguments of fields without variables; `varying` are those of fields with variables, or with
    natural keys of `node` and `nodes`. `role` is required to read the rows of its declared fields,
    and those of the constant `node` and `nodes`.
    """

    number: int
    length: int
    keys: tuple[str, ...]
    selection: Selection
    resolved: DocumentNode | None
    constant: Sites
    varying: Sequence[FieldArguments]
    role: Role


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a document.

    `deciding` are the names of the variables in @skip and @include.
    """

    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    deciding: tuple[str, ...]
    variables: PlainVariables
    length: int


@dataclass(slots=True)
class Plans:
    """The operations, plans and statements of a process."""

    schema: Schema
    numbers: Iterator[int] = field(default_factory=count)
    operations: LRUCache[Any, Operation] = field(init=False)
    plans: LRUCache[Any, Plan | NotCompiled] = field(init=False)
    statements: LRUCache[Any, Statement | NotCompiled] = field(init=False)

    def __post_init__(self) -> None:
        def length(it: Any) -> int:
            return int(it.length)

        self.operations = LRUCache(PLAN_CHARACTERS, length)
        self.plans = LRUCache(PLAN_CHARACTERS, length)
        self.statements = LRUCache(STATEMENT_CHARACTERS, length)

    def operation(self, document: DocumentNode, request: QueryRequest) -> Operation:
        """The requested operation of a document. Raises NotCompiledError if there is none."""
        key = (request.text, request.operation_name)
        operation = self.operations.get(key)
        if operation is None:
            definition = operation_of(document, request.operation_name)
            if definition is None:
                raise NotCompiledError("no operation")
            fragments = fragments_of(document)
            deciding = deciding_variables(definition, fragments)
            variables = plain_variables(graphql_schema(self.schema), definition)
            operation = Operation(definition, fragments, deciding, variables, len(request.text))
            _keep(self.operations, key, operation)
        return operation

    def plan(self, operation: Operation, request: QueryRequest, variables: VariableValues) -> Plan:
        """The plan for these variables. Raises NotCompiledError."""
        deciding = tuple(variables.coerced.get(name) for name in operation.deciding)
        key = (request.text, request.operation_name, deciding)
        return _kept_or_made(
            self.plans, key, operation.length, lambda: self._planned(operation, variables)
        )

    def payload(
        self,
        operation: Operation,
        request: QueryRequest,
        variables: VariableValues,
        info: GraphQLResolveInfo[Context],
        names: Container[str],
    ) -> Plan:
        """The plan for the rows in the payload of a root field. Raises NotCompiledError.

        `names` are the Python names of the fields of the payload that are rows.
        """
        deciding = tuple(variables.coerced.get(name) for name in operation.deciding)
        key = (request.text, request.operation_name, deciding, info.path.key)

        def make() -> Plan:
            payload = get_named_type(info.return_type)
            assert isinstance(payload, GraphQLObjectType)
            sets = [node.selection_set for node in info.field_nodes if node.selection_set]
            collector = Collector(info.schema, operation.fragments, variables)
            selection = collector.collect(payload, sets)
            read = tuple(it for it in selection if it.python_name in names)
            return self._plan_of(read, operation, variables, keys=tuple(it.key for it in read))

        return _kept_or_made(self.plans, key, operation.length, make)

    def sites(self, plan: Plan, variables: VariableValues) -> Sites:
        """The varying arguments of a request.

        Raises NotCompiledError if they are invalid.
        """
        return {arguments.field: arguments.read(variables) for arguments in plan.varying}

    def statement(self, plan: Plan, varying: Sites, dialect: Dialect) -> Statement:
        """The statement for arguments of this shape. Raises NotCompiledError."""
        return _kept_or_made(
            self.statements,
            _statement_key(plan, varying, dialect),
            plan.length,
            lambda: compile_statement(plan.selection, plan.constant, varying, dialect),
        )

    def refuse(self, plan: Plan, varying: Sites, dialect: Dialect, reason: str) -> NotCompiledError:
        """Keep that the database cannot execute the statement. Returns the error to raise."""
        key = _statement_key(plan, varying, dialect)
        _keep(self.statements, key, NotCompiled(reason, plan.length))
        return NotCompiledError(reason)

    def _planned(self, operation: Operation, variables: VariableValues) -> Plan:
        schema = graphql_schema(self.schema)
        assert schema.query_type is not None
        definition, fragments = operation.definition, operation.fragments
        collector = Collector(schema, fragments, variables)
        selection = collector.collect(schema.query_type, [definition.selection_set])
        read = tuple(it for it in selection if is_read(it))
        nodes = tuple(node for it in selection if not is_read(it) for node in it.nodes)
        resolved = _reduced(definition, fragments, nodes) if nodes else None
        keys = tuple(it.key for it in selection)
        return self._plan_of(read, operation, variables, keys=keys, resolved=resolved)

    def _plan_of(
        self,
        read: Selection,
        operation: Operation,
        variables: VariableValues,
        *,
        keys: tuple[str, ...],
        resolved: DocumentNode | None = None,
    ) -> Plan:
        arguments = [
            field_arguments(self.schema, it, f"a{index}", variables)
            for index, it in enumerate(_with_arguments(read))
        ]
        without_variables = {
            it.field: it.read(variables) for it in arguments if not it.has_variables
        }
        constant = {it: site for it, site in without_variables.items() if not site.has_natural_keys}
        return Plan(
            next(self.numbers),
            operation.length,
            keys,
            read,
            resolved,
            constant,
            [it for it in arguments if it.field not in constant],
            highest([*_required_roles(read), *roles_of(constant)]),
        )


def _statement_key(plan: Plan, varying: Sites, dialect: Dialect) -> tuple[object, ...]:
    return (plan.number, dialect.name, *(tuple(site.shape) for site in varying.values()))


def _kept_or_made(
    cache: LRUCache[Any, Made | NotCompiled], key: object, length: int, make: Callable[[], Made]
) -> Made:
    """The kept value of the key, or a new one. A refusal is kept with this length, and raised."""
    kept = cache.get(key)
    if kept is None:
        try:
            kept = make()
        except NotCompiledError as it:
            kept = NotCompiled(it.reason, length)
        _keep(cache, key, kept)
    if isinstance(kept, NotCompiled):
        raise NotCompiledError(kept.reason)
    return kept


def _keep(cache: LRUCache[Any, Any], key: object, it: Any) -> None:
    if it.length <= cache.maxsize:
        cache[key] = it


def _with_arguments(selection: Selection) -> Iterator[Field]:
    """The fields whose arguments are part of a statement."""
    for it in selection:
        has_arguments = it.definition is not None and bool(it.definition.args)
        if has_arguments or isinstance(it.declaration, Lookup | Paged | ToMany):
            yield it
        for below in it.selections.values():
            yield from _with_arguments(below)


def roles_of(sites: Sites) -> Iterator[Role]:
    """The roles that are required to read the rows of `node` and `nodes`."""
    return (MAPPINGS[name].role for it in sites.values() for name in it.type_names)


def _required_roles(selection: Selection) -> Iterator[Role]:
    for it in selection:
        yield required_role(it.declaration)
        for below in it.selections.values():
            yield from _required_roles(below)


def _reduced(
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    nodes: Sequence[FieldNode],
) -> DocumentNode:
    """A document with some root fields of an operation."""
    changed = replace(operation, selection_set=SelectionSetNode(selections=tuple(nodes)))
    return DocumentNode(definitions=(changed, *fragments.values()))
