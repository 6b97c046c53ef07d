"""The SQL statement of an operation."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Dialect,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from tenure.graphql.compiled import values
from tenure.graphql.compiled.arguments import Site, Sites, parameters_of
from tenure.graphql.compiled.business_day import settings_column
from tenure.graphql.compiled.connections import connection
from tenure.graphql.compiled.days import counts_by_day
from tenure.graphql.compiled.objects import Writer, adapted, list_of
from tenure.graphql.compiled.selections import Field, NotCompiledError, Selection
from tenure.graphql.reads.mapping import (
    MAPPINGS,
    TODAY,
    CountsByDay,
    Lookup,
    Paged,
    RowsAbout,
)
from tenure.kernel.dialects import IdList, listed_ids
from tenure.kernel.json_text import constant, join
from tenure.kernel.statements import CompiledStatement

# A shorter statement is tried at least once in so many requests.
LONGEST_PAUSE = 100


@dataclass(slots=True)
class Guess:
    """Whether the shorter statement will be enough, from the requests before.

    After each time that it was not, it is tried less often: pages whose amounts are always computed
    seldom need a second statement.
    """

    pause: int = 0
    waiting: int = 0

    def is_worth_trying(self) -> bool:
        """Counts a request."""
        if self.waiting:
            self.waiting -= 1
            return False
        return True

    def learn(self, *, was_enough: bool) -> None:
        """What came of trying it."""
        self.pause = 0 if was_enough else min(2 * self.pause + 1, LONGEST_PAUSE)
        self.waiting = self.pause


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled statement. Its row has a JSON text for each of `keys`, the root fields.

    With `uses_today` it depends on business days, and a last column has the settings of these.
    `of_stored` is a shorter statement, if there is one: it is enough if all values that are stored
    for some rows are stored for all that it reads, and writes MISSING otherwise.
    """

    keys: tuple[str, ...]
    sent: CompiledStatement
    uses_today: bool
    of_stored: "Statement | None" = None
    guess: Guess = field(default_factory=Guess)

    @property
    def length(self) -> int:
        """The number of characters."""
        return len(self.sent.sql) + (self.of_stored.length if self.of_stored else 0)


def compile_statement(
    selection: Selection,
    constants: Sites,
    varying: Sites,
    dialect: Dialect,
    *,
    only_stored: bool = False,
) -> Statement:
    """Compile the root fields of a query. The parameters of `varying` differ between requests.

    Raises NotCompiledError for a field without declaration.
    """
    sites = {**constants, **varying}
    is_sqlite = dialect.name == "sqlite"
    writer = Writer(sites, connection, is_sqlite, only_stored=only_stored)
    columns = [_root(writer, it).label(f"c{index}") for index, it in enumerate(selection)]
    given = {*parameters_of(varying)}
    if writer.uses_today:
        columns.append(settings_column().label("settings"))
        given |= {TODAY.key, *(name for it in sites.values() for name in it.days)}
    sent = CompiledStatement.of(
        select(*columns).compile(dialect=dialect), given=given, constants=parameters_of(constants)
    )
    of_stored = None
    # PostgreSQL prepares a whole statement before each execution, also branches that no row takes.
    if writer.has_computed and not only_stored and not is_sqlite:
        of_stored = compile_statement(selection, constants, varying, dialect, only_stored=True)
    return Statement(tuple(it.key for it in selection), sent, writer.uses_today, of_stored)


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
            return join(connection(writer, it, declaration, None))
        case RowsAbout() as declaration:
            return _rows_about(writer, it, declaration)
        case CountsByDay() as declaration:
            return counts_by_day(writer, it, declaration)
        case None if it.name == "__typename":
            return constant('"Query"')
        case None if it in writer.sites:
            return _nodes(writer, it)
        case _:
            raise NotCompiledError("resolver")


def _nodes(writer: Writer, it: Field) -> ColumnElement[str]:
    """The rows of `node`, of `nodes` or of a field of a payload, found by their keys."""
    site = writer.sites[it]
    if it.name != "nodes":
        if not site.type_names:
            return constant(values.NULL)
        [name] = site.type_names
        found = _by_key(writer, it, name, _key_of(site))
        return func.coalesce(found.scalar_subquery(), constant(values.NULL))
    if not site.type_names:
        return constant(f"[{','.join([values.NULL] * len(site.ids))}]")
    wanted = listed_ids(
        *(
            bindparam(site.name(it), site.parameters[site.name(it)], IdList())
            for it in ("keys", "kinds")
        ),
        sqlite=writer.is_sqlite,
    )
    rows = [
        (wanted.c.kind == literal_column(str(kind)), found.correlate(wanted).scalar_subquery())
        for kind, name in enumerate(site.type_names)
        for found in [_by_key(writer, it, name, wanted.c.key)]
    ]
    item = func.coalesce(case(*rows) if len(rows) > 1 else rows[0][1], constant(values.NULL))
    listed = select(item.label("item")).select_from(wanted).order_by(wanted.c.place)
    items = writer.in_order(listed)
    return list_of(items, items.c.item)


def _rows_about(writer: Writer, it: Field, declaration: RowsAbout) -> ColumnElement[str]:
    """The rows about an object; MISSING without it, so that the resolver reports the error."""
    site = writer.sites[it]
    [name] = site.type_names
    key = _key_of(site)
    argument = bindparam(
        site.name("argument"), site.parameters[site.name("argument")], declaration.kind
    )
    rows = writer.in_order(declaration.rows(name, key, argument))
    listed = list_of(rows, writer.row(declaration.model, it.selections, rows))
    return case((declaration.found(name, key).exists(), listed), else_=constant(values.MISSING))


def _by_key(writer: Writer, it: Field, name: str, key: ColumnElement[Any]) -> Select[str]:
    """The row of a type with this key."""
    model = MAPPINGS[name].model
    assert model is not None
    rows = writer.alias(model)
    text = writer.row(model, it.selections, rows)
    return select(text).select_from(rows).where(rows.c.id == key)


def _key_of(site: Site) -> BindParameter[Any]:
    """The key of the only id."""
    return bindparam(site.name("keys"), site.parameters[site.name("keys")], BigInteger())
