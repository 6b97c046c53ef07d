"""Rules 4.3: deferred actions are run, rescheduled and cancelled as sets, each as if alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tenure.accounts.models import Account
from tenure.batch import change_actions, run_by_ids
from tenure.batch.bulk import ChangeActions
from tenure.deferred.actions import cancel, cancel_all, reschedule_all
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.deferred.rules import ActionResult
from tenure.events.models import Event
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tests.builders import (
    account,
    child,
    customer,
    scheduled_move,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import VIC, action, forbidden, rows
from tests.conftest import ANA, NOON
from tests.graphql.caller import Caller, global_id, sent_statements

LATER = NOON + timedelta(days=1)
AFTERWARDS = LATER + timedelta(days=1)
UNKNOWN = 987654321
PENDING, DONE, CANCELLED = DeferredStatus.PENDING, DeferredStatus.DONE, DeferredStatus.CANCELLED
ACTIVE, INACTIVE, CLOSED = Status.ACTIVE, Status.INACTIVE, Status.CLOSED

RESCHEDULE = partial(reschedule_all, scheduled_for=LATER + timedelta(days=9))
CHANGES: Mapping[str, ChangeActions] = {
    "run": run_by_ids,
    "reschedule": RESCHEDULE,
    "cancel": cancel_all,
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """Accounts by id, with a name each, and the ids of a request."""

    accounts: Mapping[int, str]
    action_ids: Sequence[int]


async def scenario(runtime: Runtime, login: str) -> Scenario:
    """Every kind of action and every error, in one list."""
    async with runtime.unit(ANA) as unit:
        plain, ordered, pair, backwards, closed, mover, target = [
            await account(unit, f"Account {place}") for place in range(7)
        ]
        payer = await account(unit, "Payer")
        paid = await child(unit, payer, "Paid")
        carla = await customer(unit, login=login)
    due = {"defer_until": LATER}
    async with runtime.unit(ANA) as unit:
        first = await _scheduled(set_account, unit, plain, INACTIVE, note="one", **due)
        second = await _scheduled(set_account, unit, ordered, INACTIVE, reason="why", **due)
        third = await _scheduled(set_account, unit, ordered, CLOSED, note="two", **due)
        away = await set_account(unit, pair, INACTIVE, reactivate_on=AFTERWARDS, **due)
        other = await set_account(unit, backwards, INACTIVE, reactivate_on=AFTERWARDS, **due)
        late = await _scheduled(set_account, unit, closed, INACTIVE, **due)
        of_service = await _scheduled(set_service, unit, carla.service, INACTIVE, **due)
        of_offer = await _scheduled(set_offer, unit, carla.account_offer, CLOSED, **due)
        withdrawn = await _scheduled(set_account, unit, plain, CLOSED, **due)
        await set_account(unit, paid, INACTIVE)
        failing = await _scheduled(set_account, unit, paid, ACTIVE, **due)
        move = await scheduled_move(
            unit, mover, parent_id=target, parent_pays=True, note="move", defer_until=LATER
        )
        above = await _scheduled(set_account, unit, target, INACTIVE, note="three", **due)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, closed, CLOSED)
        await set_account(unit, payer, INACTIVE)
        await cancel(unit, withdrawn)
    ids = [
        *(first, UNKNOWN, second, third, away.deferred_action_id, away.reactivation_id),
        *(failing, late, of_service, of_offer, move, above, first, failing, withdrawn),
        *(other.reactivation_id, other.deferred_action_id, other.reactivation_id),
    ]
    names = {it.id: it.name for it in await rows(runtime, Account)}
    owners = [plain, ordered, pair, backwards, closed, mover, target, payer, paid, carla.account]
    return Scenario({it: names[it] for it in owners}, [it or 0 for it in ids])


async def _scheduled(change: Any, unit: Unit, target: int, to: Status, **more: Any) -> int:
    outcome = await change(unit, target, to, **more)
    assert outcome.deferred_action_id is not None
    return int(outcome.deferred_action_id)


async def outcome_of(
    runtime: Runtime, made: Scenario, results: Sequence[ActionResult]
) -> dict[str, list[Any]]:
    """Results, actions and events of a scenario; ids and numbers are replaced by names."""
    numbers = {it.number: made.accounts.get(it.id, "") for it in await rows(runtime, Account)}

    def named(text: str | None) -> str | None:
        for number, name in sorted(numbers.items(), reverse=True):
            text = text and text.replace(number, f"<{name}>")
        return text

    places = {action_id: place for place, action_id in enumerate(made.action_ids)}
    errors = [(it.error.code, named(it.error.message)) if it.error else None for it in results]
    actions = [
        (it.status, it.scheduled_for, it.attempts, it.version, named(it.failure), it.executed_at)
        for it in await rows(runtime, DeferredAction)
        if it.account_id in made.accounts
    ]
    events: dict[str, list[Any]] = {name: [] for name in made.accounts.values()}
    for event in await rows(runtime, Event):
        if event.account_id in made.accounts:
            details = dict(event.details or {})
            if "deferredAction" in details:
                details["deferredAction"] = places[details["deferredAction"]]
            if "toParent" in details:
                details["toParent"] = made.accounts[details["toParent"]]
            causes = (event.cause, event.from_status, event.to_status, event.amount)
            recorded = (event.kind, named(event.description), event.reason, event.actor)
            events[made.accounts[event.account_id]].append(
                (*recorded, *causes, named(str(details)))
            )
    return {"errors": errors, "actions": actions, **events}


async def check_outcome(
    runtime: Runtime,
    made: Scenario,
    results: Sequence[ActionResult],
    expected: Mapping[str, Sequence[object]],
) -> None:
    """Checks the outcome of a scenario, part by part."""
    for part, found in (await outcome_of(runtime, made, results)).items():
        assert found == expected[part], part


@pytest.mark.parametrize("change", CHANGES)
async def test_a_set_is_as_if_one_by_one(runtime: Runtime, change: str) -> None:
    """Rules 4.3, 4.5, 4.7, 4.8, 4.11: same results, errors, actions and events for each id."""
    alone = await scenario(runtime, "alone")
    results: list[ActionResult] = []
    also_changed: set[int] = set()
    for action_id in alone.action_ids:
        if action_id in also_changed:
            results.append(ActionResult(action_id))
            continue
        results += await change_actions(runtime, ANA, [action_id], CHANGES[change])
        also_changed.update(results[-1].also_changed)
    expected = await outcome_of(runtime, alone, results)
    together = await scenario(runtime, "together")
    results = await change_actions(runtime, ANA, together.action_ids, CHANGES[change])
    assert [it.action_id for it in results] == list(together.action_ids)
    await check_outcome(runtime, together, results, expected)


async def test_expected_results_of_a_run(runtime: Runtime) -> None:
    """Rules 4.3, 4.7, 4.8, 4.11: what each action of the scenario becomes."""
    made = await scenario(runtime, "run")
    results = await change_actions(runtime, ANA, made.action_ids, run_by_ids)
    found = [str(it.error.code) if it.error else "" for it in results]
    not_found, not_allowed = "NOT_FOUND", "NOT_ALLOWED"
    assert found == [
        *("", not_found, "", "", "", "", "", "", "", "", "", ""),
        *(not_allowed, "", not_allowed, not_allowed, "", ""),
    ]
    statuses = [(await action(runtime, it)).status for it in made.action_ids if it != UNKNOWN]
    failed, not_applicable = DeferredStatus.FAILED, DeferredStatus.NOT_APPLICABLE
    assert statuses == [
        *(DONE, DONE, DONE, DONE, DONE, failed, not_applicable, DONE, DONE, DONE, DONE),
        *(DONE, failed, CANCELLED, DONE, DONE, DONE),
    ]
    assert (await action(runtime, made.action_ids[6])).attempts == 2


async def test_without_permission(runtime: Runtime) -> None:
    """Rules 4.3: an agent is required; nothing is changed and nothing is tried one by one."""
    made = await scenario(runtime, "vic")
    for change in CHANGES.values():
        async with forbidden(runtime):
            await change_actions(runtime, VIC, made.action_ids, change)


async def four_actions(runtime: Runtime) -> list[int]:
    """Four accounts, each with a scheduled inactivation."""
    async with runtime.unit(ANA) as unit:
        return [
            await _scheduled(set_account, unit, await account(unit), INACTIVE, defer_until=LATER)
            for _ in range(4)
        ]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_set_that_fails_is_repeated_one_by_one(runtime: Runtime, change: str) -> None:
    """Rules 4.7: the set is undone, then each is changed alone, with the same results."""
    made = await scenario(runtime, "alone")
    expected = await outcome_of(
        runtime, made, await change_actions(runtime, ANA, made.action_ids, CHANGES[change])
    )

    async def fail_as_set(unit: Unit, action_ids: Sequence[int]) -> list[ActionResult]:
        results = await CHANGES[change](unit, action_ids)
        if len(action_ids) > 1:
            raise RuntimeError
        return results

    again = await scenario(runtime, "again")
    results = await change_actions(runtime, ANA, again.action_ids, fail_as_set)
    await check_outcome(runtime, again, results, expected)


async def test_the_faulty_one_is_raised(runtime: Runtime) -> None:
    """Rules 4.7: those before it are changed, those after it are not tried."""
    ids = await four_actions(runtime)

    async def fail_at_third(unit: Unit, action_ids: Sequence[int]) -> list[ActionResult]:
        results = await run_by_ids(unit, action_ids)
        if ids[2] in action_ids:
            raise RuntimeError
        return results

    with pytest.raises(RuntimeError):
        await change_actions(runtime, ANA, ids, fail_at_third)
    statuses = [(await action(runtime, it)).status for it in ids]
    assert statuses == [DONE, DONE, PENDING, PENDING]


async def test_an_error_of_the_unit_concerns_one(runtime: Runtime) -> None:
    """Rules 4.7: an error that a unit raises is the result of its action."""
    ids = await four_actions(runtime)

    async def refuse_second(unit: Unit, action_ids: Sequence[int]) -> list[ActionResult]:
        results = await cancel_all(unit, action_ids)
        if ids[1] in action_ids:
            raise TenureError(ErrorCode.TAKEN, "Somebody else has it.")
        return results

    results = await change_actions(runtime, ANA, ids, refuse_second)
    assert [it.error and it.error.code for it in results] == [None, ErrorCode.TAKEN, None, None]
    statuses = [(await action(runtime, it)).status for it in ids]
    assert statuses == [CANCELLED, PENDING, CANCELLED, CANCELLED]


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("runDeferredActions", {}),
        ("rescheduleDeferredActions", {"scheduledFor": "2026-12-01T00:00:00Z"}),
        ("cancelDeferredActions", {}),
    ],
)
async def test_statements_do_not_grow(runtime: Runtime, field: str, more: dict[str, str]) -> None:
    """Rules 4.3: accounts, services and offers with notes; the statements do not depend on them."""
    kind = f"{field[0].upper()}{field[1:]}Input" if more else "DeferredActionsInput"
    counts = []
    for count in (2, 9):
        ids: list[int] = []
        async with runtime.unit(ANA) as unit:
            for place in range(count):
                made = await customer(unit, login=f"login-{count}-{place}")
                due = {"defer_until": LATER, "note": f"Note {place}"}
                ids += [
                    await _scheduled(set_account, unit, await account(unit), INACTIVE, **due),
                    await _scheduled(set_service, unit, made.service, INACTIVE, **due),
                    await _scheduled(set_offer, unit, made.account_offer, INACTIVE, **due),
                ]
        given = {"ids": [global_id("DeferredAction", it) for it in ids], **more}
        ask = Caller(runtime, ANA)
        with sent_statements(runtime.database) as sent:
            answer = await ask.change(field, kind, "deferredActions { id }", **given)
        assert [it["id"] for it in answer["deferredActions"]] == given["ids"]
        counts.append(len(sent))
    assert counts[0] == counts[1]
