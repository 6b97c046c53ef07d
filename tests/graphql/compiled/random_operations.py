"""Random queries of the whole schema, with fragments, directives, filters, pages and variables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

from tenure.graphql.reads.mapping import MAPPINGS
from tenure.graphql.reads.resolved_field import UNCOMPILED
from tenure.graphql.types.ids import global_id
from tenure.kernel.errors import TenureError
from tenure.kernel.pages import Order, position_of

# The levels of a document: few documents are deep, because these take longest.
DEPTHS = [2, 3, 3, 3, 4, 4, 5]
TARGETS = ["Account", "PurchasedOffer", "Service"]
INSTANTS = ["2026-10-03T00:00:00Z", "2026-11-10T12:00:00.5+01:00", "2026-12-01T00:00:00Z"]
DAYS = ["2026-10-03", "2026-11-10", "2026-12-01"]
LOOKUPS = {"account": "Account", "bill": "Bill", "offer": "Offer", "service": "Service"}
SEARCHES = ["", "a", "ada", "ada é", "3", "l 1", '"', "%", "🦊", "  "]


@dataclass(slots=True)
class RandomOperations:
    """Generates operations. `cursors` are those of earlier answers.

    `natural_keys` are those of some rows, by their types.
    """

    schema: GraphQLSchema
    random: Random
    natural_keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cursors: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    redraws: dict[str, Callable[[], Any]] = field(default_factory=dict)
    aliases: int = 0

    def operation(self) -> tuple[str, dict[str, Any]]:
        """A document with one query, and its variables."""
        self.variables, self.definitions, self.fragments, self.aliases = {}, [], [], 0
        self.redraws = {}
        assert self.schema.query_type is not None
        selection = self._selection(self.schema.query_type, self.random.choice(DEPTHS))
        header = f"({', '.join(self.definitions)})" if self.definitions else ""
        return "\n".join([f"query Random{header} {selection}", *self.fragments]), self.variables

    def other_variables(self) -> dict[str, Any]:
        """Other values for the arguments of the last operation, often of the same shape."""
        return {
            name: self.redraws[name]() if name in self.redraws and self._chance(0.7) else value
            for name, value in self.variables.items()
        }

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        fields = [
            name
            for name, it in kind.fields.items()
            if not (kind is self.schema.query_type and name in UNCOMPILED)
            and (depth > 1 or not is_composite_type(get_named_type(it.type)))
        ]
        count = 2 if kind is self.schema.query_type else self.random.randint(1, 5)
        chosen = self.random.sample(fields, min(count, len(fields)))
        if kind.name.endswith("Connection") and "pageInfo" in kind.fields and self._chance(0.5):
            chosen = list(dict.fromkeys([*chosen, "pageInfo"]))
        parts = [self._field(name, kind.fields[name], depth) for name in chosen]
        if self._chance(0.2) or not parts:
            parts.append("__typename")
        if isinstance(kind, GraphQLInterfaceType):
            parts += self._type_conditions(kind, depth)
        if self._chance(0.1):
            parts.append(self._repeated(parts))
        if self._chance(0.15):
            return f"{{ {self._fragment(kind, parts)} __typename }}"
        return f"{{ {' '.join(parts)} }}"

    def _repeated(self, parts: list[str]) -> str:
        """A field that is merged with an equal one, or a condition that always holds."""
        plain = [it for it in parts if it.isidentifier()]
        return self.random.choice(plain) if plain else "... { __typename }"

    def _fragment(self, kind: GraphQLObjectType | GraphQLInterfaceType, parts: list[str]) -> str:
        if self._chance(0.5):
            return f"... on {kind.name}{self._directive()} {{ {' '.join(parts)} }}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {kind.name} {{ {' '.join(parts)} }}")
        return f"...{name}{self._directive()}"

    def _type_conditions(self, kind: GraphQLInterfaceType, depth: int) -> list[str]:
        possible = self.schema.get_possible_types(kind)
        some = self.random.sample(list(possible), min(len(possible), 3))
        # Fields of different types may not share a response name, so each gets an alias.
        return [
            f"... on {it.name} {{ __typename {self._alias()}: id }}" for it in some if depth > 0
        ]

    def _alias(self) -> str:
        self.aliases += 1
        return f"a{self.aliases}" if self.aliases <= 25 else "b"

    def _directive(self) -> str:
        if not self._chance(0.2):
            return ""
        name = self.random.choice(["skip", "include"])
        value = self.random.choice([True, False])
        text = self._by_variable("Boolean!", value) if self._chance(0.5) else str(value).lower()
        return f" @{name}(if: {text})"

    def _field(self, name: str, it: GraphQLField, depth: int) -> str:
        needs_alias = bool(it.args) and self.aliases < 25
        alias = f"{self._alias()}: " if needs_alias and self._chance(0.5) else ""
        named = get_named_type(it.type)
        below = ""
        if is_composite_type(named):
            below = f" {self._selection(named, depth - 1)}"  # type: ignore[arg-type]
        return f"{alias}{name}{self._arguments(name, it)}{self._directive()}{below}"

    def _arguments(self, field_name: str, it: GraphQLField) -> str:
        values: dict[str, tuple[GraphQLInputType, Any]] = {}
        if "first" in it.args:
            backward = "last" in it.args and self._chance(0.3)
            size = self.random.choice([0, 1, 2, 3, 5, 12])
            values["last" if backward else "first"] = (it.args["first"].type, size)
        for name, argument in it.args.items():
            if name in ("first", "last", "after", "before"):
                continue
            if is_required_argument(argument) or self._chance(0.4):
                values[name] = (argument.type, self._value(argument.type, name, field_name))
        if "after" in it.args:
            for name in ("after", "before"):
                cursors = self._cursors(it, values["sort"][1] if "sort" in values else None)
                if cursors and self._chance(0.15):
                    values[name] = (it.args[name].type, self.random.choice(cursors))
        if "id" in it.args and field_name in LOOKUPS and not values:
            values["id"] = (it.args["id"].type, global_id(LOOKUPS[field_name], 3))
        texts = [
            f"{name}: {self._argument(name, field_name, kind, value)}"
            for name, (kind, value) in values.items()
        ]
        return f"({', '.join(texts)})" if texts else ""

    def _cursors(self, it: GraphQLField, sort: str | None) -> list[str]:
        """Cursors of earlier answers that fit the order of a list; sometimes any."""
        if self._chance(0.05):
            return self.cursors
        declaration = it.extensions["strawberry-definition"].metadata["declaration"]
        orders = {key.name: order for key, order in declaration.sorts.items()}
        order = orders[sort] if sort else declaration.order
        return [cursor for cursor in self.cursors if _fits(cursor, order)]

    def _argument(self, name: str, field_name: str, kind: GraphQLInputType, value: Any) -> str:
        if self._chance(0.5):
            return _literal(kind, value)
        if name in ("first", "last", "after", "before"):
            return self._by_variable(str(kind), value)
        redraw = partial(self._value, kind, name, field_name)
        return self._by_variable(str(kind), value, redraw)

    def _by_variable(self, kind: str, value: Any, redraw: Callable[[], Any] | None = None) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        if redraw is not None:
            self.redraws[name] = redraw
        self.definitions.append(f"${name}: {kind}")
        return f"${name}"

    def _value(self, kind: GraphQLInputType, name: str, field_name: str) -> Any:
        match kind:
            case GraphQLNonNull():
                return self._value(kind.of_type, name, field_name)
            case _ if not isinstance(kind, GraphQLNonNull) and self._chance(0.1) and name != "ids":
                return None
            case GraphQLList():
                count = self.random.randrange(4)
                return [self._value(kind.of_type, name, field_name) for _ in range(count)]
            case GraphQLEnumType():
                return self.random.choice(list(kind.values))
            case GraphQLInputObjectType():
                return {
                    key: self._value(it.type, key, field_name)
                    for key, it in kind.fields.items()
                    if self._chance(0.4)
                }
        match kind.name:
            case "ID":
                return self._id(name, field_name)
            case "DateTime":
                return self.random.choice(INSTANTS)
            case "Date":
                return self.random.choice(DAYS)
            case "Boolean":
                return self._chance(0.5)
            case _:
                return self.random.choice(SEARCHES)

    def _id(self, name: str, field_name: str) -> str:
        types = {"below": "Account", "account": "Account", "service": "Service"}
        roots = {**LOOKUPS, "nodes": "Event"}
        known = [it for it, mapped in MAPPINGS.items() if "id" in mapped.fields]
        if name == "target":
            return global_id(self.random.choice(TARGETS), self.random.randint(1, 12))
        of_type = types.get(name) or roots.get(field_name) or self.random.choice(known)
        natural = self.natural_keys.get(of_type)
        if natural and self._chance(0.2):
            return self.random.choice(natural)
        return global_id(of_type, self.random.randint(1, 12))


def _fits(cursor: str, order: Order) -> bool:
    try:
        position_of(cursor, order, "after")
    except TenureError:
        return False
    return True


def _literal(kind: GraphQLInputType, value: Any) -> str:
    if isinstance(kind, GraphQLNonNull):
        return _literal(kind.of_type, value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(kind, GraphQLList):
        return f"[{', '.join(_literal(kind.of_type, it) for it in value)}]"
    if isinstance(kind, GraphQLInputObjectType):
        fields = (f"{name}: {_literal(kind.fields[name].type, it)}" for name, it in value.items())
        return f"{{{', '.join(fields)}}}"
    if isinstance(kind, GraphQLEnumType) or isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
