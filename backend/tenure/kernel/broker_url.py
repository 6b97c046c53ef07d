"""Checks the URLs of the broker and of the cache, and inserts the password of the broker."""

from urllib.parse import SplitResult, quote, urlsplit

from tenure.kernel.errors import ConfigurationError

NAME = "TENURE_BROKER_URL"
CACHE_EXPECTED = "TENURE_CACHE_URL must be redis://HOST:PORT/DATABASE, rediss://…, or empty."
REDIS, RABBITMQ = ("redis", "rediss"), ("amqp", "amqps")
EXPECTED = (
    f"{NAME} must be redis://HOST:PORT/DATABASE or amqp://USER:PASSWORD@HOST:PORT/VHOST, or empty."
)
UNREADABLE = (
    f"{NAME} cannot be read: write @, #, /, ? and % of the user and the password as "
    "%40, %23, %2F, %3F and %25, or set TENURE_BROKER_PASSWORD."
)


def check_broker_url(url: str) -> None:
    """Raises ConfigurationError. The message omits the URL, which may contain a password."""
    parts = _parts(url)
    if parts.scheme in REDIS and parts.path.strip("/") and not parts.path.strip("/").isdecimal():
        raise ConfigurationError(f"{NAME} must end with the number of a database: redis://HOST/0.")
    if parts.scheme in RABBITMQ and parts.username is not None and parts.password is None:
        raise ConfigurationError(f"{NAME} has a user and no password: set TENURE_BROKER_PASSWORD.")


def check_cache_url(url: str) -> None:
    """Raises ConfigurationError. The message omits the URL, which may contain a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ConfigurationError(CACHE_EXPECTED) from None
    database = parts.path.strip("/")
    if parts.scheme not in REDIS or not parts.hostname or (database and not database.isdecimal()):
        raise ConfigurationError(CACHE_EXPECTED)


def with_password(url: str, password: str) -> str:
    """The URL with the password, percent-encoded. Raises ConfigurationError."""
    given = "TENURE_BROKER_PASSWORD is set, but"
    if not url:
        raise ConfigurationError(f"{given} {NAME} is empty.")
    parts = _parts(url)
    if parts.password is not None:
        raise ConfigurationError(f"{given} {NAME} has a password too: set only one of them.")
    if parts.scheme in RABBITMQ and not parts.username:
        raise ConfigurationError(f"{given} {NAME} has no user: amqp://USER@HOST:PORT/VHOST.")
    host = parts.netloc.rpartition("@")[2]
    credentials = f"{parts.username or ''}:{quote(password, safe='')}"
    return parts._replace(netloc=f"{credentials}@{host}").geturl()


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ConfigurationError(UNREADABLE if "@" in url else EXPECTED) from None
    if parts.scheme not in (*REDIS, *RABBITMQ):
        raise ConfigurationError(EXPECTED)
    if parts.fragment or "@" in parts.path + parts.query:
        raise ConfigurationError(UNREADABLE)
    if not parts.hostname:
        raise ConfigurationError(EXPECTED)
    return parts
