"""The countries of ISO 3166-1, from the package tzdata, which contains the table."""

from functools import cache
from importlib.resources import files
from typing import Final

from babel import Locale


def _codes() -> frozenset[str]:
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    lines = (line for line in table.splitlines() if line and not line.startswith("#"))
    return frozenset(line.partition("\t")[0] for line in lines)


# Their codes of two letters.
COUNTRIES: Final = _codes()


@cache
def country_name(code: str) -> str:
    """The English name from the data of Unicode, as on the page: Germany for DE."""
    return str(Locale("en").territories.get(code, code))
