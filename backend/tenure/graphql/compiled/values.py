"""SQL that writes the value of one column or expression as JSON text."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)
from sqlalchemy import BigInteger, ColumnElement, Integer, case, func, literal_column

from tenure.graphql.compiled.selections import NotCompiledError, Selection
from tenure.holds.models import Cause, Status
from tenure.kernel.json_text import (
    Part,
    chain,
    constant,
    decimal_digits,
    json_boolean,
    json_date,
    json_document,
    json_instant,
    json_integer,
    json_millionths,
    json_plain_string,
    json_string,
    plain_text,
)
from tenure.kernel.money import Millionths
from tenure.kernel.sums import ExactSum

# Stands where a value is null although its type is not. JSON never contains this character, so the
# answer is recognized and normal execution reports the error.
MISSING = "\x01"
NULL = "null"
# The range of Int of GraphQL.
SMALLEST = literal_column("-2147483648", Integer())
LARGEST = literal_column("2147483647", Integer())
ZERO = literal_column("0", Integer())

# What writes the same value without its quotes.
UNQUOTED: Mapping[Any, Callable[[ColumnElement[Any]], ColumnElement[str]]] = {
    json_plain_string: plain_text,
    json_millionths: decimal_digits,
}
WRITERS: Mapping[str, Callable[[ColumnElement[Any]], ColumnElement[str]]] = {
    "String": json_string,
    "Boolean": json_boolean,
    "DateTime": json_instant,
    "Date": json_date,
    "JSON": json_document,
}


def null_of(kind: GraphQLOutputType) -> ColumnElement[str]:
    """The text for a null value of this type."""
    return constant(MISSING if is_non_null_type(kind) else NULL)


def scalar(value: ColumnElement[Any], kind: GraphQLOutputType, *, nullable: bool) -> list[Part]:
    """A scalar or enum. `nullable`: the expression can be null, whatever the type says."""
    writer = _writer(kind, value)
    if nullable:
        return [func.coalesce(writer(value), null_of(kind))]
    # The quotes become part of the constant texts around the value.
    unquoted = UNQUOTED.get(writer)
    return [writer(value)] if unquoted is None else ['"', unquoted(value), '"']


def money(
    amount: ColumnElement[Any],
    currency: ColumnElement[str],
    selection: Selection,
    kind: GraphQLOutputType,
    *,
    nullable: bool,
    currency_nullable: bool,
) -> list[Part]:
    """An amount with its currency, a code that JSON does not escape."""
    parts: list[Part] = ["{"]
    for index, field in enumerate(selection):
        parts.append(f'{"," if index else ""}"{field.key}":')
        match field.name:
            case "amount":
                parts += ['"', decimal_digits(amount), '"']
            case "currency" if not currency_nullable:
                parts += ['"', plain_text(currency), '"']
            case "currency":
                parts.append(func.coalesce(json_plain_string(currency), null_of(field.type)))
            case _:
                parts.append('"Money"')
    parts.append("}")
    if not nullable:
        return parts
    if all(field.name != "amount" for field in selection):
        return [case((amount.is_not(None), chain(parts)), else_=null_of(kind))]
    return [func.coalesce(chain(parts), null_of(kind))]


def holds(
    inactive: ColumnElement[int], closed: ColumnElement[int], selection: Selection
) -> ColumnElement[str]:
    """The holds of two bit masks, as `holds_of` orders them."""
    present = [
        case(
            (
                mask.bitwise_and(literal_column(str(int(cause)))) != ZERO,
                constant(f",{_hold(effect, cause, selection)}"),
            ),
            else_=constant(""),
        )
        for effect, mask in ((Status.CLOSED, closed), (Status.INACTIVE, inactive))
        for cause in Cause
    ]
    listed = chain(["[", func.substr(chain(present), 2), "]"])
    return case((inactive + closed == ZERO, constant("[]")), else_=listed)


def _hold(effect: Status, cause: Cause, selection: Selection) -> str:
    values = {"effect": effect.name, "cause": cause.name, "__typename": "Hold"}
    return "{" + ",".join(f'"{field.key}":"{values[field.name]}"' for field in selection) + "}"


def _writer(
    kind: GraphQLOutputType, value: ColumnElement[Any]
) -> Callable[[ColumnElement[Any]], ColumnElement[str]]:
    if is_list_type(get_nullable_type(kind)):
        # A list is a column with a JSON array.
        return json_document
    named = get_named_type(kind)
    if isinstance(named, GraphQLEnumType):
        return json_plain_string
    if named.name == "Int":
        return _wide_integer if isinstance(value.type, BigInteger) else json_integer
    if named.name == "Decimal" and isinstance(value.type, Millionths | ExactSum):
        return json_millionths
    writer = WRITERS.get(named.name)
    if writer is None:
        raise NotCompiledError("scalar")
    return writer


def _wide_integer(value: ColumnElement[Any]) -> ColumnElement[str]:
    """An integer, or MISSING outside of the range of Int."""
    in_range = value.between(SMALLEST, LARGEST)
    return case((in_range, json_integer(value)), (value.is_not(None), constant(MISSING)))
