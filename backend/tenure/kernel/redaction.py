"""Removes stored values from log lines; database drivers quote them in their messages."""

import logging
import re

from structlog.typing import EventDict, WrappedLogger

# They log the path of each request and WebSocket.
WITH_PATHS = ("uvicorn.access", "uvicorn.error")

# PostgreSQL: "Key (login)=(ada) already exists.", "Failing row contains (…)". asyncpg: the value
# that it could not encode. SQLAlchemy: the parameters, hidden by the engine unless another made it.
# A value may have several lines; what follows the details is one of these.
END = r"\n[ |]*\n|\n[ |]*(?:HINT|CONTEXT|\[SQL|\(Background)|\Z"
QUOTED_VALUES = (
    (re.compile(rf"(DETAIL:).*?(?={END})", re.DOTALL), r"\1 (hidden)"),
    (re.compile(r"(invalid input for query argument \$\d+).*$", re.MULTILINE), r"\1 (hidden)"),
    (re.compile(r"(invalid input syntax for (?:type )?[\w ]+:).*$", re.MULTILINE), r"\1 (hidden)"),
    (re.compile(r"^(\s*\|?\s*\[parameters:).*$", re.MULTILINE), r"\1 (hidden)]"),
)


def redacted(text: str) -> str:
    """The text without the values that drivers quote."""
    for pattern, replacement in QUOTED_VALUES:
        text = pattern.sub(replacement, text)
    return text


def redact_exception(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    """The structlog processor that follows `format_exc_info`."""
    if isinstance(entry.get("exception"), str):
        entry["exception"] = redacted(entry["exception"])
    return entry


def without_query(record: logging.LogRecord) -> bool:
    """A log filter: paths are logged without their query, which holds search terms."""
    if record.name in WITH_PATHS and isinstance(record.args, tuple):
        record.args = tuple(path_alone(argument) for argument in record.args)
    return True


def path_alone(value: object) -> object:
    """A path without its query; any other value as it is."""
    is_path = isinstance(value, str) and value.startswith("/")
    return str(value).partition("?")[0] if is_path else value
