"""Currencies come from ISO 4217: what is money today, with the decimals of each."""

import pytest

from tenure.kernel.currencies import MINOR_UNITS, minor_units


@pytest.mark.parametrize(
    ("code", "decimals"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("XOF", 0), ("KWD", 3), ("TND", 3)]
)
def test_a_currency_has_its_decimals(code: str, decimals: int) -> None:
    assert MINOR_UNITS[code] == decimals


def test_every_amount_in_a_currency_can_be_stored() -> None:
    """Amounts are stored in millionths."""
    assert set(MINOR_UNITS.values()) == {0, 2, 3}


@pytest.mark.parametrize(
    "code",
    ["XAU", "XTS", "XXX", "XDR", "CHE", "CLF", "MXV", "USN", "UYI", "UYW", "XAD", "DEM", "usd", ""],
    ids=repr,
)
def test_metals_funds_units_of_account_and_former_currencies_are_no_money(code: str) -> None:
    assert code not in MINOR_UNITS


def test_a_former_currency_has_two_decimals() -> None:
    """Accounts keep a currency that has left the list, for example at an upgrade of the package."""
    assert minor_units("HRK") == 2
