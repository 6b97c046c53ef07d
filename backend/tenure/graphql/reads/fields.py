"""Strawberry fields whose resolvers are derived from their declarations.

`status: Status = column(models.Account.status)` declares such a field. The source value is a
detached instance of the model. `mapped` registers the type.
"""

from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from functools import cached_property
from typing import TypeVar

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from tenure.graphql.http.context import Context, Info
from tenure.graphql.http.patches import field_node
from tenure.graphql.reads.mapping import (
    FILTER,
    PAGING,
    SORT,
    TYPE_NAMES,
    Column,
    Declaration,
    Expression,
    GlobalId,
    HoldsOf,
    Lookup,
    MappedType,
    Model,
    MoneyOf,
    Paged,
    Row,
    ToMany,
    register,
    required_role,
)
from tenure.graphql.reads.resolvers import RESOLVERS, Arguments, FieldRequest
from tenure.kernel.actor import Role

Type = TypeVar("Type", bound=type)


class DeclaredField(StrawberryField):
    """A field with a declaration, from which its resolver is derived."""

    @property
    def declaration(self) -> Declaration:
        """The declaration of the field."""
        return self.metadata["declaration"]  # type: ignore[no-any-return]

    @property
    def is_basic_field(self) -> bool:
        """True if the row contains the value: Strawberry then skips building an Info object."""
        return isinstance(self.declaration, Column | GlobalId | Expression | MoneyOf | HoldsOf)

    @cached_property
    def resolve_declaration(self) -> Callable[[Row, FieldRequest | None], object]:
        """The resolver function of the declaration."""
        declaration = self.declaration
        if isinstance(declaration, Column):
            name = declaration.attribute.key
            return lambda row, _: getattr(row, name)
        resolve = RESOLVERS[type(declaration)]
        return lambda row, request: resolve(declaration, row, request)

    @cached_property
    def role(self) -> Role:
        """The role that is required to read the field."""
        return required_role(self.declaration)

    def get_result(
        self, source: Row, info: Info | None, args: list[object], kwargs: Arguments
    ) -> object:
        """Resolve the field. Called by Strawberry."""
        if info is None:
            return self.resolve_declaration(source, None)
        info.context.caller.require(self.role)
        return self.resolve_declaration(
            source, FieldRequest(info.context.loaders, id(field_node(info)), kwargs)
        )

    @property
    def arguments(self) -> list[StrawberryArgument]:
        """The arguments derived from the declaration."""
        if self._arguments is None:
            self._arguments = list(_arguments(self.declaration))
        return self._arguments

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        self._arguments = value


def mapped(
    model: Model | None = None, description: str | None = None, *, role: Role = Role.VIEWER
) -> Callable[[Type], Type]:
    """Make class `XType` the object type X of `model`, and register its declared fields.

    Reading a row requires `role`.
    """

    def decorate(cls: Type) -> Type:
        if model is not None:
            is_row_of_model = staticmethod(lambda row, _info: type(row) is model)
            cls.is_type_of = is_row_of_model  # type: ignore[attr-defined]
        name = cls.__name__.removesuffix("Type")
        object_type = strawberry.type(cls, name=name, description=description)
        own_fields = object_type.__strawberry_definition__.fields  # type: ignore[attr-defined]
        fields = {
            field.python_name: field.declaration
            for field in own_fields
            if isinstance(field, DeclaredField)
        }
        register(MappedType(name, model, fields, role))
        return object_type

    return decorate


def type_of_row(row: Row, _info: GraphQLResolveInfo[Context], _of: GraphQLAbstractType) -> str:
    """The object type of a row behind an interface, found by its model."""
    return TYPE_NAMES[type(row)]


def _arguments(declaration: Declaration) -> list[StrawberryArgument]:
    arguments: dict[str, tuple[object, str | None]] = {}
    in_filter: set[str] = set()
    if isinstance(declaration, Paged) and declaration.filter_input:
        arguments["filter"] = (declaration.filter_input | None, FILTER)
        in_filter = {field.name for field in dataclass_fields(declaration.filter_input)}
    if isinstance(declaration, ToMany | Paged | Lookup):
        arguments |= {
            name: (filter_.kind | None, filter_.description)  # type: ignore[operator]
            for name, filter_ in declaration.filters.items()
            if name not in in_filter
        }
    if isinstance(declaration, Paged) and declaration.sorts:
        arguments["sort"] = (type(next(iter(declaration.sorts))) | None, SORT)
    if isinstance(declaration, Paged):
        arguments |= PAGING
    return [
        StrawberryArgument(name, None, StrawberryAnnotation(kind), description=text)
        for name, (kind, text) in arguments.items()
    ]
