"""Lists as CSV files (RFC 4180), streamed page by page: memory does not grow with the list.

A file is no snapshot: each page is a statement of its own, and continues after the last row of the
page before. So the export of a large list does not keep a transaction open.
"""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import orjson
from graphql import (
    GraphQLInputField,
    GraphQLInputObjectType,
    coerce_input_value,
    validate_input_value,
)
from sqlalchemy import ColumnElement, Select, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from strawberry.utils.str_converters import to_snake_case

from tenure.graphql.http.patches import graphql_schema
from tenure.graphql.http.schema import schema
from tenure.graphql.reads.mapping import TODAY
from tenure.graphql.reads.statements import conditions
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import decimal_text
from tenure.kernel.pages import Order, PageRequest, bounded, cursor_of, sorting
from tenure.kernel.text import excerpt
from tenure.kernel.unit import Runtime
from tenure.settings.queries import read_business
from tenure.settings.rules import Business
from tenure.web.exported_admin_lists import ADMIN_EXPORTS
from tenure.web.exported_lists import EXPORTS, Export
from tenure.web.sessions import Authenticate

PAGE_SIZE = 1000
LONGEST_MESSAGE = 300
LISTS = {**EXPORTS, **ADMIN_EXPORTS}
# Arguments of a list that are no filters.
PAGING = {"first", "after", "last", "before"}
# A spreadsheet would read a cell that begins with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Exports:
    """`/exports/NAME.csv`, for agents or admins: a list with the filters of the API."""

    def __init__(self, runtime: Runtime, authenticate: Authenticate) -> None:
        self.runtime = runtime
        self.authenticate = authenticate

    def routes(self) -> list[Route]:
        """The routes. The page follows them, because it matches every path."""
        return [Route("/exports/{name}.csv", self.show)]

    async def show(self, request: Request) -> Response:
        """200 with the file; 400 for invalid filters, 401, 403, or 404 for an unknown list."""
        actor = await self.authenticate(request)
        if actor is None:
            return JSONResponse({"error": "Sign in first."}, status_code=401)
        name = request.path_params["name"]
        export = LISTS.get(name)
        role = export.role if export else Role.AGENT
        if not actor.role.includes(role):
            return JSONResponse({"error": f"This needs the role {role}."}, status_code=403)
        if export is None:
            known = ", ".join(LISTS)
            return JSONResponse({"error": f"Export one of: {known}."}, status_code=404)
        try:
            order, statement = selected(export, request.query_params)
        except TenureError as error:
            return JSONResponse({"error": error.message}, status_code=400)
        async with self.runtime.database.reading() as session:
            business = await read_business(session, self.runtime)
        headers = {
            "content-disposition": f'attachment; filename="{name}-{business.today}.csv"',
        }
        pages = self._pages(export, order, statement, business)
        return StreamingResponse(pages, headers=headers, media_type="text/csv; charset=utf-8")

    async def _pages(
        self, export: Export, order: Order, statement: Select[Any], business: Business
    ) -> AsyncIterator[str]:
        """The text of the file: the header, then a page of rows at a time."""
        yield csv_text([list(export.columns)])
        request = PageRequest()
        count = len(export.columns)
        while True:
            page = bounded(statement, order, request).order_by(*sorting(order, request))
            async with self.runtime.database.reading() as session:
                found = await session.execute(page.limit(PAGE_SIZE), {TODAY.key: business.today})
                rows = found.all()
            yield csv_text([[cell(value) for value in row[:count]] for row in rows])
            if len(rows) < PAGE_SIZE:
                return
            request = PageRequest(after=cursor_of(rows[-1], order))


def selected(export: Export, parameters: Mapping[str, str]) -> tuple[Order, Select[Any]]:
    """The order and the rows that the parameters of a request name. Raises TenureError (INVALID).

    The columns come first, then those of the order.
    """
    given = _arguments(export, parameters)
    missing = [name for name in export.required if given.get(name) is None]
    if missing:
        raise TenureError(ErrorCode.INVALID, f"Provide {_parameter(missing[0])}.")
    order = _order(export, parameters.get("sort"))
    cells = enumerate(export.columns.values())
    columns: list[ColumnElement[Any]] = [column.label(f"cell_{it}") for it, column in cells]
    statement = select(*columns, *order.columns).select_from(export.model)
    return order, statement.where(*export.where, *conditions(export.filters, given))


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Lines of a CSV file."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def cell(value: object) -> str:
    """The text of a value. A text that a spreadsheet would calculate gets an apostrophe before it.

    Numbers are left as they are: a negative one is no formula.
    """
    match value:
        case None:
            return ""
        case Decimal():
            return decimal_text(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(map(str, value))
        case dict():
            return orjson.dumps(value).decode()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _arguments(export: Export, parameters: Mapping[str, str]) -> dict[str, object]:
    """The values of the filters by their Python names."""
    known = {"filter", "sort", *map(_parameter, export.required)}
    unknown = sorted(set(parameters) - known)
    if unknown:
        raise TenureError(ErrorCode.INVALID, f"Use only the parameters {', '.join(sorted(known))}.")
    given: dict[str, object] = {
        name: parameters[_parameter(name)]
        for name in export.required
        if _parameter(name) in parameters
    }
    text = parameters.get("filter")
    if text is None:
        return given
    kind = _filter_type(export)
    if kind is None:
        raise TenureError(ErrorCode.INVALID, "This list has no filter.")
    return {**_filter(kind, text), **given}


def _filter_type(export: Export) -> GraphQLInputObjectType | None:
    """The input type of the filter; one of the arguments of a list that has no such type."""
    graphql = graphql_schema(schema)
    if export.filter_type is not None:
        kind = graphql.type_map[export.filter_type]
        assert isinstance(kind, GraphQLInputObjectType)
        return kind
    if export.arguments_of is None:
        return None
    assert graphql.query_type
    arguments = graphql.query_type.fields[export.arguments_of].args
    fields = {
        name: GraphQLInputField(argument.type)
        for name, argument in arguments.items()
        if name not in PAGING
    }
    return GraphQLInputObjectType(f"{export.arguments_of}Filter", fields)


def _filter(kind: GraphQLInputObjectType, text: str) -> dict[str, object]:
    """The fields of a filter in JSON, checked like an argument of the API."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise TenureError(ErrorCode.INVALID, "filter: This is not JSON.") from None
    faults: list[str] = []
    validate_input_value(value, kind, lambda fault, _path: faults.append(fault.message))
    if faults:
        raise TenureError(ErrorCode.INVALID, f"filter: {excerpt(faults[0], LONGEST_MESSAGE)}")
    coerced = coerce_input_value(value, kind) or {}
    names = {"from": "from_"}
    return {names.get(name, to_snake_case(name)): value for name, value in coerced.items()}


def _order(export: Export, sort: str | None) -> Order:
    if sort is None:
        return export.order
    found = next((order for value, order in export.sorts.items() if value.name == sort), None)
    if found is None:
        raise TenureError(ErrorCode.INVALID, "This list has no such sort order.")
    return found


def _parameter(name: str) -> str:
    return {"job_run": "jobRun"}.get(name, name)
