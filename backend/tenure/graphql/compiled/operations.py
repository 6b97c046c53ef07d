"""Answers queries by compiled statements, and counts those that are executed normally instead.

The rows in the payloads of mutations are read in the same way.
"""

from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import orjson
import structlog
from graphql import DocumentNode, GraphQLResolveInfo, execute, get_variable_values
from graphql.execution.values import VariableValues
from sqlalchemy.exc import DatabaseError
from strawberry import Schema
from strawberry.utils.await_maybe import await_maybe

from tenure.graphql.compiled.arguments import Site, Sites, parameters_of
from tenure.graphql.compiled.business_day import BusinessDay
from tenure.graphql.compiled.payloads import WrittenRows
from tenure.graphql.compiled.plans import Operation, Plan, Plans, roles_of
from tenure.graphql.compiled.selections import NotCompiledError
from tenure.graphql.compiled.statements import Statement
from tenure.graphql.compiled.values import MISSING
from tenure.graphql.http.context import Context, QueryRequest
from tenure.graphql.http.patches import graphql_schema
from tenure.graphql.reads.natural_keys import resolved_ids
from tenure.kernel.db import Database
from tenure.kernel.outages import outage_of
from tenure.kernel.unit import Runtime

# How often a statement is repeated while the settings of the business day change.
ATTEMPTS = 3

# SQLite parses at most about 100 levels of one statement: some documents of the deepest kind that
# is permitted have more.
PARSER_STACK_OVERFLOW = "parser stack overflow"

# The reason why no statement answers an operation of which no root field is declared.
ONLY_RESOLVERS = "resolver"

Answer = TypeVar("Answer")

log = structlog.get_logger()


