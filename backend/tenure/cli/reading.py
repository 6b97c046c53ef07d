"""Reads by GraphQL queries, so that commands show what the API shows."""
# ruff: noqa: PLC0415

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from tenure.kernel.unit import Runtime

# An object of an answer, with snake case names.
Record: TypeAlias = dict[str, Any]
Json: TypeAlias = Any
# The API answers with at most so many objects of a list.
PAGE = 100
CAPITAL = re.compile(r"(?<!^)([A-Z])")


async def ask(runtime: "Runtime", document: str, **variables: object) -> Record:
    """The data of a query of SYSTEM, with the names of fields in the form of the commands."""
    from tenure.graphql.http.context import Context
    from tenure.graphql.http.schema import schema
    from tenure.kernel.actor import SYSTEM

    result = await schema.execute(document, variables, Context(runtime, SYSTEM))
    for error in result.errors or ():
        raise error.original_error or error
    return with_snake_case(result.data)  # type: ignore[no-any-return]


async def pages(
    runtime: "Runtime", document: str, *, limit: int | None = None, **variables: object
) -> AsyncIterator[list[Record]]:
    """The pages of the only list of a query, with at most `limit` objects together.

    The query passes `$count` and `$cursor` on, and selects `nodes` and `pageInfo` with the aliases
    `cursor` and `hasMore` of one direction.
    """
    cursor: str | None = None
    left = limit
    while left is None or left > 0:
        count = PAGE if left is None else min(PAGE, left)
        page = await ask(runtime, document, count=count, cursor=cursor, **variables)
        while "nodes" not in page:
            [page] = page.values()
        yield page["nodes"]
        if not page["page_info"]["has_more"]:
            return
        cursor = page["page_info"]["cursor"]
        left = None if left is None else left - len(page["nodes"])


async def account_id(runtime: "Runtime", number: str) -> str:
    """The global id of the account with a number. Raises NOT_FOUND (number)."""
    from tenure.kernel.errors import NotFoundError

    document = "query($number: String!) { account(number: $number) { id } }"
    found = (await ask(runtime, document, number=number))["account"]
    if found is None:
        raise NotFoundError("account", ("number",))
    return str(found["id"])


def with_snake_case(value: Json) -> Json:
    """The value with its names of fields in snake case. Connections become lists.

    `details` are values, whose names are those of the API.
    """
    if isinstance(value, list):
        return [with_snake_case(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"nodes"}:
        return with_snake_case(value["nodes"])
    return {
        CAPITAL.sub(r"_\1", name).lower(): it if name == "details" else with_snake_case(it)
        for name, it in value.items()
    }
