"""Finds misspelt settings: variables that begin with TENURE_ and are not settings."""

import os
import re
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values

from tenure.kernel.errors import ConfigurationError

PREFIX = "TENURE_"
# Set by Kubernetes for a Service named `tenure…`, and by the test suite.
OF_OTHERS = re.compile(
    r"TENURE_(?:\w+_)?SERVICE_(?:HOST|PORT)\w*|TENURE_\w*PORT_\d+_\w+|TENURE_TEST_\w+"
)
ADDRESS = re.compile(r"(?:tcp|udp)://")


def unknown_settings(known: Collection[str], file: Path) -> list[str]:
    """A sentence for each unknown name in environment and `.env`. Raises ConfigurationError."""
    try:
        in_file = dotenv_values(file) if file.is_file() else {}
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file} is no text in UTF-8.") from None
    names = {f"{PREFIX}{name.upper()}" for name in known}
    found = {
        name.upper(): source
        for source, values in ((f" ({file})", in_file), ("", os.environ))
        for name, value in values.items()
        if name.upper().startswith(PREFIX) and not _is_of_others(name.upper(), value or "")
    }
    return [
        f"{name}{source} is no setting and has no effect.{_meant(name, names)}"
        for name, source in sorted(found.items())
        if name not in names
    ]


def _is_of_others(name: str, value: str) -> bool:
    return OF_OTHERS.fullmatch(name) is not None or ADDRESS.match(value) is not None


def _meant(name: str, names: Collection[str]) -> str:
    known = [it.removeprefix(PREFIX) for it in sorted(names)]
    nearest = get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=0.7)
    return f" Did you mean {PREFIX}{nearest[0]}?" if nearest else ""
