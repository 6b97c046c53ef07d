"""Rules 3.2 and 3.3: what closing does to a login, and reopening."""

import pytest

from tenure.assets.models import Service
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tenure.status.cascades.rules import Kind
from tenure.status.changes.actions import change_status
from tests.builders import account, service, set_account, set_service
from tests.checks import account_state, events, nothing_written, refused, row, service_state
from tests.conftest import ANA

PREFIX = "#CLOSED#"


@pytest.fixture
async def rewriting(runtime: Runtime) -> Runtime:
    """A runtime where closing rewrites logins."""
    await set_prefix(runtime, PREFIX)
    return runtime


async def set_prefix(runtime: Runtime, prefix: str | None) -> None:
    """What closing puts before logins in units that are opened from now on."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, closed_login_prefix=prefix)


async def login_of(runtime: Runtime, service_id: int) -> str | None:
    """The login as it is kept now."""
    return (await row(runtime, Service, service_id)).login


async def test_login_of_a_closed_service_stays_taken(runtime: Runtime) -> None:
    """Rules 3.2, without a prefix."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner, "carla")
        await set_service(unit, line, Status.CLOSED)
    assert await login_of(runtime, line) == "carla"
    async with refused(runtime, ErrorCode.TAKEN, "login"), runtime.unit(ANA) as unit:
        await service(unit, owner, "Carla")


async def test_closing_two_services_that_used_the_same_login_in_turn(rewriting: Runtime) -> None:
    """Rules 3.2: prefix, discriminator and login; the login is free again, as often as wanted."""
    logins = []
    async with rewriting.unit(ANA) as unit:
        owner = await account(unit)
    for _ in range(3):
        async with rewriting.unit(ANA) as unit:
            line = await service(unit, owner, "Carla")
            await set_service(unit, line, Status.CLOSED)
        logins.append(await login_of(rewriting, line))
    assert len(set(logins)) == 3
    assert all(
        login is not None and login.startswith(PREFIX) and login.endswith("Carla")
        for login in logins
    )


async def test_closing_the_account_rewrites_its_logins(rewriting: Runtime) -> None:
    """Rules 3.2: closing by whatever cause; a service without a login stays without."""
    async with rewriting.unit(ANA) as unit:
        owner = await account(unit)
        line, bare = await service(unit, owner, "carla"), await service(unit, owner)
        await set_account(unit, owner, Status.CLOSED)
    rewritten = await login_of(rewriting, line)
    assert rewritten is not None
    assert rewritten.startswith(PREFIX)
    assert await login_of(rewriting, bare) is None
    async with rewriting.unit(ANA) as unit:
        await set_account(unit, owner, Status.ACTIVE)
    assert await login_of(rewriting, line) == "carla"
    assert await login_of(rewriting, bare) is None
    assert await service_state(rewriting, bare) == "ACTIVE"


async def test_inactive_service_keeps_its_login(rewriting: Runtime) -> None:
    """Rules 3.2: only closing rewrites."""
    async with rewriting.unit(ANA) as unit:
        line = await service(unit, await account(unit), "carla")
        await set_service(unit, line, Status.INACTIVE)
    assert await login_of(rewriting, line) == "carla"


async def test_longest_login_can_be_closed(runtime: Runtime) -> None:
    """Rules 3.1 and 3.2: 255 characters and the longest prefix, to and fro."""
    longest = "ß" * 255
    await set_prefix(runtime, "#" * 64)
    async with runtime.unit(ANA) as unit:
        line = await service(unit, await account(unit), longest)
        await set_service(unit, line, Status.CLOSED)
        await set_service(unit, line, Status.ACTIVE)
    assert await login_of(runtime, line) == longest


@pytest.mark.parametrize("prefix_at_reopening", [PREFIX, None, "#GONE#"])
async def test_reopening_gives_the_login_back(
    rewriting: Runtime, prefix_at_reopening: str | None
) -> None:
    """Rules 3.3: where it is free, whatever the setting has become meanwhile; and it is taken
    again.
    """
    async with rewriting.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner, "Carla")
        await set_service(unit, line, Status.CLOSED)
    await set_prefix(rewriting, prefix_at_reopening)
    async with rewriting.unit(ANA) as unit:
        await set_service(unit, line, Status.ACTIVE)
    assert await login_of(rewriting, line) == "Carla"
    async with refused(rewriting, ErrorCode.TAKEN, "login"), rewriting.unit(ANA) as unit:
        await service(unit, owner, "carla")


