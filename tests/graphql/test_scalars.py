"""Decimals, instants and dates, in and out."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tenure.graphql.types.ids import global_id, key_in, parse_global_id
from tenure.graphql.types.scalars import (
    format_instant,
    parse_date,
    parse_decimal,
    parse_instant,
)
from tenure.kernel.money import decimal_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("29.850000", "29.85"),
        ("0", "0"),
        ("-0.00", "0"),
        ("1E+3", "1000"),
        ("1E-6", "0.000001"),
        ("-10", "-10"),
        ("100", "100"),
        ("999999999999.999999", "999999999999.999999"),
    ],
)
def test_decimals_out(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "number"), [("29.85", "29.85"), (3, "3"), ("-1", "-1"), (".5", "0.5"), ("+1.", "1")]
)
def test_decimals_in(value: object, number: str) -> None:
    assert parse_decimal(value) == Decimal(number)


@pytest.mark.parametrize(
    "value", [29.85, "1e3", "NaN", "Infinity", "", " 1", "1_000", "१", True, None, "9" * 41, "."]
)
def test_what_is_no_decimal(value: object) -> None:
    with pytest.raises(ValueError, match="decimal number as a string"):
        parse_decimal(value)


def test_instants_are_in_utc_with_z() -> None:
    vienna = timezone(timedelta(hours=1))
    assert format_instant(datetime(2026, 11, 1, tzinfo=vienna)) == "2026-10-31T23:00:00Z"
    assert (
        format_instant(datetime(2026, 11, 1, 0, 0, 0, 5000, tzinfo=UTC))
        == "2026-11-01T00:00:00.005000Z"
    )
    assert parse_instant("2026-11-01T01:00:00+01:00") == datetime(2026, 11, 1, tzinfo=UTC)
    assert parse_instant("2026-11-01t00:00:00.5z") == datetime(
        2026, 11, 1, 0, 0, 0, 500000, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-13-01T00:00:00Z",
        "2026-11-01T24:00:01Z",
        "0001-01-01T00:00:00+01:00",
        "now",
        5,
        None,
    ],
)
def test_what_is_no_instant(value: object) -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        parse_instant(value)


@pytest.mark.parametrize("value", ["2026-02-29", "20261101", "2026-11-01T00:00:00Z", 5, None])
def test_what_is_no_date(value: object) -> None:
    assert parse_date("2026-11-01") == date(2026, 11, 1)
    with pytest.raises(ValueError, match="2026-11-01"):
        parse_date(value)


def test_ids_are_those_that_we_have_made() -> None:
    assert parse_global_id(global_id("Account", 7)) == ("Account", 7)
    assert key_in(global_id("Account", 7), "Service") is None
    assert key_in(global_id("Account", 7), "Service", "Account") == 7


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "QWNjb3VudDo3 ",
        "QWNjb3VudDowNw==",
        "QWNjb3VudDp4",
        "QWNjb3VudA==",
        "é",
        "QWNjb3VudDo3==",
    ],
)
def test_ids_that_we_have_not_made(value: str) -> None:
    assert parse_global_id(value) is None


def test_ids_beyond_what_a_key_can_be() -> None:
    assert parse_global_id(global_id("Account", 2**63 - 1)) == ("Account", 2**63 - 1)
    assert parse_global_id(global_id("Account", 2**63)) is None
    assert parse_global_id(global_id("Account", 0)) is None
    assert parse_global_id(global_id("Account", -1)) is None
