"""Actions that differ only in their note are changed as one set; each event has its own note."""

from datetime import timedelta

import pytest

from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests.builders import (
    account,
    catalog_offer,
    paid_unit,
    purchased_offer,
    run_job,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import events
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import sent_statements

LATER = NOON + timedelta(days=1)
SCHEDULE = {"account": set_account, "service": set_service, "offer": set_offer}
FEW, MANY = 2, 8


async def schedule_with_notes(runtime: Runtime, kind: str, count: int) -> dict[int, str | None]:
    """Schedules `count` inactivations, the first without a note. Returns the notes by account."""
    notes: dict[int, str | None] = {}
    async with runtime.unit(ANA) as unit:
        if kind == "offer":
            code = await catalog_offer(unit, f"flat-{count}")
        for place in range(count):
            owner = await account(unit, f"Owner {place}")
            targets = {"account": owner}
            if kind == "service":
                targets[kind] = await service(unit, owner)
            elif kind == "offer":
                targets[kind] = await purchased_offer(unit, owner, code=code)
            notes[owner] = f"Note “{place}”" if place else None
            await SCHEDULE[kind](
                unit, targets[kind], Status.INACTIVE, defer_until=LATER, note=notes[owner]
            )
    await set_clock(runtime, LATER)
    return notes


async def written_notes(runtime: Runtime) -> dict[int, object]:
    """The note of each status change, by account."""
    return {it.account_id: (it.details or {}).get("note") for it in await events(runtime)}


@pytest.mark.parametrize("kind", SCHEDULE)
async def test_each_event_has_its_own_note(runtime: Runtime, kind: str) -> None:
    """Rules 4.9: the note of the action, or none, for every kind of entity."""
    notes = await schedule_with_notes(runtime, kind, MANY)
    await run_job(runtime)
    assert await written_notes(runtime) == notes


async def test_followers_have_no_note(runtime: Runtime) -> None:
    """Rules 2.6: the note belongs to the target, not to an account that it pays for."""
    notes = await schedule_with_notes(runtime, "account", FEW)
    async with runtime.unit(ANA) as unit:
        paid = await account(unit, "Paid")
        await paid_unit(unit, paid, max(notes))
    await run_job(runtime)
    assert await written_notes(runtime) == notes | {paid: None}


@pytest.mark.parametrize("kind", SCHEDULE)
async def test_statements_do_not_grow_with_notes(runtime: Runtime, kind: str) -> None:
    """Rules 4.5: any number of notes is one set, inactivated and reactivated."""
    counts = []
    for place, count in enumerate((FEW, MANY)):
        await set_clock(runtime, NOON)
        await schedule_with_notes(runtime, kind, count)
        with sent_statements(runtime.database) as sent:
            await run_job(runtime)
        counts.append(len(sent))
        assert len(await events(runtime)) == (FEW, FEW + MANY)[place]
    assert counts[0] == counts[1]


async def test_statements_of_returns_do_not_grow_with_notes(runtime: Runtime) -> None:
    """Rules 4.11: reactivations with different notes lift their holds with one cascade."""
    counts = []
    for day, count in enumerate((FEW, MANY)):
        begin = NOON + timedelta(days=2 * day)
        await set_clock(runtime, begin)
        async with runtime.unit(ANA) as unit:
            for place in range(count):
                owner = await account(unit, f"Owner {place}")
                back = begin + timedelta(days=1)
                note = f"Note {day} {place}"
                await set_account(unit, owner, Status.INACTIVE, note=note, reactivate_on=back)
        await set_clock(runtime, begin + timedelta(days=1))
        with sent_statements(runtime.database) as sent:
            await run_job(runtime)
        counts.append(len(sent))
    returned = [it for it in await events(runtime) if it.to_status is Status.ACTIVE]
    assert [it.details for it in returned] == [
        {"note": f"Note {day} {place}"}
        for day, count in enumerate((FEW, MANY))
        for place in range(count)
    ]
    assert counts[0] == counts[1]
