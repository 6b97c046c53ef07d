"""SQL that writes objects and lists as JSON text: a correlated subquery for each relation.

A list is an aggregate over an ordered subquery; on PostgreSQL it is an array of an ordered
statement, without the subquery.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Alias, ColumnClause, ColumnElement, FromClause, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.visitors import replacement_traverse

from tenure.graphql.compiled import values
from tenure.graphql.compiled.arguments import Site
from tenure.graphql.compiled.selections import Field, NotCompiledError, Selection
from tenure.graphql.reads.mapping import (
    MAPPINGS,
    TYPE_NAMES,
    Ancestors,
    Column,
    Computed,
    Declaration,
    DescendantCount,
    Expression,
    FirstPresent,
    GlobalId,
    HoldsOf,
    Model,
    MoneyOf,
    Paged,
    ToMany,
    ToOne,
)
from tenure.kernel.json_text import (
    Part,
    base64_text,
    chain,
    constant,
    join,
    joined_statement,
    json_integer,
    json_list,
)
from tenure.kernel.patches.sqlalchemy_statements import has_limit

Attribute: TypeAlias = InstrumentedAttribute[Any]
Value = TypeVar("Value")


def column_of(rows: FromClause, attribute: Attribute) -> ColumnElement[Any]:
    """The column of an attribute in an alias or a subquery of its table."""
    column = rows.corresponding_column(attribute.property.columns[0])
    assert column is not None
    return column


def adapted(
    model: Model, rows: FromClause, expressions: Sequence[ColumnElement[Value]]
) -> list[ColumnElement[Value]]:
    """Expressions about the table of a model, about an alias or a subquery of it instead.

    SQLAlchemy's ClauseAdapter would also replace the tables that the subquery is correlated to.
    """
    table = hash(model.__table__)

    def replace(element: Any, **_: Any) -> Any:
        # Elements with ORM annotations have the hash of the element without.
        if isinstance(element, FromClause):
            if hash(element) == table:
                return rows
            return element if isinstance(element, Alias) else None
        if isinstance(element, ColumnClause) and hash(element.table) == table:
            return rows.corresponding_column(element)
        return None

    return [replacement_traverse(it, {}, replace) for it in expressions]


@dataclass(slots=True)
class Writer:
    """Writes the selections of one statement.

    `sites` are the arguments of its fields. `connection` writes a connection below a row.
    `only_stored`: values that are stored in some rows and computed for others are written as
    MISSING for the others. `has_computed` tells afterwards whether there are such values.
    """

    sites: Mapping[Field, Site]
    connection: Callable[["Writer", Field, Paged, FromClause], list[Part]]
    is_sqlite: bool
    only_stored: bool = False
    has_computed: bool = False
    uses_today: bool = False
    aliases: int = field(default=0)

    def alias(self, model: Model) -> FromClause:
        """An alias of a table with a name of its own in the statement."""
        return model.__table__.alias(self.name())

    def name(self) -> str:
        """A name that the statement does not have yet."""
        self.aliases += 1
        return f"t{self.aliases}"

    def written(self, name: str, selection: Selection, rows: FromClause) -> list[Part]:
        """The object of a row, as the parts of its text."""
        parts: list[Part] = ["{"]
        for index, it in enumerate(selection):
            parts.append(f'{"," if index else ""}"{it.key}":')
            parts += self._value(name, it, rows)
        return [*parts, "}"]

    def row(
        self, model: Model, selections: Mapping[str, Selection], rows: FromClause
    ) -> ColumnElement[str]:
        """The text of the object of a row of a model."""
        name = TYPE_NAMES[model]
        return join(self.written(name, selections[name], rows))

    def listed(self, it: Field, model: Model, rows: FromClause, ordered: Select[Any]) -> list[Part]:
        """The list of the rows of an ordered statement about them, none of which is null."""
        if not self.is_sqlite:
            return ["[", self.texts_of(ordered, self.row(model, it.selections, rows)), "]"]
        rows = self.in_order(ordered)
        return [list_of(rows, self.row(model, it.selections, rows))]

    def texts_of(self, ordered: Select[Any], text: ColumnElement[str]) -> ColumnElement[str]:
        """The text of each row of an ordered statement of PostgreSQL, joined."""
        texts = ordered.with_only_columns(text, maintain_column_froms=True)
        return joined_statement(texts.scalar_subquery())

    def in_order(self, ordered: Select[Any]) -> FromClause:
        """A subquery whose rows are aggregated in its order.

        SQLite ignores the order of a subquery unless it has a limit.
        """
        if self.is_sqlite and not has_limit(ordered):
            ordered = ordered.limit(-1)
        return ordered.subquery(self.name())

    def _value(self, name: str, it: Field, rows: FromClause) -> list[Part]:
        if it.name == "__typename":
            return [f'"{name}"']
        match it.declaration:
            case GlobalId():
                return ['"', base64_text(chain([f"{name}:", json_integer(rows.c.id)])), '"']
            case Column(attribute=attribute):
                column = column_of(rows, attribute)
                nullable = bool(attribute.property.columns[0].nullable)
                return values.scalar(column, it.type, nullable=nullable)
            case Expression(sql=sql) if sql is not None:
                [value] = adapted(_model_of(name), rows, [sql])
                return values.scalar(value, it.type, nullable=True)
            case MoneyOf(amount=amount, currency=currency):
                nullable = bool(amount.property.columns[0].nullable)
                return self._money(it, column_of(rows, amount), currency, rows, nullable)
            case Computed() as computed:
                return self._computed(name, it, computed, rows)
            case HoldsOf(inactive=inactive, closed=closed):
                masks = (column_of(rows, inactive), column_of(rows, closed))
                return [values.holds(*masks, it.selection)]
            case declaration:
                return self._relation(it, declaration, rows)

    def _money(
        self,
        it: Field,
        amount: ColumnElement[Any],
        currency: Attribute,
        rows: FromClause,
        nullable: bool,
    ) -> list[Part]:
        return values.money(
            amount,
            column_of(rows, currency),
            it.selection,
            it.type,
            nullable=nullable,
            currency_nullable=bool(currency.property.columns[0].nullable),
        )

    def _computed(self, name: str, it: Field, computed: Computed, rows: FromClause) -> list[Part]:
        if computed.stored is not None and computed.stored_if is not None:
            self.has_computed = True
            is_stored = column_of(rows, computed.stored_if).is_not(None)
            stored = column_of(rows, computed.stored)
            if self.only_stored:
                text = join(self._computed_value(it, stored, computed, rows))
                return [case((is_stored, text), else_=constant(values.MISSING))]
            [value] = adapted(_model_of(name), rows, [computed.sql])
            value = case((is_stored, stored), else_=value)
        else:
            [value] = adapted(_model_of(name), rows, [computed.sql])
        self.uses_today |= computed.uses_today
        return self._computed_value(it, value, computed, rows)

    def _computed_value(
        self, it: Field, value: ColumnElement[Any], computed: Computed, rows: FromClause
    ) -> list[Part]:
        if computed.currency is not None:
            return self._money(it, value, computed.currency, rows, nullable=True)
        return values.scalar(value, it.type, nullable=True)

    def _relation(self, it: Field, declaration: Declaration | None, rows: FromClause) -> list[Part]:
        match declaration:
            case ToOne():
                return [func.coalesce(self._one(it, declaration, rows), values.null_of(it.type))]
            case FirstPresent(options=options):
                present = [
                    (column_of(rows, option.by).is_not(None), self._one(it, option, rows))
                    for option in options
                ]
                return [func.coalesce(case(*present), values.null_of(it.type))]
            case ToMany():
                return self._many(it, declaration, rows)
            case Paged():
                return self.connection(self, it, declaration, rows)
            case Ancestors(parent=parent):
                return self._ancestors(it, parent, rows)
            case DescendantCount(parent=parent):
                return [self._descendant_count(parent, rows)]
            case _:
                raise NotCompiledError("field")

    def _one(self, it: Field, relation: ToOne, rows: FromClause) -> ColumnElement[Any]:
        one = self.alias(relation.model)
        found = select(self.row(relation.model, it.selections, one)).select_from(one)
        found = found.where(
            column_of(one, relation.to) == column_of(rows, relation.by),
            *adapted(relation.model, one, relation.where),
        )
        text = found.correlate(rows).scalar_subquery()
        if relation.while_null is None:
            return text
        return case((column_of(rows, relation.while_null).is_(None), text))

    def _many(self, it: Field, relation: ToMany, rows: FromClause) -> list[Part]:
        many = self.alias(relation.model)
        site = self.sites[it]
        found = select(*many.c).where(
            column_of(many, relation.by) == rows.c.id,
            *adapted(relation.model, many, [*relation.where, *site.conditions]),
        )
        self.uses_today |= site.uses_today
        ordered = found.order_by(*adapted(relation.model, many, relation.order)).correlate(rows)
        return self.listed(it, relation.model, many, ordered)

    def _ancestors(self, it: Field, parent: Attribute, rows: FromClause) -> list[Part]:
        model: Any = parent.class_
        start, above, one = (self.alias(model) for _ in range(3))
        up = (
            select(start.c.id, column_of(start, parent).label("parent"), constant_zero())
            .where(start.c.id == column_of(rows, parent))
            .correlate(rows)
            .cte(f"up{self.aliases}", recursive=True, nesting=True)
        )
        up = up.union_all(
            select(above.c.id, column_of(above, parent), up.c.height + 1).join(
                up, above.c.id == up.c.parent
            )
        )
        found = select(*one.c).join_from(one, up, up.c.id == one.c.id).order_by(up.c.height)
        return self.listed(it, model, one, found.correlate(rows))

    def _descendant_count(self, parent: Attribute, rows: FromClause) -> ColumnElement[str]:
        model: Any = parent.class_
        start, under = (self.alias(model) for _ in range(2))
        below = (
            select(start.c.id)
            .where(column_of(start, parent) == rows.c.id)
            .correlate(rows)
            .cte(f"below{self.aliases}", recursive=True, nesting=True)
        )
        below = below.union_all(
            select(under.c.id).join(below, column_of(under, parent) == below.c.id)
        )
        counted = select(json_integer(func.count())).select_from(below)
        return counted.scalar_subquery()


def list_of(rows: FromClause, text: ColumnElement[str]) -> ColumnElement[str]:
    """The list of the texts of the rows of an ordered subquery."""
    return select(join(json_list(text))).select_from(rows).scalar_subquery()


def constant_zero() -> ColumnElement[int]:
    """The height at which a recursion begins."""
    return values.ZERO.label("height")


def _model_of(name: str) -> Model:
    model = MAPPINGS[name].model
    assert model is not None
    return model
