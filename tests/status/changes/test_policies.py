"""Rules 9 where they are asked: before a change of status by hand or by a deferred action."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tenure.accounts.models import Account, Rank
from tenure.assets.models import Service
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.policies import Amendment, Entity, Refusal, StatusChange, policy
from tenure.policies.queries import with_plugins
from tenure.settings.actions import update_settings
from tenure.status.cascades.rules import Kind
from tenure.status.changes.actions import change_status
from tenure.status.preparation import actions
from tests.builders import (
    Customer,
    account,
    customer,
    run_job,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import account_state, action, events, refused, row, service_state
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import sent_statements

LATER = NOON + timedelta(hours=1)


class Rules:
    """A plug-in that does what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Entity, StatusChange]] = []
        self.answer: Any = lambda *_: None

    @policy
    def prepare_status_change(self, entity: Entity, change: StatusChange) -> Amendment | None:
        """Called by lifecycle."""
        self.asked.append((entity, change))
        return self.answer(entity, change)  # type: ignore[no-any-return]


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    """The plug-in, installed."""
    found = Rules()
    policies = with_plugins(found)
    monkeypatch.setattr(actions, "installed", lambda: policies)
    return found


@pytest.fixture
async def carla(runtime: Runtime) -> Customer:
    """A customer with one of each."""
    async with runtime.unit(ANA) as unit:
        return await customer(unit)


async def test_what_is_asked_for_is_asked(runtime: Runtime, carla: Customer, rules: Rules) -> None:
    """Account, service and offer, with their facts; what follows in a cascade is not asked for."""
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.INACTIVE, reason="why")
        await set_service(unit, carla.service, Status.INACTIVE, note="how")
        await set_account(unit, carla.account, Status.CLOSED)
    recorded = [
        (entity.kind, entity.name, entity.status, entity.login, change.to)
        for entity, change in rules.asked
    ]
    assert recorded == [
        ("offer", "Flat", Status.ACTIVE, None, Status.INACTIVE),
        ("service", "Internet", Status.ACTIVE, "carla", Status.INACTIVE),
        ("account", "Carla", Status.ACTIVE, None, Status.CLOSED),
    ]
    assert [(change.reason, change.note) for _, change in rules.asked] == [
        ("why", None),
        (None, "how"),
        (None, None),
    ]
    assert {(change.actor, change.effective_at, change.deferred) for _, change in rules.asked} == {
        (ANA.name, NOON, False)
    }
    assert rules.asked[1][0].account.status is Status.ACTIVE


