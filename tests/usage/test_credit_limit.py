"""Rules 7.5 and 9: reaching the credit limit changes no status, unless a plug-in decides so."""

from decimal import Decimal

import pytest

from tenure.events.models import EventKind
from tenure.holds.models import Cause, Status
from tenure.kernel.unit import Runtime
from tenure.policies import AccountFacts, Hold, LimitEvent, Refusal, policy
from tenure.policies.queries import with_plugins
from tenure.usage.recording import actions
from tenure.usage.recording.actions import record_usage
from tests.builders import catalog_offer, purchased_offer
from tests.checks import account_state, default_bill_unit, events, service_state
from tests.conftest import ANA, NOON
from tests.graphql.caller import sent_statements
from tests.usage.conftest import User, discount, line, record, user


class Bank:
    """A plug-in that decides by the name of the account and records its calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[AccountFacts, LimitEvent]] = []

    @policy
    def credit_limit_reached(self, account: AccountFacts, event: LimitEvent) -> Hold | None:
        """Called by usage."""
        self.calls.append((account, event))
        if account.name == "Refused":
            raise Refusal("Not beyond the limit.")
        effects = {"Held": Status.INACTIVE, "Closed": Status.CLOSED}
        return Hold(effects[account.name]) if account.name in effects else None


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The plug-in, installed."""
    made = Bank()
    policies = with_plugins(made)
    monkeypatch.setattr(actions, "installed", lambda: policies)
    return made


@pytest.fixture
async def limited(runtime: Runtime) -> User:
    """A customer with a credit limit of 1.00 whose usage costs 0.05 per megabyte."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "data", usage_rate=Decimal("0.05"), usage_unit="MB")
        return await user(unit, "held", credit_limit=Decimal(1))


async def test_by_default_nothing_happens_and_nothing_is_read(
    runtime: Runtime, limited: User, bank: Bank
) -> None:
    """Rules 7.5."""
    sent: list[int] = []
    for reference, policies in (("r-1", with_plugins()), ("r-2", with_plugins(bank))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(actions, "installed", lambda policies=policies: policies)
            async with runtime.unit(ANA) as unit:
                with sent_statements(runtime.database) as statements:
                    await record_usage(unit, [line(reference, "19", login="held")])
        sent.append(len(statements))
    assert sent[0] < sent[1]
    assert await account_state(runtime, limited.account) == "INACTIVE (INACTIVE DEBT)"
    assert len(bank.calls) == 1


async def test_hold_when_the_limit_is_reached(runtime: Runtime, limited: User, bank: Bank) -> None:
    """Called once, by the line that reaches the limit; the DEBT hold cascades (2.3, 2.8)."""
    await record(runtime, line("r-1", "19", login="held"))
    assert bank.calls == []
    await record(runtime, *(line(f"s-{number}", "1", login="held") for number in range(3)))
    [(account, event)] = bank.calls
    assert (account.name, account.credit_limit, account.status) == ("Held", 1, Status.ACTIVE)
    assert event == LimitEvent("USAGE", Decimal("0.05"), Decimal("1.00"), Decimal(1), "USD", NOON)
    assert (await default_bill_unit(runtime, limited.account)).balance == Decimal("1.10")
    assert await account_state(runtime, limited.account) == "INACTIVE (INACTIVE DEBT)"
    assert await service_state(runtime, limited.service) == "INACTIVE (INACTIVE ACCOUNT)"
    first = (await events(runtime))[0]
    assert (first.account_id, first.cause, first.reason) == (
        limited.account,
        Cause.DEBT,
        "Credit limit reached",
    )


async def test_discounts_count(runtime: Runtime, limited: User, bank: Bank) -> None:
    """Discounts reduce the amount that counts."""
    async with runtime.unit(ANA) as unit:
        await purchased_offer(unit, limited.account, code=await discount(unit, "half", "50"))
    await record(runtime, line("r-1", "30", login="held"))
    assert bank.calls == []
    await record(runtime, line("r-2", "10", login="held"))
    [(_, event)] = bank.calls
    assert (event.amount, event.balance) == (Decimal("0.50"), Decimal("1.00"))


async def test_refusal_refuses_the_line_alone(runtime: Runtime, limited: User, bank: Bank) -> None:
    """Rules 9: NOT_ALLOWED with its message for that line only; smaller lines still fit."""
    async with runtime.unit(ANA) as unit:
        await user(unit, "refused", credit_limit=Decimal(1))
    lines = [
        line("r-1", "20", login="refused"),
        line("r-2", "19", login="refused"),
        line("r-3", "1", login="refused"),
    ]
    answers = await record(runtime, *lines, line("r-4", "20", login="held"))
    assert answers[0] == "NOT_ALLOWED 0 credit_limit"
    assert answers[2] == "NOT_ALLOWED 2 credit_limit"
    assert [it.id for it in await events(runtime, EventKind.USAGE)] == [answers[1], answers[3]]


async def test_each_as_the_plugin_says(runtime: Runtime, limited: User, bank: Bank) -> None:
    """In one list: inactivated, closed, unchanged, and without a limit, so not called."""
    async with runtime.unit(ANA) as unit:
        closed = await user(unit, "closed", credit_limit=Decimal(1))
        left = await user(unit, "left", credit_limit=Decimal(0))
        free = await user(unit, "free")
    await record(
        runtime, *(line(name, "20", login=name) for name in ("held", "closed", "left", "free"))
    )
    stands = [await account_state(runtime, it.account) for it in (limited, closed, left, free)]
    assert stands == ["INACTIVE (INACTIVE DEBT)", "CLOSED (CLOSED DEBT)", "ACTIVE", "ACTIVE"]
    assert [account.name for account, _ in bank.calls] == ["Held", "Closed"]
