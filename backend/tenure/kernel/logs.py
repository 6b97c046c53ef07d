"""One log for all: our own lines and those of the libraries, as text for a person or as JSON for a machine."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from tenure.kernel.errors import printable
from tenure.kernel.outages import outage_log
from tenure.kernel.redaction import redact_exception, without_query
from tenure.kernel.settings import Settings

# What these tell at INFO is of no use to whoever operates Tenure.
QUIET = ("apscheduler", "dramatiq", "asyncio", "aiosqlite", "alembic", "httpx")
# It tells of a connection that could not be opened in a dozen lines; our own line says it.
SILENT = ("pika",)
# What has lines of ours.
TRACEBACKS = ("exception", "stack")


def configure_logs(settings: Settings) -> None:
    """To standard error, as TENURE_LOG says: by default text on a terminal, else JSON."""
    as_text = settings.log == "text" or (not settings.log and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_exception,
    ]
    # Tracebacks are text by now: the renderer's own ones would print local variables.
    for_people: list[Processor] = [_printable_values, structlog.dev.ConsoleRenderer()]
    renderer: list[Processor] = for_people if as_text else [structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
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


def _report_broken_connection(record: logging.LogRecord) -> bool:
    """A log filter: the pool logs each connection that it finds broken, with a traceback."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None or not record.name.startswith("sqlalchemy.pool"):
        return True
    outage_log.report("a database connection is broken", fault)
    return False


def _printable_values(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Text from outside neither begins a line of its own nor steers the terminal. JSON escapes it anyway."""
    return {
        key: printable(value, layout="\n" if key in TRACEBACKS else "")
        if isinstance(value, str)
        else value
        for key, value in event.items()
    }