async def test_what_changes_nothing_is_not_asked(
    runtime: Runtime, carla: Customer, rules: Rules
) -> None:
    """The status that it has already; and what the rules refuse themselves."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
        await set_account(unit, carla.account, Status.CLOSED)
        rules.asked.clear()
        await set_account(unit, carla.account, Status.CLOSED)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"), runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    assert rules.asked == []


@pytest.mark.parametrize("fault", [Refusal("Not on Sundays."), ValueError("Not on Sundays.")])
async def test_refusal_by_hand(
    runtime: Runtime, carla: Customer, rules: Rules, fault: Exception
) -> None:
    """NOT_ALLOWED with its message; nothing half done, also not the login of a service that is
    reopened.
    """

    def refuse(entity: Entity, change: StatusChange) -> None:
        raise fault

    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.CLOSED)
    rules.answer = refuse
    for operation, target, to in (
        (set_account, carla.account, Status.INACTIVE),
        (set_service, carla.service, Status.ACTIVE),
        (set_offer, carla.account_offer, Status.CLOSED),
    ):
        async with (
            refused(runtime, ErrorCode.NOT_ALLOWED, "status") as error,
            runtime.unit(ANA) as unit,
        ):
            await operation(unit, target, to)
        assert error.value.message == "Not on Sundays."


async def test_refusal_of_a_deferred_action(runtime: Runtime, rules: Rules) -> None:
    """It fails with the message, and alone: the others of its set are done."""
    rules.answer = _refuse_platinum
    async with runtime.unit(ANA) as unit:
        ids = [await account(unit, rank=rank) for rank in (Rank.GOLD, Rank.PLATINUM, None)]
        made = [await set_account(unit, it, Status.CLOSED, defer_until=LATER) for it in ids]
    assert rules.asked == []
    await set_clock(runtime, LATER)
    await run_job(runtime)
    found = [await action(runtime, it.deferred_action_id) for it in made]
    assert [(it.status, it.failure) for it in found] == [
        (DeferredStatus.DONE, None),
        (DeferredStatus.FAILED, "Ask their manager."),
        (DeferredStatus.DONE, None),
    ]
    assert [(await row(runtime, Account, it)).status for it in ids] == [
        Status.CLOSED,
        Status.ACTIVE,
        Status.CLOSED,
    ]
    assert [(change.deferred, entity.account.rank) for entity, change in rules.asked] == [
        (True, "GOLD"),
        (True, "PLATINUM"),
        (True, None),
    ]


def _refuse_platinum(entity: Entity, change: StatusChange) -> None:
    if entity.account.rank == "PLATINUM":
        raise Refusal("Ask their manager.")


async def test_reason_and_note_are_amended(runtime: Runtime, rules: Rules) -> None:
    """Of each entity of a set on its own; None leaves what the caller said."""
    rules.answer = lambda entity, _: Amendment(reason=f"of {entity.account.name}", note=None)
    async with runtime.unit(ANA) as unit:
        ids = [await account(unit, name) for name in ("Carla", "Mika", "Carla")]
    async with runtime.unit(ANA) as unit:
        done = await change_status(
            unit,
            Kind.ACCOUNT,
            ids,
            Status.INACTIVE,
            reason="mine",
            notes=dict.fromkeys(ids, "kept"),
        )
    assert (len(done.change_ids), done.refused) == (2, {})
    recorded = {it.account_id: (it.reason, it.details) for it in await events(runtime)}
    names = dict(zip(ids, ("Carla", "Mika", "Carla"), strict=True))
    assert recorded == {it: (f"of {name}", {"note": "kept"}) for it, name in names.items()}


@pytest.mark.parametrize("prefix", [None, "#CLOSED#"])
async def test_login_of_a_service_that_is_closed(
    runtime: Runtime, carla: Customer, rules: Rules, prefix: str | None
) -> None:
    """Put in the place of its own, before any prefix; its own is free, and had back when it is
    reopened.
    """
    rules.answer = lambda entity, change: (
        Amendment(login=f"gone-{entity.login}") if change.to is Status.CLOSED else None
    )
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, closed_login_prefix=prefix)
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.CLOSED)
    closed = await row(runtime, Service, carla.service)
    assert (closed.login, closed.login_key) == ("gone-carla", "gone-carla")
    assert (closed.former_login, closed.former_login_key) == ("carla", "carla")
    async with runtime.unit(ANA) as unit:
        other = await service(unit, carla.account, "carla")
        await set_service(unit, other, Status.INACTIVE)
    async with refused(runtime, ErrorCode.TAKEN, "login"), runtime.unit(ANA) as unit:
        await set_service(unit, other, Status.CLOSED)
    async with refused(runtime, ErrorCode.TAKEN, "login"), runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    rules.answer = lambda entity, _: Amendment(login=f"{entity.login}-2")
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    opened = await row(runtime, Service, carla.service)
    assert (opened.login, opened.login_key, opened.former_login) == ("carla-2", "carla-2", None)
    assert rules.asked[-1][0].login == "carla"


async def test_two_of_a_set_cannot_be_given_one_login(
    runtime: Runtime, carla: Customer, rules: Rules
) -> None:
    """The second is refused; the first is closed under it. One that has no login keeps none."""
    rules.answer = lambda entity, _: Amendment(login="gone" if entity.login else "nobody's")
    async with runtime.unit(ANA) as unit:
        second, without = (
            await service(unit, carla.account, "second"),
            await service(unit, carla.account),
        )
        done = await change_status(
            unit, Kind.SERVICE, [carla.service, second, without], Status.CLOSED
        )
    assert {it: refusal.code for it, refusal in done.refused.items()} == {second: ErrorCode.TAKEN}
    assert (await row(runtime, Service, carla.service)).login == "gone"
    assert (await row(runtime, Service, second)).login == "second"
    assert (await row(runtime, Service, without)).login is None
    assert await service_state(runtime, second) == "ACTIVE"


@pytest.mark.parametrize("kind", ["account", "service"])
async def test_login_where_none_can_be_given(
    runtime: Runtime, carla: Customer, rules: Rules, kind: str
) -> None:
    """A mistake of a plug-in is reported as one."""
    rules.answer = lambda *_: Amendment(login="x")
    operation, target = {
        "account": (set_account, carla.account),
        "service": (set_service, carla.service),
    }[kind]
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "status") as error,
        runtime.unit(ANA) as unit,
    ):
        await operation(unit, target, Status.INACTIVE)
    assert "A plug-in set a login" in error.value.message


async def test_words_of_a_plugin_are_checked(
    runtime: Runtime, carla: Customer, rules: Rules
) -> None:
    """As a person's are."""
    rules.answer = lambda *_: Amendment(reason="x" * 100_000)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "reason"), runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    assert await account_state(runtime, carla.account) == "ACTIVE"


async def test_plugin_without_this_hook_costs_nothing(
    runtime: Runtime, carla: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even its facts are read; with it, one statement more for the whole set."""
    sent: list[int] = []
    asked = Rules()
    for policies in (with_plugins(), with_plugins(SimpleNamespace()), with_plugins(asked)):
        monkeypatch.setattr(actions, "installed", lambda policies=policies: policies)
        async with runtime.unit(ANA) as unit:
            ids = [await account(unit) for _ in range(3)]
        async with runtime.unit(ANA) as unit:
            with sent_statements(runtime.database) as statements:
                await change_status(unit, Kind.ACCOUNT, ids, Status.INACTIVE)
            sent.append(len(statements))
    assert sent == [sent[0], sent[0], sent[0] + 1]
    assert len(asked.asked) == 3
