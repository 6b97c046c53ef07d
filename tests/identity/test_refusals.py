"""Audit entries of refused sign-ins: which there are, and that attackers cannot add many."""

from datetime import timedelta

import pytest

from tenure.identity.actions import create_user
from tenure.identity.attempts import actions
from tenure.identity.attempts.actions import record_refusal
from tenure.kernel.actor import SYSTEM, Role
from tenure.kernel.clock import real_now
from tenure.kernel.unit import Runtime
from tests.checks import audited
from tests.conftest import ANA

BEN = "ben@example.com"


async def refuse(runtime: Runtime, email: str, address: str = "10.0.0.7", times: int = 1) -> None:
    for _ in range(times):
        async with runtime.unit(SYSTEM) as unit:
            await record_refusal(unit, email=email, address=address)


async def refusals(runtime: Runtime) -> list[str]:
    """The summaries of the entries of refused sign-ins."""
    found = await audited(runtime)
    refused = [entry for entry in found if entry[1] == "SIGN_IN_REFUSED"]
    assert all((actor, details) == ("tenure", None) for actor, _, _, details in refused)
    return [summary for _, _, summary, _ in refused]


async def test_the_first_and_the_last_refusal_are_recorded(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one address and user in five minutes; then again."""
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email=BEN, role=Role.AGENT)
    await refuse(runtime, BEN.upper(), times=12)
    first, last = (
        f"Refused a sign-in as {BEN} from 10.0.0.7.",
        f"Refused 10 sign-ins in five minutes as {BEN} from 10.0.0.7.",
    )
    assert await refusals(runtime) == [first, last]
    await refuse(runtime, BEN, "2001:db8:1:2::1", times=2)
    by_network = f"Refused a sign-in as {BEN} from 2001:db8:1:2::/64."
    assert await refusals(runtime) == [first, last, by_network]
    monkeypatch.setattr(actions, "real_now", lambda: real_now() + timedelta(seconds=301))
    await refuse(runtime, BEN)
    assert await refusals(runtime) == [first, last, by_network, first]


async def test_what_is_no_users_address_is_shortened(runtime: Runtime) -> None:
    """It may be a password, typed into the wrong field."""
    for place, email in enumerate(
        ("Nobody@example.org", "correct horse battery", "a\x00\ud800@b\n", "")
    ):
        await refuse(runtime, email, f"10.0.0.{place}")
    assert await refusals(runtime) == [
        "Refused a sign-in as no…@example.org from 10.0.0.0.",
        "Refused a sign-in as co… from 10.0.0.1.",
        "Refused a sign-in as a\\x00…@b from 10.0.0.2.",
        "Refused a sign-in as … from 10.0.0.3.",
    ]


async def test_attackers_cannot_fill_the_log(runtime: Runtime) -> None:
    """All unknown users are one: neither many addresses nor many e-mails add more entries."""
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email=BEN, role=Role.AGENT)
    for place in range(30):
        await refuse(runtime, f"{place}@example.org")
    assert len(await refusals(runtime)) == 2
    for place in range(30):
        await refuse(runtime, f"{place}@example.org", f"10.0.1.{place}")
    assert len(await refusals(runtime)) == 20
    # Entries of a user do not depend on them.
    await refuse(runtime, BEN)
    assert (await refusals(runtime))[20:] == [f"Refused a sign-in as {BEN} from 10.0.0.7."]
