"""Single changes do not build their large statements again: that took half of their time."""

from typing import Any

from sqlalchemy import event

from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

# Characters of SQL. To build a smaller statement takes less than to send it.
LARGE = 1000


class Executed:
    """The large statements that a database executes, as they were passed to SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self.statements: list[Any] = []
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, *given: Any) -> None:
        _connection, _cursor, sql, _parameters, context, _many = given
        # Inserts of objects are built by SQLAlchemy, which keeps them.
        if len(sql) > LARGE and not context.execution_options.get("_sa_orm_insert_options"):
            self.statements.append(context.invoked_statement)


async def test_large_statements_are_built_once(ask: Caller, runtime: Runtime) -> None:
    """Rules 2.8 and 8.4: a status change, back again, and an adjustment of an account."""
    async with runtime.unit(ANA) as unit:
        account = global_id("Account", (await builders.customer(unit)).account)
    executed = Executed(runtime.database)

    async def change() -> list[Any]:
        executed.statements.clear()
        for status in ("INACTIVE", "ACTIVE"):
            values = {"accountId": account, "status": status}
            kind = "ChangeAccountStatusInput"
            answer = await ask.change("changeAccountStatus", kind, "impact { accounts }", **values)
            assert answer == {"impact": {"accounts": 1}, "errors": []}
        values = {"accountId": account, "amount": "-1", "reason": "Late"}
        answer = await ask.change("adjust", "AdjustInput", "event { amount { amount } }", **values)
        assert answer["errors"] == []
        return list(executed.statements)

    first = await change()
    again = await change()
    assert len(first) == len(again) > 15
    assert [second is earlier for earlier, second in zip(first, again, strict=True)] == [
        True for _ in first
    ]
