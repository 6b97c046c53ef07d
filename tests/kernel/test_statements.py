"""Statements that the driver executes behave like those that SQLAlchemy executes."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from tenure.accounts.models import Account, Rank
from tenure.kernel.db import Database, Instant
from tenure.kernel.faults import is_transient, is_unique_violation
from tenure.kernel.money import Millionths, TooLargeError
from tenure.kernel.statements import CompiledStatement, execute
from tenure.kernel.timeouts import OperationTimeoutError, TimeLimit
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA

RANKS = Enum(Rank, native_enum=False)
AMOUNT = bindparam("amount", type_=Millionths())
VALUES = select(
    AMOUNT.label("amount"),
    bindparam("at", type_=Instant()).label("at"),
    bindparam("rank", type_=RANKS).label("rank"),
    literal(Rank.GOLD, RANKS).in_([Rank.GOLD, Rank.SILVER]).label("is_listed"),
)
ONE = select(AMOUNT)
NUMBERS = select(Account.number)
CHANGE_NAME = Account.__table__.update().values(name=bindparam("name"))
HUGE = select(literal(2**62, BigInteger) * bindparam("factor", type_=BigInteger))
SLEEP = select(func.pg_sleep(30).is_(None))
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def test_values_are_converted_both_ways(runtime: Runtime) -> None:
    given = {"amount": Decimal("1.25"), "at": datetime(2026, 11, 29, tzinfo=UTC)}
    async with runtime.unit(ANA) as unit:
        for rank in (Rank.GOLD, None):
            row = (await execute(unit.connection, VALUES, {**given, "rank": rank})).one()
            assert (row.amount, row.at, row.rank) == (*given.values(), rank)
            assert row.is_listed
        with pytest.raises(KeyError, match="rank"):
            await execute(unit.connection, VALUES, given)


async def test_statements_are_in_the_transaction_of_the_unit(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        await builders.account(unit, "Ada")

    async def change() -> None:
        async with runtime.unit(ANA) as unit:
            changed = await execute(unit.connection, CHANGE_NAME, {"name": "Changed"})
            assert changed.all() == []
            raise LookupError

    with pytest.raises(LookupError):
        await change()
    async with runtime.unit(ANA) as unit:
        names = await execute(unit.connection, select(Account.name))
        assert names.scalars().all() == ["Ada"]


def test_defaults_of_columns_are_parameters() -> None:
    """A default that Python computes for each execution is refused."""

    def compiled(default: object) -> CompiledStatement:
        columns = (Column("name", String), Column("count", Integer, default=default))
        statement = insert(Table("counted", MetaData(), *columns)).values(name="a")
        return CompiledStatement.of(statement.compile(dialect=sqlite.dialect()))

    assert compiled(3).bound({}) == ("a", 3)
    with pytest.raises(ValueError, match="INSERT INTO counted"):
        compiled(lambda: 3)


async def test_faults_are_those_of_sqlalchemy(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        for name in ("Ada", "Bo"):
            await builders.account(unit, name)
    same = Account.__table__.update().values(number="same")
    with pytest.raises(IntegrityError) as fault:
        async with runtime.unit(ANA) as unit:
            await execute(unit.connection, same)
    assert is_unique_violation(fault.value)
    assert "UPDATE account" in str(fault.value.statement)


@on_postgresql
async def test_sum_that_is_too_large(runtime: Runtime) -> None:
    """Rules 6.9: SQLite returns a float, which triggers of the columns reject."""
    with pytest.raises(TooLargeError):
        async with runtime.unit(ANA) as unit:
            await execute(unit.connection, HUGE, {"factor": 4})


@on_postgresql
async def test_lost_connection_is_replaced(runtime: Runtime, database_url: str) -> None:
    outside = await asyncpg.connect(database_url.partition("?")[0], ssl=False)

    async def read() -> None:
        async with runtime.unit(ANA) as unit:
            pid = (await unit.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await outside.execute("SELECT pg_terminate_backend($1, 5000)", pid)
            await execute(unit.connection, NUMBERS)

    with pytest.raises(DBAPIError) as fault:
        await read()
    await outside.close()
    assert is_transient(fault.value)
    async with runtime.unit(ANA) as unit:
        assert (await execute(unit.connection, NUMBERS)).all() == []


@on_postgresql
async def test_cancelled_statement_is_not_continued(runtime: Runtime) -> None:
    """The connection is not used again, and the transaction has been rolled back."""

    async def wait() -> None:
        async with TimeLimit(1), runtime.unit(ANA) as unit:
            await builders.account(unit, "Ada")
            await execute(unit.connection, SLEEP)

    with pytest.raises(OperationTimeoutError):
        await wait()
    async with runtime.unit(ANA) as unit:
        assert (await execute(unit.connection, NUMBERS)).all() == []


async def test_one_statement_serves_several_databases(runtime: Runtime, tmp_path: Path) -> None:
    """What is compiled for one database is not sent to another one."""
    other = Database(f"sqlite:///{tmp_path}/other.db")
    try:
        async with other.connection() as connection:
            assert (await execute(connection, ONE, {"amount": 1})).scalar_one() == 1
    finally:
        await other.close()
    async with runtime.unit(ANA) as unit:
        assert (await execute(unit.connection, ONE, {"amount": 1})).scalar_one() == 1
