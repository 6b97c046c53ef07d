"""Passwords with any characters, secrets from files, and options of libpq."""

import stat
from pathlib import Path
from urllib.parse import unquote

import asyncpg
import pika
import pytest
from sqlalchemy.engine import make_url

from tenure.kernel.database_url import async_url, connect_arguments
from tenure.kernel.db import Database
from tenure.kernel.secret_files import SECRETS
from tenure.kernel.settings import Settings
from tenure.worker.broker import make_broker
from tests.services import POSTGRES, POSTGRES_URL

PASSWORDS = ["p@ss", "p#ss", "p/ss", "p%ss", "p%41", "p:ss?x=1&y", "pä ss+", "'\"\\", "@:/#?%"]
HOST = "tenure@db.test:5433/billing"


@pytest.mark.parametrize("password", PASSWORDS)
def test_passwords_reach_the_drivers_as_they_are(password: str) -> None:
    """For PostgreSQL, Redis and RabbitMQ."""
    settings = Settings(
        _env_file=None,
        database_url=f"postgresql://{HOST}?sslmode=require",
        database_password=password,
        broker_url="amqp://tenure@mq.test:5673/vh",
        broker_password=password,
    )
    url = async_url(settings.database_url)
    assert (url.username, url.password, url.host, url.port, url.database) == (
        *("tenure", password, "db.test", 5433, "billing"),
    )
    parameters = pika.URLParameters(settings.broker_url)
    assert (parameters.credentials.password, parameters.host, parameters.port) == (
        *(password, "mq.test", 5673),
    )
    redis = Settings(_env_file=None, broker_url="redis://kv.test:6380/3", broker_password=password)
    options = make_broker(redis).client.connection_pool.connection_kwargs
    assert (options["password"], options["host"], options["port"], options["db"]) == (
        *(password, "kv.test", 6380, 3),
    )


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_each_secret_can_come_from_a_file(name: str, end: str, tmp_path: Path) -> None:
    """Without the line break that editors put at the end."""
    own_urls = {
        "database_url": "postgresql://a:b@c/d",
        "broker_url": "redis://:pw@h/0",
        "cache_url": "redis://:pw@h/1",
    }
    secret = own_urls.get(name, " s3cret# ")
    urls = {"database_password": {"database_url": f"postgresql://{HOST}"}}
    urls["broker_password"] = {"broker_url": "redis://h/0"}
    path = tmp_path / "secret"
    path.write_bytes(f"{secret}{end}".encode())
    path.chmod(stat.S_IRUSR)
    given = {f"{name}_file": str(path), **urls.get(name, {})}
    settings = Settings(_env_file=None, **given)  # type: ignore[arg-type]
    assert getattr(settings, name) == secret
    assert "s3cret" not in repr(settings)
    if name in urls:
        [(url, _)] = urls[name].items()
        assert secret in unquote(getattr(settings, url))


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require"])
def test_sslmode_is_translated(mode: str) -> None:
    """Asyncpg takes the values of sslmode as its `ssl`."""
    url = async_url(f"postgresql://{HOST}?sslmode={mode}&connect_timeout=7&application_name=a%20b")
    assert dict(url.query) == {"ssl": mode}
    assert connect_arguments(f"postgresql://{HOST}?sslmode={mode}&connect_timeout=7") == {
        "timeout": 7
    }
    assert connect_arguments(f"postgresql://{HOST}?application_name=a%20b") == {
        "dsn": "postgresql://?application_name=a+b"
    }


def test_the_certificate_of_an_authority_reaches_asyncpg(tmp_path: Path) -> None:
    certificate = tmp_path / "root #1.crt"
    certificate.touch()
    url = f"postgresql://{HOST}?sslmode=verify-full&sslrootcert={certificate}".replace("#", "%23")
    assert dict(async_url(url).query) == {"ssl": "verify-full"}
    [(name, dsn)] = connect_arguments(url).items()
    assert (name, make_url(dsn).query["sslrootcert"]) == ("dsn", str(certificate))


@pytest.mark.parametrize("mode", ["disable", "prefer"])
async def test_postgresql_is_reached_with_options_of_libpq(mode: str) -> None:
    """The options of libpq work against a real server, and are seen there."""
    POSTGRES.need()
    url = f"{POSTGRES_URL}/postgres?sslmode={mode}&application_name=ledger&connect_timeout=5"
    database = Database(url)
    try:
        async with database.connection() as connection:
            name = await connection.exec_driver_sql("SHOW application_name")
            assert name.scalar_one() == "ledger"
            jit = await connection.exec_driver_sql("SHOW jit")
            assert jit.scalar_one() == "off"
    finally:
        await database.close()


async def test_a_password_with_such_characters_opens_postgresql() -> None:
    """The server needs no password. The database name shows that the URL is parsed correctly."""
    POSTGRES.need()
    settings = Settings(
        _env_file=None, database_url=f"{POSTGRES_URL}/postgres", database_password="@:/#?%"
    )
    connection = await asyncpg.connect(settings.database_url)
    try:
        assert await connection.fetchval("SELECT current_database()") == "postgres"
    finally:
        await connection.close()
