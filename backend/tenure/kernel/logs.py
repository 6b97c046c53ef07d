"""Configures one log for Tenure and its libraries, as text or as JSON."""

import json
import logging
import sys
from contextlib import nullcontext, suppress
from functools import lru_cache
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from tenure.kernel.clock import real_now
from tenure.kernel.errors import printable
from tenure.kernel.outages import outage_log
from tenure.kernel.redaction import path_alone, redact_exception, without_query
from tenure.kernel.settings import Settings

# Their messages at INFO are of no use to an operator.
QUIET = ("apscheduler", "dramatiq", "asyncio", "aiosqlite", "alembic", "httpx")
# It logs a dozen lines for a connection that could not be opened; Tenure logs one.
SILENT = ("pika",)
# Has one line for each request.
ACCESS = "uvicorn.access"
# A text is at most as long as the head of a request.
KEPT_REQUEST_TEXTS = 200
# Values with line breaks that Tenure has added.
TRACEBACKS = ("exception", "stack")


def configure_logs(settings: Settings) -> None:
    """Logs to standard error in the format TENURE_LOG: by default text on a terminal, else JSON."""
    as_text = settings.log == "text" or (not settings.log and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_exception,
    ]
    # Tracebacks are already text; those of the renderer would print local variables.
    for_people: list[Processor] = [_printable_values, structlog.dev.ConsoleRenderer()]
    renderer: list[Processor] = for_people if as_text else [structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler() if as_text else JsonHandler()
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[remove, *renderer]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    handler.addFilter(without_query)
    handler.addFilter(_report_broken_connection)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class JsonHandler(logging.StreamHandler[TextIO]):
    """The log in JSON."""


class RequestLog:
    """Writes a line for each request in the form of the other lines.

    A record of `logging` with the processors of structlog takes longer than the endpoint.
    """

    def __init__(self, handler: JsonHandler) -> None:
        self.handler = handler

    def info(self, message: str, *values: object) -> None:
        """As `Logger.info`; never raises an error of the stream."""
        text = _request_text(message, *[path_alone(it) for it in values])
        time = real_now().replace(tzinfo=None).isoformat()
        line = f'"event": {text}, "level": "info", "logger": "{ACCESS}", "timestamp": "{time}Z"'
        with self.handler.lock or nullcontext(), suppress(OSError, ValueError):
            self.handler.stream.write(f"{{{line}}}\n")
            self.handler.stream.flush()


@lru_cache(KEPT_REQUEST_TEXTS)
def _request_text(message: str, *values: object) -> str:
    """The text of a line as JSON. A connection sends requests whose lines differ in the time."""
    return json.dumps(message % values)


def request_log() -> RequestLog | logging.Logger:
    """What writes the lines of requests."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, JsonHandler):
            return RequestLog(handler)
    return logging.getLogger(ACCESS)


def _report_broken_connection(record: logging.LogRecord) -> bool:
    """A log filter: shortens the report of the pool on a broken connection to one line."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None or not record.name.startswith("sqlalchemy.pool"):
        return True
    outage_log.report("a database connection is broken", fault)
    return False


def _printable_values(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Escapes line breaks and control characters in external text. JSON escapes them anyway."""
    return {
        key: printable(value, layout="\n" if key in TRACEBACKS else "")
        if isinstance(value, str)
        else value
        for key, value in event.items()
    }
