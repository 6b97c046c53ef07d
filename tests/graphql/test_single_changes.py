"""Statements of single changes: they are built once, unnecessary ones are not sent."""

from typing import Any
from weakref import WeakKeyDictionary

import pytest

from tenure.kernel import statements
from tenure.kernel.statements import CompiledStatement
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id, sent_statements


async def test_statements_are_built_once(
    ask: Caller, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 2.8 and 8.4: a status change, back again, an adjustment, an update, a deferred one."""
    async with runtime.unit(ANA) as unit:
        account = global_id("Account", (await builders.customer(unit)).account)
    compiled: list[str] = []
    compile_statement = CompiledStatement.of

    def of(statement: Any, **options: Any) -> CompiledStatement:
        compiled.append(str(statement))
        return compile_statement(statement, **options)

    monkeypatch.setattr(CompiledStatement, "of", of)
    # Without what earlier tests of this process have compiled.
    monkeypatch.setattr(statements, "_kept", WeakKeyDictionary())

    async def change(field: str, kind: str, payload: str, **values: Any) -> None:
        answer = await ask.change(field, kind, payload, accountId=account, **values)
        assert answer["errors"] == []

    async def change_all(phone: str) -> None:
        status = ("changeAccountStatus", "ChangeAccountStatusInput", "impact { accounts }")
        for to in ("INACTIVE", "ACTIVE"):
            await change(*status, status=to)
        await change(*status, status="INACTIVE", deferUntil="2030-01-01T00:00:00Z")
        await change("adjust", "AdjustInput", "event { id }", amount="-1", reason="Late")
        await change("updateAccount", "UpdateAccountInput", "account { id }", phone=phone)

    await change_all("+351 210 000 000")
    assert len(compiled) > 20
    compiled.clear()
    await change_all("+351 210 000 001")
    assert compiled == []


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
