"""Answers of different servers in one form, so that they can be compared."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tenure.graphql.types.ids import parse_global_id

MILLION = 1_000_000
# Money and quantities: decimals in the API of Tenure, millionths in the database.
AMOUNTS = {"amount", "due", "monthlyFee", "openAmount", "quantity", "rate", "total", "totalDue"}
# A position in a list is written by each server in its own way; `currency` stands at different
# places.
LEFT_OUT = {"currency", "endCursor"}


def normalized(answer: Any, *, in_millionths: bool) -> Any:
    """Lists without `nodes`, ids as integers, amounts in millionths, times as seconds.

    `in_millionths` says that the server returns amounts as the database stores them.
    """
    if isinstance(answer, list):
        return [normalized(it, in_millionths=in_millionths) for it in answer]
    if not isinstance(answer, Mapping):
        return answer
    if answer.keys() == {"nodes"}:
        return normalized(answer["nodes"], in_millionths=in_millionths)
    if answer.keys() == {"amount", "currency"}:
        return _amount(answer["amount"], in_millionths=in_millionths)
    return {
        name: _value(name, value, in_millionths=in_millionths)
        for name, value in answer.items()
        if name not in LEFT_OUT
    }


def _value(name: str, value: Any, *, in_millionths: bool) -> Any:
    if value is None or isinstance(value, list | Mapping):
        return normalized(value, in_millionths=in_millionths)
    if name == "id":
        parsed = None if str(value).isdigit() else parse_global_id(value)
        return parsed[1] if parsed else int(value)
    if name in AMOUNTS:
        return _amount(value, in_millionths=in_millionths)
    if name == "version":
        return int(value)
    return datetime.fromisoformat(value).timestamp() if name.endswith("At") else value


def _amount(value: Any, *, in_millionths: bool) -> int:
    return int(value) if in_millionths else int(Decimal(value) * MILLION)