@dataclass(slots=True)
class CompiledReads:
    """Answers the queries of a process, and reads the payloads of its mutations.

    `compiled` is the number of those answered by a statement, `fallbacks` the numbers of those that
    are executed normally, by reason. An operation of which all root fields have resolver functions
    (reason "resolver") is executed here, without the extensions of Strawberry.
    """

    schema: Schema
    compiled: int = 0
    fallbacks: Counter[str] = field(default_factory=Counter)
    plans: Plans = field(init=False)
    day: BusinessDay = field(default_factory=BusinessDay)

    def __post_init__(self) -> None:
        self.plans = Plans(self.schema)

    async def answer(
        self, context: Context, document: DocumentNode, request: QueryRequest
    ) -> orjson.Fragment | None:
        """The data of a query as JSON; None if it must be executed normally.

        During an outage of the database normal execution reports the fault that the statement met,
        without another attempt.
        """
        data = await self._attempt(context, self._answer(context, document, request))
        return None if data is None else orjson.Fragment(data)

    async def rows(
        self,
        context: Context,
        info: GraphQLResolveInfo[Context],
        references: Mapping[str, tuple[type, int | None]],
    ) -> WrittenRows | None:
        """The rows of a payload as JSON; None if they must be read by loaders."""
        return await self._attempt(context, self._rows(context, info, references))

    async def _attempt(self, context: Context, reading: Awaitable[Answer]) -> Answer | None:
        try:
            answer = await reading
        except NotCompiledError as it:
            self.fallbacks[it.reason] += 1
            return None
        except Exception as fault:
            self.fallbacks["fault"] += 1
            if outage_of(fault) is not None:
                context.loaders.fault = fault
            else:
                log.error("a compiled query failed", exc_info=fault)
            return None
        return answer

    async def _answer(self, context: Context, document: DocumentNode, request: QueryRequest) -> str:
        operation = self.plans.operation(document, request)
        variables = self._variables(operation, request)
        plan = self.plans.plan(operation, request, variables)
        texts: dict[str, str] = {}
        if plan.selection:
            texts = await self._texts(context, plan, self.plans.sites(plan, variables))
        if plan.resolved is not None:
            texts |= await self._resolve(context, plan.resolved, request)
        if plan.selection:
            self.compiled += 1
        else:
            self.fallbacks[ONLY_RESOLVERS] += 1
        return "{" + ",".join(f'"{key}":{texts[key]}' for key in plan.keys) + "}"

    async def _rows(
        self,
        context: Context,
        info: GraphQLResolveInfo[Context],
        references: Mapping[str, tuple[type, int | None]],
    ) -> WrittenRows:
        assert context.mutation is not None
        document, request = context.mutation
        operation = self.plans.operation(document, request)
        variables = self._variables(operation, request)
        plan = self.plans.payload(operation, request, variables, info, references)
        if not plan.selection:
            self.compiled += 1
            return WrittenRows({})
        rows = {
            it: Site.of_row(f"r{index}", *references[it.python_name or ""])
            for index, it in enumerate(plan.selection)
        }
        sites = {**rows, **self.plans.sites(plan, variables)}
        texts = await self._texts(context, plan, sites)
        self.compiled += 1
        return WrittenRows(texts)

    def _variables(self, operation: Operation, request: QueryRequest) -> VariableValues:
        """The coerced variables of a request. Raises NotCompiledError if they are invalid."""
        variables = operation.variables.read(request.variables) or get_variable_values(
            graphql_schema(self.schema),
            operation.definition.variable_definitions or (),
            dict(request.variables),
            max_errors=1,
        )
        if isinstance(variables, list):
            raise NotCompiledError("invalid variables")
        return variables

    async def _texts(self, context: Context, plan: Plan, sites: Sites) -> dict[str, str]:
        """The JSON text of each field that the statement of the plan reads.

        Raises NotCompiledError if a row is missing that must not be null.
        """
        texts = await self._read_shortest(context, plan, sites)
        if any(MISSING in it for it in texts.values()):
            raise NotCompiledError("null")
        return texts

    async def _read_shortest(self, context: Context, plan: Plan, sites: Sites) -> dict[str, str]:
        """The JSON texts of the shorter statement of stored values, if that is enough."""
        _check_role(context, plan, sites)
        await _find_natural_keys(context.runtime.database, sites)
        dialect = context.runtime.database.engine.dialect
        statement = self.plans.statement(plan, sites, dialect)
        shorter = statement.of_stored
        if shorter is not None and statement.guess.is_worth_trying():
            texts = await self._read(context.runtime, shorter, plan, sites)
            is_enough = not any(MISSING in it for it in texts.values())
            statement.guess.learn(was_enough=is_enough)
            if is_enough:
                return texts
        try:
            return await self._read(context.runtime, statement, plan, sites)
        except DatabaseError as fault:
            if PARSER_STACK_OVERFLOW not in str(fault):
                raise
            raise self.plans.refuse(plan, sites, dialect, "too deep") from fault

    async def _read(
        self, runtime: Runtime, statement: Statement, plan: Plan, varying: Sites
    ) -> dict[str, str]:
        """The JSON text of each root field of the statement."""
        given = parameters_of(varying)
        sites = (*plan.constant.values(), *varying.values())
        days = {name: day for it in sites for name, day in it.days.items()}
        for _ in range(ATTEMPTS):
            if statement.uses_today:
                given |= await self.day.parameters(runtime, days)
            row = await runtime.database.fetch_row(statement.sent.sql, statement.sent.bound(given))
            assert row is not None
            texts = [str(text) for text in row]
            if not statement.uses_today or self.day.confirm(texts.pop()):
                return dict(zip(statement.keys, texts, strict=True))
        raise NotCompiledError("settings")

    async def _resolve(
        self, context: Context, document: DocumentNode, request: QueryRequest
    ) -> dict[str, str]:
        """Execute the root fields that have a resolver function."""
        result = await await_maybe(
            execute(
                graphql_schema(self.schema),
                document,
                context_value=context,
                variable_values=dict(request.variables),
                operation_name=request.operation_name,
            )
        )
        if result.errors or result.data is None:
            raise NotCompiledError("error")
        return {key: orjson.dumps(value).decode() for key, value in result.data.items()}


def _check_role(context: Context, plan: Plan, varying: Sites) -> None:
    """Raises NotCompiledError if the caller may not read everything: resolvers report the error."""
    role = context.caller.role
    if not (role.includes(plan.role) and all(role.includes(it) for it in roles_of(varying))):
        raise NotCompiledError("forbidden")


async def _find_natural_keys(database: Database, sites: Sites) -> None:
    """Set the keys of `node` and `nodes` that are known by natural keys."""
    for site in sites.values():
        if site.has_natural_keys:
            site.set_keys(await resolved_ids(database, site.ids))
