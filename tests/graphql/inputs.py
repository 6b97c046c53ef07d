"""Seeded random inputs of all operations: valid and invalid, as literals and as variables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

TEXTS = [
    "", " ", "x", "Ada", "a@b.cd", "+49 30 123", "USD", "EUR", "JPY", "internet", "tv", "ada",
    "flat", "GB", "tok_ok", "4242", "Europe/Berlin", "Pacific/Kiritimati", "UTC", "\0", "a\0b",
    "\ud800", "\udfff x", "\n", "\u202e", "\u200b", "Élodie", "가나다", "🦊", "ﬀ", "İ", "x" * 255,
    "x" * 256, "x" * 5000, "'; --", "%_\\", "{}", "${x}", "-1", "NaN",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "1", "-1", "0.01", "100", "0.000001", "0.0000001", "1e999999", "NaN", "Infinity",
    "-Infinity", "1_0", "9223372036854.775807", "9223372036854.775808", "-9223372036854.775808",
    "99999999999999.99", "1" * 39, "1" * 41, "0." + "0" * 37 + "1", "٣", "", "1.", ".5", 5, 5.5,
    True, 10**30,
]  # fmt: skip
INSTANTS = [
    "2026-11-10T12:00:00Z", "2026-11-10T12:00:01Z", "2026-11-30T00:00:00Z",
    "2027-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999999-12:00",
    "9999-12-31T00:00:00Z", "9999-12-01T00:00:00Z", "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00Z", "1582-10-10T00:00:00Z",
    "1969-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "2026-11-10T24:00:00Z", "2026-11-10T12:00:60Z",
    "soon", "", 5, "2026-11-10T12:00:00+99:99", "2100-06-30T00:00:00Z",
]  # fmt: skip
DAYS = [
    "2026-11-10", "2026-11-09", "2026-11-11", "2026-11-01", "2026-10-01", "2026-12-01",
    "2027-01-01", "9999-12-31", "9999-12-01", "9998-12-31", "0001-01-01", "0001-01-02",
    "1970-01-01", "2026-02-30", "soon", "", 20261110,
]  # fmt: skip
INTEGERS = [
    0,
    1,
    -1,
    5,
    12,
    15,
    28,
    31,
    32,
    100,
    101,
    2026,
    2030,
    9999,
    10000,
    2**31 - 1,
    -(2**31),
    2**31,
    2**63,
    1e300,
]
IDS = [
    "",
    "x",
    "QWNjb3VudDox\0",
    "QWNjb3VudDo5MjIzMzcyMDM2ODU0Nzc1ODA4",
    "QWNjb3VudDotMQ==",
    "Zm9vOjE=",
    "\ud800",
    7,
]
CURSORS = [
    "",
    "x",
    "W10=",
    "WzFd",
    "bnVsbA==",
    "eyJhIjoxfQ==",
    "WyJcdTAwMDAiLDFd",
    "WyJcdWQ4MDAiLDFd",
    "WzFlOTk5LDFd",
]
VALUES = {"Int": INTEGERS, "Decimal": NUMBERS, "DateTime": INSTANTS, "Date": DAYS, "ID": IDS}
LONG = 2_000
# Valid values by the name of the field; # is replaced by a unique number.
SENSIBLE: dict[str, Any] = {
    "amount": "5", "backdateTo": "2026-11-10", "billingDayOfMonth": 5, "brand": "Visa",
    "businessDate": "2026-11-10", "cancelFee": "5", "code": "code#", "creditLimit": "100",
    "currency": "USD", "description": "Roaming", "email": "a#@example.com", "expectedVersion": 1,
    "expirationMonth": 12, "expirationYear": 2030, "first": 10, "granted": "1",
    "inactivateAfterDaysPastDue": 30, "kind": "internet", "last": 10, "lastFour": "4242",
    "login": "login#", "monthlyFee": "9.99", "monthlyPercentOff": "10", "name": "Name #",
    "now": "2026-11-11T00:00:00Z", "number": "N-#", "occurredAt": "2026-11-10T11:00:00Z",
    "paymentTermDays": 30, "phone": "+49 30 123456", "purchaseFee": "10", "quantity": "2",
    "reactivateOn": "2027-02-01T00:00:00Z", "reference": "r#",
    "scheduledFor": "2027-01-10T00:00:00Z", "serviceKind": "internet",
    "startAt": "2026-12-10T00:00:00Z", "timeZone": "Europe/Berlin", "token": "tok_ok",
    "unit": "MB", "usagePercentOff": "5", "usageRate": "0.1", "usageUnit": "MB",
    "deferUntil": "2027-01-05T00:00:00Z", "currentPassword": "correct horse battery",
    "newPassword": "a better password", "expiresInDays": 30, "actor": "ana@example.com",
}  # fmt: skip
# The share of random values in a request: none, a tenth, all.
WILDNESS = [0.0, 0.1, 0.1, 1.0]


@dataclass(frozen=True, slots=True)
class Request:
    """One operation on one field, with its variables."""

    field: str
    document: str
    variables: dict[str, Any]
    inline: bool


@dataclass(slots=True)
class Inputs:
    """Generates requests. `known` has existing values by the names of the fields."""

    schema: GraphQLSchema
    random: Random
    known: Mapping[str, Sequence[str]]
    wildness: float = 1.0

    def requests(self, names: Sequence[str] | None = None) -> Iterator[Request]:
        """An endless sequence of requests to every mutation and query."""
        roots = [("mutation", self.schema.mutation_type), ("query", self.schema.query_type)]
        fields = [
            (operation, name, field)
            for operation, root in roots
            for name, field in (root.fields if root else {}).items()
            if names is None or name in names
        ]
        while True:
            for operation, name, field in fields:
                yield self._request(operation, name, field)

    def _request(self, operation: str, name: str, field: GraphQLField) -> Request:
        inline = self.random.random() < 0.5
        self.wildness = self.random.choice(WILDNESS)
        wanted = {
            it: argument
            for it, argument in field.args.items()
            if is_required_argument(argument) or self.random.random() < 0.5
        }
        values = {it: self.value(argument.type, it) for it, argument in wanted.items()}
        below = selection(field)
        if inline:
            given = ", ".join(
                f"{it}: {literal(value, wanted[it].type)}" for it, value in values.items()
            )
            return Request(
                name,
                f"{operation} {{ {name}{f'({given})' if given else ''}{below} }}",
                {},
                inline=True,
            )
        declared = ", ".join(f"${it}: {argument.type}" for it, argument in wanted.items())
        given = ", ".join(f"{it}: ${it}" for it in wanted)
        head = f"{operation}({declared})" if declared else operation
        document = f"{head} {{ {name}{f'({given})' if given else ''}{below} }}"
        return Request(name, document, values, inline=False)

    def value(self, kind: GraphQLInputType, name: str, *, depth: int = 0) -> Any:
        """A random value of a type for the field of this name; sometimes of a wrong type."""
        chance = self.random.random()
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type, name, depth=depth)
        if chance < 0.04 * self.wildness:
            return None
        if isinstance(kind, GraphQLList):
            size = self.random.choices(
                [0, 1, 2, 3, 101, LONG], [3, 40, 20, 10, 2 * self.wildness, self.wildness]
            )[0]
            few = [self.value(kind.of_type, name, depth=depth + 1) for _ in range(min(size, 3))]
            return few if size < 4 else [few[place % 3] for place in range(size)]
        if isinstance(kind, GraphQLInputObjectType):
            return {
                field_name: self.value(field.type, field_name, depth=depth + 1)
                for field_name, field in kind.fields.items()
                if is_required_input_field(field) or self.random.random() < 0.45
            }
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(list(kind.values))
        return self._scalar(get_named_type(kind).name, name)

    def _scalar(self, kind: str, name: str) -> Any:
        if self.random.random() >= self.wildness:
            return self._sensible(kind, name)
        if name in ("after", "before"):
            return self.random.choice(CURSORS)
        if kind == "Boolean":
            return self.random.random() < 0.5
        known = self.known.get(name)
        if known and self.random.random() < 0.75:
            return self.random.choice(known)
        if kind == "ID" and self.random.random() < 0.5:
            return self.random.choice(self.known.get("ids") or IDS)
        values: list[Any] = VALUES.get(kind, TEXTS)
        return self.random.choice(
            values if self.random.random() < 0.5 else values[: max(4, len(values) // 3)]
        )

    def _sensible(self, kind: str, name: str) -> Any:
        known = self.known.get(name)
        if known and (kind == "ID" or name not in SENSIBLE or self.random.random() < 0.5):
            return self.random.choice(known)
        value = SENSIBLE.get(name)
        if value is None:
            return {
                "Boolean": True,
                "Int": 1,
                "Decimal": "1",
                "DateTime": INSTANTS[1],
                "Date": DAYS[0],
            }.get(kind)
        return (
            value.replace("#", f"{self.random.randrange(10**6)}")
            if isinstance(value, str)
            else value
        )


def literal(value: Any, kind: GraphQLInputType) -> str:
    """The GraphQL literal of the value."""
    if isinstance(kind, GraphQLNonNull):
        return literal(value, kind.of_type)
    if value is None:
        return "null"
    if isinstance(kind, GraphQLList) and isinstance(value, list):
        return "[" + " ".join(literal(it, kind.of_type) for it in value) + "]"
    if isinstance(kind, GraphQLInputObjectType) and isinstance(value, dict):
        return (
            "{"
            + " ".join(
                f"{name}: {literal(it, kind.fields[name].type)}" for name, it in value.items()
            )
            + "}"
        )
    if isinstance(kind, GraphQLEnumType):
        return str(value)
    return json.dumps(value)


def selection(field: GraphQLField) -> str:
    """The selection set of a field: the errors of a payload, or some fields of an object."""
    kind = get_named_type(field.type)
    if not is_composite_type(kind):
        return ""
    names = kind.fields if isinstance(kind, GraphQLObjectType) else {}
    if "errors" in names:
        return " { __typename errors { code message path } }"
    if "nodes" in names:
        return " { totalCount pageInfo { endCursor startCursor } nodes { __typename } }"
    return " { __typename }"
