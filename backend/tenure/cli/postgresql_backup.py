"""Backups of PostgreSQL: archives of `pg_dump --format=custom`.

The address and the password are passed to PostgreSQL's programs in libpq's environment variables,
because every user of the machine can read a command line.
"""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from tenure.cli.sqlite_backup import StateCheck, damaged
from tenure.kernel.compatibility import SchemaState
from tenure.kernel.db import Database
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.redaction import redacted

OPTIONS = {
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "passfile": "PGPASSFILE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "krbsrvname": "PGKRBSRVNAME",
    "application_name": "PGAPPNAME",
    "options": "PGOPTIONS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "host": "PGHOST",
    "port": "PGPORT",
}
TABLES = text("""
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
""")
# Positions of events follow transaction ids, which start again on another server.
ASSIGN_POSITIONS = "SELECT assign_event_positions()"
HAS_POSITIONS = text("SELECT to_regproc('assign_event_positions') IS NOT NULL")


async def write_postgresql(database: Database, url: str, draft: Path) -> None:
    """Dump a snapshot of the database, which may be in use. Raises ConfigurationError."""
    await _check_version("pg_dump", database)
    await _run(url, "pg_dump", "--format=custom", "--lock-wait-timeout=60s", f"--file={draft}")


async def restore_postgresql(
    database: Database, url: str, file: Path, *, check: StateCheck
) -> SchemaState:
    """Restore the archive in one transaction, if the database is empty.

    Raises ConfigurationError.
    """
    await _check_version("pg_restore", database)
    async with database.connection() as connection:
        tables = (await connection.execute(TABLES)).scalar_one()
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
    if tables:
        raise ConfigurationError(
            f"The database {name} is not empty (it has {tables} tables, views and sequences): "
            "create another one with `createdb` and name it in TENURE_DATABASE_URL."
        )
    state = await check_archive(file)
    check(state, file)
    # The check above reads only the start of the archive; this reads all of it.
    await _read_archive(file, f"--file={os.devnull}")
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await _run(url, "pg_restore", *options, f"--dbname={name}", str(file))
    await database.analyze()
    async with database.connection() as connection:
        if (await connection.execute(HAS_POSITIONS)).scalar_one():
            await connection.exec_driver_sql(ASSIGN_POSITIONS)
    return state


async def check_archive(file: Path) -> SchemaState:
    """The schema of the archive. Raises ConfigurationError if it is damaged."""
    tables = ("--table=alembic_version", "--table=schema_compatibility")
    script = await _read_archive(file, "--data-only", "--file=-", *tables)
    revision = re.search(r"^COPY \S*alembic_version .*\n(\S+)$", script, re.MULTILINE)
    oldest = re.search(r"^COPY \S*schema_compatibility .*\n\S+\t(\S+)$", script, re.MULTILINE)
    found = [
        None if match is None or match[1] == "\\." else match[1] for match in (revision, oldest)
    ]
    return SchemaState(*found)


async def _read_archive(file: Path, *arguments: str) -> str:
    try:
        return await _run("", "pg_restore", *arguments, str(file))
    except ConfigurationError as fault:
        raise damaged(file, str(fault).rstrip(".")) from None


async def _check_version(name: str, database: Database) -> None:
    """Raises ConfigurationError if the program is missing or older than the server."""
    server = int((await database.ping()).split(".")[0])
    version = await _run("", name, "--version")
    found = re.search(r"\d+", version)
    if found is None or int(found[0]) < server:
        raise ConfigurationError(
            f"{name} ({version.strip()}) is older than the server, PostgreSQL {server}: "
            f"install its client programs (Debian: postgresql-client-{server})."
        )


async def _run(url: str, name: str, *arguments: str) -> str:
    """The output of the program. Raises ConfigurationError with its first line of errors."""
    if shutil.which(name) is None:
        raise ConfigurationError(
            f"{name} is not installed: install PostgreSQL's client programs "
            "(Debian: postgresql-client)."
        )
    # Fails instead of asking for a password.
    options = ["--no-password"] if url else []
    process = await asyncio.create_subprocess_exec(
        name,
        *options,
        *arguments,
        env={**os.environ, **libpq_environment(url)},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode:
        lines = errors.decode(errors="replace").strip().splitlines() or ["no error message"]
        raise ConfigurationError(redacted(lines[0]))
    return output.decode(errors="replace")


def libpq_environment(url: str) -> Mapping[str, str]:
    """The variables of libpq for this URL; none for an empty one."""
    if not url:
        return {}
    parsed = make_url(url)
    found = {
        "PGHOST": parsed.host,
        "PGPORT": None if parsed.port is None else str(parsed.port),
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
    }
    for name, value in parsed.query.items():
        if name in OPTIONS:
            found[OPTIONS[name]] = value if isinstance(value, str) else ",".join(value)
    return {name: str(value) for name, value in found.items() if value}
