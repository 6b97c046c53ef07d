"""Reads secrets from the files that the settings `…_FILE` name."""

from collections.abc import Mapping
from pathlib import Path

from tenure.kernel.errors import printable

# The settings that can contain a secret. Their values are never printed.
SECRETS = (
    *("database_url", "database_password", "broker_url", "broker_password"),
    *("cache_url", "secret_key", "gateway_key", "oidc_client_secret"),
)
LONGEST = 65_536


def with_secret_files(values: Mapping[str, object]) -> dict[str, object]:
    """The settings with the contents of the files. Raises ValueError, one line per problem."""
    found, problems = dict(values), []
    for name in SECRETS:
        path = values.get(f"{name}_file")
        if not path:
            continue
        variable = f"TENURE_{name.upper()}"
        if values.get(name):
            problems.append(f"{variable} and {variable}_FILE are both set: set only one of them.")
            continue
        try:
            found[name] = _content(Path(str(path)))
        except (OSError, ValueError) as fault:
            reason = getattr(fault, "strerror", None) or str(fault)
            problems.append(
                f"{variable}_FILE is {printable(str(path))!r}, which cannot be used: {reason}."
            )
    if problems:
        raise ValueError("\n".join(problems))
    return found


def _content(path: Path) -> str:
    """The only line of the file, without the line break. Raises OSError or ValueError."""
    with path.open("rb") as file:
        content = file.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} bytes")
    try:
        text = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    if not text:
        raise ValueError("it is empty")
    if "\n" in text or "\0" in text:
        raise ValueError("it has more than one line")
    return text
