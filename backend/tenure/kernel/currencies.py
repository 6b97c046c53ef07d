"""Currencies and their minor units, from the package iso4217, which contains the ISO 4217 table."""

from collections.abc import Mapping
from typing import Final

from iso4217 import raw_xml

# Units of account that the table does not mark as funds, although nobody pays in them.
UNITS_OF_ACCOUNT: Final = frozenset({"UYW", "XAD"})


def _minor_units() -> Mapping[str, int]:
    """Metals, test codes and the like have no minor unit; funds such as CHE are marked."""
    found = {}
    for entry in raw_xml.iterfind("CcyTbl/CcyNtry"):
        code, name = entry.findtext("Ccy"), entry.find("CcyNm")
        decimals = entry.findtext("CcyMnrUnts", default="")
        is_fund = name is not None and name.get("IsFund") is not None
        if code and decimals.isdecimal() and not is_fund and code not in UNITS_OF_ACCOUNT:
            found[code] = int(decimals)
    return found


# The number of decimals of each currency that is money today, by its code.
MINOR_UNITS: Final = _minor_units()


def minor_units(currency: str) -> int:
    """The number of decimals of amounts; 2 for a code that has left ISO 4217."""
    return MINOR_UNITS.get(currency, 2)
