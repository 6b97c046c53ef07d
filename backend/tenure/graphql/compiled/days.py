"""SQL that writes how many rows there are on each business day, as JSON text."""

from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, bindparam, case, func

from tenure.graphql.compiled.objects import Writer, list_of
from tenure.graphql.compiled.selections import Field, Selection
from tenure.graphql.reads.mapping import CountsByDay
from tenure.kernel.dialects import days_after
from tenure.kernel.json_text import Part, chain, constant, join, json_date, json_integer


def counts_by_day(writer: Writer, it: Field, declaration: CountsByDay) -> ColumnElement[str]:
    """The list of days that have rows, with their counts by member."""
    site = writer.sites[it]
    writer.uses_today |= site.uses_today
    begins: list[ColumnElement[Any]] = [
        bindparam(name, None, declaration.kind) for name in site.days
    ]
    if len(begins) < 2:
        return constant("[]")
    rows = writer.in_order(declaration.counts(begins, site.conditions))
    name = site.name("from")
    first: ColumnElement[Any] = bindparam(name, site.parameters[name], Date())
    [selection] = it.selections.values()
    parts: list[Part] = ["{"]
    for index, below in enumerate(selection):
        parts.append(f'{"," if index else ""}"{below.key}":')
        match below.name:
            case "date":
                parts.append(json_date(days_after(first, rows.c.place)))
            case "counts":
                [selected] = below.selections.values()
                parts.append(_counts(selected, declaration, rows))
            case _:
                parts.append('"DeferredActionDay"')
    return list_of(rows, join([*parts, "}"]))


def _counts(selection: Selection, declaration: CountsByDay, rows: FromClause) -> ColumnElement[str]:
    """The list of members that have rows."""
    present: list[Part] = [
        case(
            (rows.c[member] > 0, chain(_count(selection, member, rows.c[member]))),
            else_=constant(""),
        )
        for member in declaration.members
    ]
    return chain(["[", func.substr(chain(present), 2), "]"])


def _count(selection: Selection, member: str, count: ColumnElement[int]) -> list[Part]:
    parts: list[Part] = [",{"]
    for index, below in enumerate(selection):
        parts.append(f'{"," if index else ""}"{below.key}":')
        match below.name:
            case "status":
                parts.append(f'"{member}"')
            case "count":
                parts.append(json_integer(count))
            case _:
                parts.append('"DeferredActionCount"')
    return [*parts, "}"]
