"""What is never logged: parameters, values that drivers quote, search terms in paths."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import structlog
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from tenure.kernel.db import Database
from tenure.kernel.logs import configure_logs, request_log
from tenure.kernel.outages import outage_log
from tenure.kernel.readiness import first_line
from tenure.kernel.settings import Settings

SECRET = "ada@example.com"


@pytest.fixture(params=["json", "text"])
def logged(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """What the log has, as `tenure` configures it, in both forms."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    outage_log.last_line.clear()
    # Those of pytest would be closed.
    root.handlers[:] = []
    configure_logs(Settings(_env_file=None, log=request.param))
    structlog.configure(cache_logger_on_first_use=False)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = StringIO()
    handler.setStream(stream)
    yield stream
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)
    outage_log.last_line.clear()


UNIQUE = "CREATE TEMPORARY TABLE person (email text UNIQUE)"
INSERT = text("INSERT INTO person (email) VALUES (:email)")
FAULTS = [
    pytest.param([UNIQUE], INSERT, {"email": SECRET}, id="unique"),
    pytest.param(
        ["SELECT 1"], text("SELECT :email FROM nowhere"), {"email": SECRET}, id="no table"
    ),
    pytest.param(
        ["SELECT 1"], text("SELECT 1/(:email - 1) FROM nowhere"), {"email": SECRET}, id="other type"
    ),
]


async def run(
    database: Database, prepared: list[str], statement: TextClause, values: dict[str, str]
) -> None:
    """Twice, in one transaction."""
    async with database.engine.begin() as connection:
        for each in prepared:
            await connection.execute(text(each))
        for _ in range(2):
            await connection.execute(statement, values)


@pytest.mark.parametrize(("prepared", "statement", "values"), FAULTS)
async def test_a_database_fault_is_logged_without_values(
    database: Database,
    logged: StringIO,
    prepared: list[str],
    statement: TextClause,
    values: dict[str, str],
) -> None:
    """Neither the parameters nor what the driver quotes, over several lines too."""
    for suffix in ("", "\nsecond line"):
        given = {name: value + suffix for name, value in values.items()}
        with pytest.raises(DBAPIError) as raised:
            await run(database, prepared, statement, given)
        structlog.get_logger().error("a request failed", exc_info=raised.value)
        logging.getLogger("library").error("failed", exc_info=raised.value)
        structlog.get_logger().error("in one line", fault=first_line(raised.value))
    said = logged.getvalue()
    assert said.count("Traceback") >= 4
    assert SECRET not in said
    assert "second line" not in said


def test_paths_are_logged_without_their_query(logged: StringIO) -> None:
    access = request_log()
    access.info(
        '%s - "%s %s HTTP/%s" %d', "10.0.0.1:5", "GET", f"/accounts?search={SECRET}", "1.1", 200
    )
    logging.getLogger("uvicorn.error").info(
        '%s - "WebSocket %s" [accepted]', "10.0.0.1:5", f"/graphql?token={SECRET}"
    )
    said = logged.getvalue()
    assert said.count("\n") == 2
    assert "GET /accounts HTTP/1.1" in said
    assert "WebSocket /graphql" in said
    assert SECRET not in said


@pytest.mark.parametrize("logged", ["json"], indirect=True)
def test_the_line_of_a_request_has_the_form_of_the_others(logged: StringIO) -> None:
    """Also with quotes and line breaks of a client in it, and without its query."""
    path = '/"a\n\u00e9'
    message = ('%s - "%s %s HTTP/%s" %d', "10.0.0.1:5", "GET")
    request_log().info(*message, f"{path}?search={SECRET}", "1.1", 200)
    logging.getLogger("library").info(*message, path, "1.1", 200)
    lines = logged.getvalue().splitlines()
    times = [json.loads(line)["timestamp"] for line in lines]
    of_request, other = (line.replace(time, "") for line, time in zip(lines, times, strict=True))
    assert of_request == other.replace("library", "uvicorn.access")
    assert all(time.endswith("Z") and datetime.fromisoformat(time).tzinfo == UTC for time in times)


def test_broken_connections_of_the_pool_are_one_line_a_minute(logged: StringIO) -> None:
    pool = logging.getLogger("sqlalchemy.pool.impl.AsyncAdaptedQueuePool")
    for _ in range(50):
        try:
            raise ConnectionResetError("reset by peer")
        except ConnectionResetError:
            pool.exception("Exception during reset or similar")
    said = logged.getvalue()
    assert said.count("\n") == 1
    assert "a database connection is broken" in said
    assert "reset by peer" in said
