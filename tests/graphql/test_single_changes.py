"""Statements of single changes: large ones are built once, unnecessary ones are not sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id, sent_statements

# Characters of SQL. To build a smaller statement takes less than to send it.
LARGE = 1000


@contextmanager
def large_statements(database: Database) -> Iterator[list[Any]]:
    """Records the large statements of the block, as they were passed to SQLAlchemy."""
    executed: list[Any] = []

    def note(*given: Any) -> None:
        _connection, _cursor, sql, _parameters, context, _many = given
        if len(sql) > LARGE:
            executed.append(context.invoked_statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield executed
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_large_statements_are_built_once(ask: Caller, runtime: Runtime) -> None:
    """Rules 2.8 and 8.4: a status change, back again, and an adjustment of an account."""
    async with runtime.unit(ANA) as unit:
        account = global_id("Account", (await builders.customer(unit)).account)

    async def change() -> None:
        for status in ("INACTIVE", "ACTIVE"):
            values = {"accountId": account, "status": status}
            kind = "ChangeAccountStatusInput"
            answer = await ask.change("changeAccountStatus", kind, "impact { accounts }", **values)
            assert answer == {"impact": {"accounts": 1}, "errors": []}
        values = {"accountId": account, "amount": "-1", "reason": "Late"}
        answer = await ask.change("adjust", "AdjustInput", "event { amount { amount } }", **values)
        assert answer["errors"] == []

    with large_statements(runtime.database) as first:
        await change()
    with large_statements(runtime.database) as again:
        await change()
    assert len(first) == len(again) > 15
    assert [second is earlier for earlier, second in zip(first, again, strict=True)] == [
        True for _ in first
    ]


async def test_search_terms_are_written_only_if_they_change(ask: Caller, runtime: Runtime) -> None:
    """Rules 2.14: earlier terms stay, so a change adds the new ones and reads none."""
    async with runtime.unit(ANA) as unit:
        account = global_id("Account", await builders.account(unit))

    async def statements_on_terms(**values: Any) -> list[str]:
        with sent_statements(runtime.database) as sent:
            answer = await ask.change(
                "updateAccount", "UpdateAccountInput", "account { id }", accountId=account, **values
            )
        assert answer["errors"] == []
        return [statement.split()[0] for statement in sent if "search_term" in statement]

    assert await statements_on_terms(rank="GOLD") == []
    assert await statements_on_terms(phone="+351 210 000 000") == ["INSERT"]


async def test_statements_of_each_change(ask: Caller, runtime: Runtime) -> None:
    """The number of statements of a change, with settings, locks and the answer."""
    async with runtime.unit(ANA) as unit:
        customer = await builders.customer(unit)
    account = global_id("Account", customer.account)

    async def sent_by(field: str, kind: str, payload: str, **values: Any) -> int:
        with sent_statements(runtime.database) as sent:
            answer = await ask.change(field, kind, payload, accountId=account, **values)
        assert answer["errors"] == []
        return len(sent)

    update = ("updateAccount", "UpdateAccountInput", "account { id }")
    assert await sent_by(*update, phone="+351 210 000 000") == 6
    change = ("changeAccountStatus", "ChangeAccountStatusInput")
    answer = "account { id } deferredAction { id }"
    later = {"deferUntil": "2030-01-01T00:00:00Z"}
    assert await sent_by(*change, answer, status="INACTIVE", **later) == 7
    adjust = ("adjust", "AdjustInput", "event { id }")
    assert await sent_by(*adjust, amount="1", reason="Late") == 11
    assert await sent_by(*adjust, amount="-1", reason="Late") == 13
    assert await sent_by(*change, answer, status="INACTIVE") == 15
    assert await sent_by(*change, answer, status="ACTIVE") == 15
