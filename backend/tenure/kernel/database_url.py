"""Checks the database URL, inserts the password, and translates options of libpq for asyncpg."""

import os
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tenure.kernel.errors import ConfigurationError

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
NAME = "TENURE_DATABASE_URL"
EXPECTED = f"{NAME} must be sqlite:///PATH or postgresql://USER@HOST:PORT/NAME."
UNREADABLE = (
    f"{NAME} cannot be read: write @, : and % of the user and the password as %40, %3A and %25, "
    "or set TENURE_DATABASE_PASSWORD."
)
LAST_PORT = 65535

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
# asyncpg reads these from its own URL, under libpq's names.
IN_ASYNCPG_URL = (
    *FILES,
    *("sslpassword", "ssl_min_protocol_version", "ssl_max_protocol_version", "sslnegotiation"),
    *("target_session_attrs", "krbsrvname", "application_name", "options"),
)
# SQLAlchemy passes these to the driver. `ssl` takes the values of sslmode.
IN_SQLALCHEMY_URL = ("host", "port", "ssl", "prepared_statement_cache_size")
OPTIONS = ("sslmode", "connect_timeout", *IN_ASYNCPG_URL, *IN_SQLALCHEMY_URL)


def async_url(url: str) -> URL:
    """The URL for SQLAlchemy, with its driver. Raises ConfigurationError."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed
    options = {name: value for name, value in parsed.query.items() if name in IN_SQLALCHEMY_URL}
    if mode := parsed.query.get("sslmode"):
        options["ssl"] = mode
    return parsed.set(query=options)


def connect_arguments(url: str) -> dict[str, str | int]:
    """The arguments of asyncpg besides the URL of `async_url`. Raises ConfigurationError."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return {}
    arguments: dict[str, str | int] = {}
    options = {name: value for name, value in parsed.query.items() if name in IN_ASYNCPG_URL}
    if options:
        arguments["dsn"] = f"postgresql://?{urlencode(options)}"
    if "connect_timeout" in parsed.query:
        arguments["timeout"] = int(str(parsed.query["connect_timeout"]))
    return arguments


def with_password(url: str, password: str) -> str:
    """The URL with the password, percent-encoded. Raises ConfigurationError."""
    parsed = _parsed(url)
    given = "TENURE_DATABASE_PASSWORD is set, but"
    if parsed.get_backend_name() == "sqlite":
        raise ConfigurationError(f"{given} {NAME} names SQLite, which has no passwords.")
    if parsed.password is not None:
        raise ConfigurationError(f"{given} {NAME} has a password too: set only one of them.")
    if parsed.username is None:
        raise ConfigurationError(f"{given} {NAME} has no user: postgresql://USER@HOST:PORT/NAME.")
    complete = parsed.set(drivername="postgresql", password=password)
    return complete.render_as_string(hide_password=False)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed = parsed.set(drivername=DRIVERS[parsed.get_backend_name()])
    except (ArgumentError, KeyError):
        raise ConfigurationError(EXPECTED) from None
    except ValueError:
        raise ConfigurationError(UNREADABLE) from None
    if parsed.get_backend_name() == "sqlite":
        return parsed
    if "@" in (parsed.host or "") or not 0 < (parsed.port or 1) <= LAST_PORT:
        raise ConfigurationError(UNREADABLE)
    for name, value in parsed.query.items():
        _check_option(name, value)
    if "ssl" in parsed.query and "sslmode" in parsed.query:
        raise ConfigurationError(f"{NAME} has ssl and sslmode: take ssl out.")
    mode = parsed.query.get("sslmode") or parsed.query.get("ssl")
    if mode in ("verify-ca", "verify-full") and not _has_root_certificate(parsed):
        raise ConfigurationError(
            f"{NAME} has sslmode={mode}, which needs the certificate of the authority that signed "
            "the server's: add sslrootcert=FILE."
        )
    return parsed


def _has_root_certificate(url: URL) -> bool:
    """True if asyncpg finds one: in the URL, in the variable or in the default path of libpq."""
    usual = Path("~/.postgresql/root.crt").expanduser()
    return "sslrootcert" in url.query or "PGSSLROOTCERT" in os.environ or usual.is_file()


def _check_option(name: str, value: str | tuple[str, ...]) -> None:
    """Raises ConfigurationError if the driver does not support it."""
    if name not in OPTIONS:
        known = ", ".join(sorted({*OPTIONS} - {"ssl"}))
        raise ConfigurationError(
            f"{NAME} has the option {name[:40]!r}, which is not supported: take it out. "
            f"Supported are {known}."
        )
    if not isinstance(value, str):
        if name in ("host", "port"):
            return
        raise ConfigurationError(f"{NAME} has the option {name} more than once.")
    if name in ("ssl", "sslmode") and value not in SSL_MODES:
        raise ConfigurationError(
            f"{NAME} has {name}={value[:40]}: it must be one of {', '.join(SSL_MODES)}."
        )
    if name == "connect_timeout" and not (value.isascii() and value.isdigit() and int(value)):
        raise ConfigurationError(
            f"{NAME} has connect_timeout={value[:40]}: it must be a whole number of seconds."
        )
    if name in FILES and not Path(value).is_file():
        raise ConfigurationError(f"{NAME} has {name}={value[:200]}, but there is no such file.")