async def test_reopening_when_the_login_was_taken_since(rewriting: Runtime) -> None:
    """Rules 3.3: TAKEN, unless the change brings a new login, which has to be free too."""
    async with rewriting.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner, "carla")
        await set_service(unit, line, Status.CLOSED)
        await service(unit, owner, "CARLA")
        await service(unit, owner, "carlos")
    async with refused(rewriting, ErrorCode.TAKEN, "login"), rewriting.unit(ANA) as unit:
        await set_service(unit, line, Status.ACTIVE)
    async with refused(rewriting, ErrorCode.TAKEN, "login"), rewriting.unit(ANA) as unit:
        await set_service(unit, line, Status.ACTIVE, login="Carlos")
    async with rewriting.unit(ANA) as unit:
        await set_service(unit, line, Status.ACTIVE, login="carla2")
    assert await login_of(rewriting, line) == "carla2"
    assert await service_state(rewriting, line) == "ACTIVE"


async def test_login_of_another_kind_does_not_matter(rewriting: Runtime) -> None:
    """Rules 3.1 and 3.3: unique within its kind."""
    async with rewriting.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner, "carla", kind="internet")
        await set_service(unit, line, Status.CLOSED)
        await service(unit, owner, "carla", kind="tv")
        await set_service(unit, line, Status.ACTIVE)
    assert await login_of(rewriting, line) == "carla"


async def test_reopened_account_leaves_the_service_closed_whose_login_is_lost(
    rewriting: Runtime,
) -> None:
    """Rules 3.3: the others are reopened; this hold becomes MANUAL and its event has the reason."""
    async with rewriting.unit(ANA) as unit:
        owner, other = await account(unit), await account(unit, "Other")
        lost, kept = await service(unit, owner, "lost"), await service(unit, owner, "kept")
        await set_account(unit, owner, Status.CLOSED)
        await service(unit, other, "Lost")
        await set_account(unit, owner, Status.ACTIVE)
    assert await service_state(rewriting, kept) == "ACTIVE"
    assert await login_of(rewriting, kept) == "kept"
    assert await service_state(rewriting, lost) == "CLOSED (CLOSED MANUAL)"
    closing, staying = await events(rewriting, service_id=lost)
    assert (staying.from_status, staying.to_status) == (Status.CLOSED, Status.CLOSED)
    assert "login has been taken since" in staying.description
    async with rewriting.unit(ANA) as unit:
        await set_service(unit, lost, Status.ACTIVE, login="found")
    assert await service_state(rewriting, lost) == "ACTIVE"
    assert closing.to_status == Status.CLOSED


async def test_service_closed_by_hand_before_does_not_speak_of_a_lost_login(
    runtime: Runtime,
) -> None:
    """Rules 2.8 and 3.3: it stays closed because somebody closed it; its login was never taken."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner, "carla")
        await set_service(unit, line, Status.CLOSED)
        await set_account(unit, owner, Status.CLOSED)
        await set_account(unit, owner, Status.ACTIVE)
    assert [event.to_status for event in await events(runtime, service_id=line)] == [
        Status.CLOSED
    ] * 3
    assert "login" not in " ".join(
        [event.description for event in await events(runtime, service_id=line)]
    )


async def test_two_that_used_the_same_login_in_turn_are_reopened_at_once(
    rewriting: Runtime,
) -> None:
    """Rules 3.3, reading: of two that come back in one change and want the same login, the elder
    service gets it.
    """
    async with rewriting.unit(ANA) as unit:
        one, two = await account(unit, "One"), await account(unit, "Two")
        elder = await service(unit, one, "same")
        await set_account(unit, one, Status.CLOSED)
        younger = await service(unit, two, "same")
        await set_account(unit, two, Status.CLOSED)
        done = await change_status(unit, Kind.ACCOUNT, [one, two], Status.ACTIVE)
    assert done.refused == {}
    assert await service_state(rewriting, elder) == "ACTIVE"
    assert await login_of(rewriting, elder) == "same"
    assert await service_state(rewriting, younger) == "CLOSED (CLOSED MANUAL)"
    assert await account_state(rewriting, two) == "ACTIVE"


@pytest.mark.parametrize("to", [Status.INACTIVE, Status.CLOSED])
async def test_new_login_goes_with_reopening_only(runtime: Runtime, to: Status) -> None:
    """Rules 3.3: INVALID otherwise."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, await account(unit), "carla")
    async with refused(runtime, ErrorCode.INVALID, "login"), runtime.unit(ANA) as unit:
        await set_service(unit, line, to, login="another")


async def test_closing_what_is_closed_rewrites_no_second_time(rewriting: Runtime) -> None:
    """Rules 2.2 and 3.2."""
    async with rewriting.unit(ANA) as unit:
        line = await service(unit, await account(unit), "carla")
        await set_service(unit, line, Status.CLOSED)
    async with nothing_written(rewriting), rewriting.unit(ANA) as unit:
        await set_service(unit, line, Status.CLOSED)
