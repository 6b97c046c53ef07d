"""The SQL statement of an operation, and how its parameters are bound."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Dialect, bindparam, func, select

from tenure.graphql.compiled import values
from tenure.graphql.compiled.arguments import Sites, parameters_of
from tenure.graphql.compiled.business_day import settings_column
from tenure.graphql.compiled.connections import connection
from tenure.graphql.compiled.filters import Parameters
from tenure.graphql.compiled.objects import Writer, adapted
from tenure.graphql.compiled.selections import Field, NotCompiledError, Selection
from tenure.graphql.reads.mapping import MAPPINGS, TODAY, Lookup, Paged
from tenure.kernel.dialects import listed_ids
from tenure.kernel.json_text import constant, join, joined_rows
from tenure.kernel.patches.sqlalchemy_statements import bind_processors

Processor: TypeAlias = Callable[[Any], object]
Places: TypeAlias = Sequence[tuple[int, Processor | None]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled statement. Its row has a JSON text for each of `keys`, the root fields.

    With `uses_today` a last column has the settings of the business day.

    `constants` are the positional parameters of a request. Those of others differ where `places`
    has the name of a parameter: its positions and its processor.
    """

    keys: tuple[str, ...]
    sql: str
    constants: tuple[object, ...]
    places: Mapping[str, Places]
    uses_today: bool

    @property
    def length(self) -> int:
        """The number of characters."""
        return len(self.sql)

    def bound(self, given: Parameters) -> tuple[object, ...]:
        """The positional parameters of a request."""
        values = list(self.constants)
        for name, value in given.items():
            for place, process in self.places.get(name, ()):
                values[place] = value if process is None else process(value)
        return tuple(values)


def compile_statement(selection: Selection, sites: Sites, dialect: Dialect) -> Statement:
    """Compile the root fields of a query.

    Raises NotCompiledError for a field without declaration.
    """
    writer = Writer(sites, connection, is_sqlite=dialect.name == "sqlite")
    columns = [_root(writer, it).label(f"c{index}") for index, it in enumerate(selection)]
    if writer.uses_today:
        columns.append(settings_column().label("settings"))
    statement = select(*columns)
    compiled = statement.compile(dialect=dialect)
    # Lists of values are expanded to as many parameters.
    expanded = compiled.construct_expanded_state(
        {TODAY.key: date.min} if writer.uses_today else None
    )
    processors = {**bind_processors(compiled), **expanded.processors}
    places: defaultdict[str, list[tuple[int, Processor | None]]] = defaultdict(list)
    for place, name in enumerate(expanded.positiontup or []):
        places[name].append((place, processors.get(name)))
    without_values = Statement(
        tuple(it.key for it in selection),
        expanded.statement,
        (None,) * len(expanded.positiontup or []),
        dict(places),
        writer.uses_today,
    )
    values = {**expanded.parameters, **parameters_of(sites)}
    return replace(without_values, constants=without_values.bound(values))


def is_read(it: Field) -> bool:
    """True if a statement answers the root field; false if it has a resolver function."""
    return it.declaration is not None or it.name in ("node", "nodes", "__typename")


def _root(writer: Writer, it: Field) -> ColumnElement[str]:
    match it.declaration:
        case Lookup(model=model):
            rows = writer.alias(model)
            site = writer.sites[it]
            writer.uses_today |= site.uses_today
            found = select(writer.row(model, it.selections, rows)).select_from(rows)
            found = found.where(*adapted(model, rows, site.conditions)).limit(1)
            return func.coalesce(found.scalar_subquery(), values.null_of(it.type))
        case Paged() as declaration:
            return connection(writer, it, declaration, None)
        case None if it.name == "__typename":
            return constant('"Query"')
        case None if it in writer.sites:
            return _nodes(writer, it)
        case _:
            raise NotCompiledError("resolver")


def _nodes(writer: Writer, it: Field) -> ColumnElement[str]:
    """The rows of `node`, of `nodes` or of a field of a payload, found by their keys."""
    site = writer.sites[it]
    name = site.name("keys")
    model = MAPPINGS[site.type_name].model if site.type_name else None
    if model is None:
        count = len(site.parameters[name]) if it.name == "nodes" else 0
        return constant(f"[{','.join(['null'] * count)}]" if it.name == "nodes" else "null")
    rows = writer.alias(model)
    text = writer.row(model, it.selections, rows)
    found = select(text).select_from(rows)
    if it.name != "nodes":
        key: BindParameter[Any] = bindparam(name, site.parameters[name], rows.c.id.type)
        found = found.where(rows.c.id == key)
        return func.coalesce(found.scalar_subquery(), constant(values.NULL))
    wanted = listed_ids(name, site.parameters[name], sqlite=writer.is_sqlite)
    found = found.where(rows.c.id == wanted.c.key).correlate(wanted)
    item = func.coalesce(found.scalar_subquery(), constant(values.NULL))
    listed = select(item.label("item")).select_from(wanted).order_by(wanted.c.place)
    items = writer.in_order(listed)
    text = func.coalesce(joined_rows(items.c.item), constant(""))
    return select(join(["[", text, "]"])).select_from(items).scalar_subquery()
