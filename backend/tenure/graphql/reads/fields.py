"""How types declare their fields, and how a declared field is resolved.

`status: Status = column(models.Account.status)` is a Strawberry field whose resolver follows from what it declares.
The row (an instance of the model, detached) is the source value; `mapped` enters the type in the registry.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar, get_origin

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from tenure.graphql.http.context import Context, Info
from tenure.graphql.reads.mapping import (
    AT_MOST,
    NAMES,
    PAGING,
    Column,
    Declaration,
    Expression,
    HoldsOf,
    Identity,
    Lookup,
    Mapped,
    Model,
    MoneyOf,
    Paged,
    Row,
    ToMany,
    register,
)
from tenure.graphql.reads.resolvers import RESOLVERS, Arguments, Asked

Type = TypeVar("Type", bound=type)


class DeclaredField(StrawberryField):
    """A field that says what it is in the database; the resolver follows."""

    @property
    def declaration(self) -> Declaration:
        """What the field was declared as."""
        return self.metadata["declaration"]  # type: ignore[no-any-return]

    @property
    def is_basic_field(self) -> bool:
        """True where the row alone has the answer: Strawberry then takes a shorter way."""
        return isinstance(self.declaration, Column | Identity | Expression | MoneyOf | HoldsOf)

    @cached_property
    def resolve_declared(self) -> Callable[[Row, Asked | None], object]:
        """The resolver, chosen once."""
        declaration = self.declaration
        if isinstance(declaration, Column):
            name = declaration.attribute.key
            return lambda row, _: getattr(row, name)
        resolve = RESOLVERS[type(declaration)]
        return lambda row, asked: resolve(declaration, row, asked)

    def get_result(
        self, source: Row, info: Info | None, args: list[object], kwargs: Arguments
    ) -> object:
        """Called by Strawberry."""
        if info is None:
            return self.resolve_declared(source, None)
        return self.resolve_declared(
            source, Asked(info.context.loaders, id(info._raw_info.field_nodes[0]), kwargs)
        )

    @property
    def arguments(self) -> list[StrawberryArgument]:
        """The arguments that the declaration brings with it."""
        if self._arguments is None:
            self._arguments = list(_arguments(self.declaration))
        return self._arguments

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        self._arguments = value


def mapped(model: Model | None = None, description: str | None = None) -> Callable[[Type], Type]:
    """Makes a class an object type behind which lies `model`, and enters what it declares in the registry."""

    def decorate(cls: Type) -> Type:
        if model is not None:
            cls.is_type_of = staticmethod(lambda row, _info: type(row) is model)  # type: ignore[attr-defined]
        made = strawberry.type(cls, description=description)
        own = made.__strawberry_definition__.fields  # type: ignore[attr-defined]
        fields = {
            field.python_name: field.declaration
            for field in own
            if isinstance(field, DeclaredField)
        }
        register(Mapped(made.__name__, model, fields))
        return made

    return decorate


def type_of_row(row: Row, _info: GraphQLResolveInfo[Context], _of: GraphQLAbstractType) -> str:
    """Which type of an interface a row is: its model tells."""
    return NAMES[type(row)]


def _bound(kind: object) -> str | None:
    return AT_MOST if get_origin(kind) is list else None


def _arguments(declaration: Declaration) -> list[StrawberryArgument]:
    found: dict[str, tuple[object, str | None]] = {}
    if isinstance(declaration, Paged) and declaration.filter_input:
        found["filter"] = (declaration.filter_input | None, None)
    elif isinstance(declaration, ToMany | Paged | Lookup):
        found |= {
            name: (it.kind | None, _bound(it.kind))  # type: ignore[operator]
            for name, it in declaration.filters.items()
        }
    if isinstance(declaration, Paged) and declaration.sorts:
        found["sort"] = (type(next(iter(declaration.sorts))) | None, None)
    if isinstance(declaration, Paged):
        found |= PAGING
    return [
        StrawberryArgument(name, None, StrawberryAnnotation(kind), description=text)
        for name, (kind, text) in found.items()
    ]
