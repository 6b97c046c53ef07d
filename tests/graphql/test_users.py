"""Users, passwords and sessions by the API (rules 10)."""

from typing import Any

import pytest

from tenure.identity.actions import create_user
from tenure.identity.models import User, UserSession, UserStatus
from tenure.identity.queries import identity_of, user_of_email
from tenure.identity.rules import Credential, CredentialKind, digest_of, matches
from tenure.identity.sessions.actions import open_session
from tenure.kernel.actor import Actor, Role
from tenure.kernel.dry_run import dry_run
from tenure.kernel.unit import Runtime
from tests.checks import MIA, audited, nothing_written, rows, snapshot
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id

BEN = "ben@example.com"
PASSWORD = "correct horse battery"
NEW = "another good password"


async def user(runtime: Runtime, email: str = BEN, role: Role = Role.AGENT) -> User:
    """A user with PASSWORD."""
    async with runtime.unit(ANA) as unit:
        return (await create_user(unit, email=email, role=role, password=PASSWORD))[0]


async def signed_in(runtime: Runtime, who: User) -> Actor:
    """The actor of a new session of a user."""
    async with runtime.unit(Actor(who.email, who.role)) as unit:
        secret = await open_session(unit, user_id=who.id, password_hash=who.password_hash)
    async with runtime.database.connection() as connection:
        found = await identity_of(
            connection, Credential(CredentialKind.SESSION, digest_of(secret or ""))
        )
    assert found is not None
    assert found.actor.session == digest_of(secret or "")
    return found.actor


async def is_signed_in(runtime: Runtime, actor: Actor) -> bool:
    """True while the session of the actor is valid."""
    credential = Credential(CredentialKind.SESSION, actor.session or "")
    async with runtime.database.connection() as connection:
        return await identity_of(connection, credential) is not None


async def may_enter(runtime: Runtime, password: str) -> bool:
    """True if Ben has this password."""
    async with runtime.database.reading() as session:
        found = await user_of_email(session, BEN)
    return matches(password, found.password_hash if found else None)


async def test_an_admin_creates_a_user_whose_password_is_shown_once(
    ask: Caller, runtime: Runtime
) -> None:
    shown = "user { id email name role status lastSignInAt version } password"
    answer = await ask.change(
        "createUser", "CreateUserInput", shown, email=" Ben@Example.com", role="AGENT", name="Ben"
    )
    [stored] = await rows(runtime, User)
    assert answer["user"] == {
        "id": global_id("User", stored.id),
        "email": BEN,
        "name": "Ben",
        "role": "AGENT",
        "status": "ACTIVE",
        "lastSignInAt": None,
        "version": 1,
    }
    assert answer["errors"] == []
    assert len(answer["password"]) == 19
    assert await may_enter(runtime, answer["password"])
    details = {"email": [None, BEN], "name": [None, "Ben"], "role": [None, "AGENT"]}
    summary = f"Created user {BEN} as AGENT."
    assert await audited(runtime) == [(ANA.name, "USER_CREATED", summary, details)]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"email": "ben"}, "INVALID input.email"),
        ({"email": " "}, "REQUIRED input.email"),
        ({"email": f"{'a' * 250}@example.com"}, "OUT_OF_RANGE input.email"),
        ({"email": BEN.upper()}, "TAKEN input.email"),
        ({"email": "eva@example.com", "name": "x" * 256}, "OUT_OF_RANGE input.name"),
        ({"email": "eva@example.com", "name": "a\nb"}, "INVALID input.name"),
    ],
)
async def test_a_user_that_cannot_be_created(
    ask: Caller, runtime: Runtime, given: dict[str, str], error: str
) -> None:
    await user(runtime)
    await check_refused(ask, "createUser", {"role": "VIEWER", **given}, error)


async def test_a_user_is_changed(ask: Caller, runtime: Runtime) -> None:
    """Only what is given, with its values before and after; the same values change nothing."""
    ben = await user(runtime)
    session = await signed_in(runtime, ben)
    given: dict[str, Any] = {
        "userId": global_id("User", ben.id),
        "name": "Ben Ng",
        "role": "MANAGER",
        "expectedVersion": 1,
    }
    shown = "user { name role status version }"
    changed = {"name": "Ben Ng", "role": "MANAGER", "status": "ACTIVE", "version": 2}
    answer = await ask.change("updateUser", "UpdateUserInput", shown, **given)
    assert answer == {"user": changed, "errors": []}
    assert await is_signed_in(runtime, session)
    async with nothing_written(runtime):
        again = await ask.change(
            "updateUser", "UpdateUserInput", shown, **(given | {"expectedVersion": 2})
        )
    assert again == {"user": changed, "errors": []}
    given = {"userId": given["userId"], "status": "DISABLED", "name": None}
    answer = await ask.change("updateUser", "UpdateUserInput", shown, **given)
    assert answer["user"] == changed | {"name": None, "status": "DISABLED", "version": 3}
    assert not await is_signed_in(runtime, session)
    first = {"name": [None, "Ben Ng"], "role": ["AGENT", "MANAGER"]}
    second = {"name": ["Ben Ng", None], "status": ["ACTIVE", "DISABLED"]}
    entries = [entry[:2] + entry[3:] for entry in await audited(runtime)]
    assert entries[2:] == [(ANA.name, "USER_CHANGED", first), (ANA.name, "USER_CHANGED", second)]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"role": None}, "REQUIRED input.role"),
        ({"status": None}, "REQUIRED input.status"),
        ({"name": "x" * 256}, "OUT_OF_RANGE input.name"),
        ({"name": "x", "expectedVersion": 2}, "CONFLICT input.expectedVersion"),
        ({"role": "VIEWER"}, "NOT_ALLOWED input.role"),
        ({"status": "DISABLED", "name": "x"}, "NOT_ALLOWED input.status"),
        ({"userId": global_id("User", 10**9)}, "NOT_FOUND input.userId"),
        ({"userId": "x"}, "NOT_FOUND input.userId"),
        ({"userId": global_id("Token", 1)}, "INVALID input.userId"),
    ],
)
async def test_a_change_of_a_user_that_is_refused(
    ask: Caller, runtime: Runtime, given: dict[str, Any], error: str
) -> None:
    """The only ADMIN is neither lowered nor disabled (rules 10)."""
    ben = await user(runtime, role=Role.ADMIN)
    await check_refused(ask, "updateUser", {"userId": global_id("User", ben.id), **given}, error)


async def test_the_only_admin_can_be_renamed(ask: Caller, runtime: Runtime) -> None:
    ben = await user(runtime, role=Role.ADMIN)
    given = {"userId": global_id("User", ben.id), "name": "Ben"}
    answer = await ask.change("updateUser", "UpdateUserInput", "user { name }", **given)
    assert answer == {"user": {"name": "Ben"}, "errors": []}


async def test_an_admin_resets_a_password(ask: Caller, runtime: Runtime) -> None:
    """Rules 10: all sessions end. The password is shown once, and is nowhere in the log."""
    ben = await user(runtime)
    session = await signed_in(runtime, ben)
    given = {"userId": global_id("User", ben.id)}
    shown = "user { email version } password"
    answer = await ask.change("resetPassword", "ResetPasswordInput", shown, **given)
    assert answer["user"] == {"email": BEN, "version": 2}
    assert await may_enter(runtime, answer["password"])
    assert not await is_signed_in(runtime, session)
    entries = await audited(runtime)
    assert entries[2:] == [(ANA.name, "PASSWORD_CHANGED", f"Set a new password for {BEN}.", None)]
    assert answer["password"] not in str(entries)
    wrong = {"userId": global_id("User", 10**9)}
    await check_refused(ask, "resetPassword", wrong, "NOT_FOUND input.userId")


async def test_users_change_their_own_password(ask: Caller, runtime: Runtime) -> None:
    """Rules 10: whatever their role. All sessions end but the one that changes it."""
    ben = await user(runtime, role=Role.VIEWER)
    this, other = await signed_in(runtime, ben), await signed_in(runtime, ben)
    given = {"currentPassword": PASSWORD, "newPassword": NEW}
    answer = await ask.acting_as(this).change("changePassword", "ChangePasswordInput", "", **given)
    assert answer == {"errors": []}
    assert (await may_enter(runtime, NEW), await may_enter(runtime, PASSWORD)) == (True, False)
    assert [await is_signed_in(runtime, it) for it in (this, other)] == [True, False]
    [stored] = await rows(runtime, User)
    assert stored.version == 2
    last = (BEN, "PASSWORD_CHANGED", f"{BEN} changed the own password.", None)
    assert (await audited(runtime))[-1] == last


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"currentPassword": "wrong"}, "INVALID input.currentPassword"),
        ({"newPassword": "elevenchars"}, "OUT_OF_RANGE input.newPassword"),
        ({"newPassword": "x" * 1025}, "OUT_OF_RANGE input.newPassword"),
        ({"newPassword": PASSWORD}, "INVALID input.newPassword"),
    ],
)
async def test_a_new_password_that_is_refused(
    ask: Caller, runtime: Runtime, given: dict[str, str], error: str
) -> None:
    ben = await user(runtime)
    given = {"currentPassword": PASSWORD, "newPassword": NEW} | given
    own = ask.acting_as(Actor(ben.email, ben.role))
    await check_refused(own, "changePassword", given, error)


async def test_a_password_cannot_be_guessed_by_whoever_has_a_session(
    ask: Caller, runtime: Runtime
) -> None:
    """Ten wrong ones in five minutes; then even the right one is refused. Right ones reset it."""
    ben = await user(runtime)
    own = ask.acting_as(await signed_in(runtime, ben))
    field, kind = "changePassword", "ChangePasswordInput"
    wrong = {"currentPassword": "wrong", "newPassword": NEW}
    answers = [await own.change(field, kind, "", **wrong) for _ in range(11)]
    assert answers == [{"errors": ["INVALID input.currentPassword"]}] * 10 + [
        {"errors": ["NOT_ALLOWED"]}
    ]
    right = {"currentPassword": PASSWORD, "newPassword": NEW}
    assert await own.change(field, kind, "", **right) == {"errors": ["NOT_ALLOWED"]}
    assert await may_enter(runtime, PASSWORD)


async def test_a_dry_run_does_not_tell_whether_a_password_is_right(
    ask: Caller, runtime: Runtime
) -> None:
    """Otherwise it could be guessed, because a dry run counts nothing."""
    ben = await user(runtime)
    session = await signed_in(runtime, ben)
    async with nothing_written(runtime):
        for password in (PASSWORD, "wrong"):
            async with dry_run(runtime) as rolled_back:
                own = Caller(rolled_back, session)
                given = {"currentPassword": password, "newPassword": NEW}
                answer = await own.change("changePassword", "ChangePasswordInput", "", **given)
            assert answer == {"errors": []}


async def test_no_secret_is_stored(ask: Caller, runtime: Runtime) -> None:
    """Neither in the audit log nor in any other table."""
    created = await ask.change(
        "createUser", "CreateUserInput", "user { id } password", email=BEN, role="AGENT"
    )
    given = {"userId": created["user"]["id"]}
    reset = await ask.change("resetPassword", "ResetPasswordInput", "password", **given)
    own = ask.acting_as(Actor(BEN, Role.AGENT))
    given = {"currentPassword": reset["password"], "newPassword": NEW}
    answer = await own.change("changePassword", "ChangePasswordInput", "", **given)
    assert answer == {"errors": []}
    token = await ask.change("createToken", "CreateTokenInput", "secret", name="Shop", role="AGENT")
    stored = str(await snapshot(runtime.database))
    secrets = (created["password"], reset["password"], NEW, token["secret"])
    assert [secret for secret in secrets if secret in stored] == []


async def test_a_right_password_does_not_count(ask: Caller, runtime: Runtime) -> None:
    ben = await user(runtime)
    own = ask.acting_as(await signed_in(runtime, ben))
    for place in range(11):
        given = {
            "currentPassword": PASSWORD if place == 0 else f"{NEW} {place - 1}",
            "newPassword": f"{NEW} {place}",
        }
        answer = await own.change("changePassword", "ChangePasswordInput", "", **given)
        assert answer == {"errors": []}


async def test_everybody_ends_the_own_sessions(ask: Caller, runtime: Runtime) -> None:
    """Rules 10: all of them, this one included; those of others stay."""
    ben, eva = await user(runtime), await user(runtime, "eva@example.com")
    this, other, hers = [await signed_in(runtime, it) for it in (ben, ben, eva)]
    own = ask.acting_as(this)
    answer = await own.change("endSessions", "EndSessionsInput", "")
    assert answer == {"errors": []}
    assert [await is_signed_in(runtime, it) for it in (this, other, hers)] == [False, False, True]
    last = (BEN, "SESSIONS_ENDED", f"Ended 2 sessions of {BEN}.", None)
    assert (await audited(runtime))[-1] == last
    async with nothing_written(runtime):
        assert await own.change("endSessions", "EndSessionsInput", "") == {"errors": []}


async def test_an_admin_ends_the_sessions_of_another(ask: Caller, runtime: Runtime) -> None:
    """Others may end only their own, which they may name as well."""
    ben, eva = await user(runtime), await user(runtime, "eva@example.com")
    session = await signed_in(runtime, ben)
    given = {"userId": global_id("User", ben.id)}
    document = (
        "mutation($input: EndSessionsInput!) { endSessions(input: $input) { errors { code } } }"
    )
    hers = ask.acting_as(Actor(eva.email, Role.MANAGER))
    async with nothing_written(runtime):
        for known in (given, {"userId": global_id("User", 10**9)}):
            assert await hers.code(document, input=known) == "FORBIDDEN"
    wrong = {"userId": global_id("User", 10**9)}
    await check_refused(ask, "endSessions", wrong, "NOT_FOUND input.userId")
    assert await is_signed_in(runtime, session)
    assert await ask.change("endSessions", "EndSessionsInput", "", **given) == {"errors": []}
    assert not await is_signed_in(runtime, session)
    last = (ANA.name, "SESSIONS_ENDED", f"Ended 1 session of {BEN}.", None)
    assert (await audited(runtime))[-1] == last
    session = await signed_in(runtime, ben)
    own = ask.acting_as(session)
    assert await own.change("endSessions", "EndSessionsInput", "", **given) == {"errors": []}
    assert [it.ended_at is None for it in await rows(runtime, UserSession)] == [False, False]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("changePassword", {"currentPassword": PASSWORD, "newPassword": NEW}),
        ("endSessions", {}),
    ],
)
async def test_api_clients_have_no_password_and_no_session(
    ask: Caller, field: str, given: dict[str, str]
) -> None:
    shop = ask.acting_as(Actor("Shop", Role.ADMIN))
    await check_refused(shop, field, given, "NOT_ALLOWED")


async def test_users_are_listed_and_found(ask: Caller, runtime: Runtime) -> None:
    """Newest first, by status, in pages both ways, and by their ids."""
    ben, eva = await user(runtime), await user(runtime, "eva@example.com", Role.ADMIN)
    ids = {"ids": [global_id("User", eva.id)]}
    assert await ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { email } } }", **ids
    ) == {"nodes": [{"email": eva.email}]}
    async with runtime.unit(ANA) as unit:
        (await unit.session.get_one(User, ben.id)).status = UserStatus.DISABLED
    answer = await ask("{ users { totalCount nodes { email status } } }")
    both = [
        {"email": eva.email, "status": "ACTIVE"},
        {"email": BEN, "status": "DISABLED"},
    ]
    assert answer["users"] == {"totalCount": 2, "nodes": both}
    listed = await ask("{ users(status: [DISABLED]) { nodes { email } } }")
    assert listed["users"]["nodes"] == [{"email": BEN}]
    listed = await ask("{ users(role: [ADMIN]) { nodes { email } } }")
    assert listed["users"]["nodes"] == [{"email": eva.email}]
    page = (await ask("{ users(first: 1) { pageInfo { endCursor hasNextPage } } }"))["users"]
    assert page["pageInfo"]["hasNextPage"]
    document = (
        "query($c: String!) { users(after: $c) { nodes { email } pageInfo { startCursor } } }"
    )
    after = (await ask(document, c=page["pageInfo"]["endCursor"]))["users"]
    assert after["nodes"] == [{"email": BEN}]
    document = "query($c: String!) { users(last: 5, before: $c) { nodes { email } } }"
    before = (await ask(document, c=after["pageInfo"]["startCursor"]))["users"]
    assert before["nodes"] == [{"email": eva.email}]


async def test_only_an_admin_finds_a_user_by_id(ask: Caller, runtime: Runtime) -> None:
    """Rules 10: null with FORBIDDEN; what else the operation asks for is answered."""
    ben = await user(runtime)
    document = "query($id: ID!) { node(id: $id) { id ... on User { email } } viewer { name } }"
    given = {"id": global_id("User", ben.id)}
    data, [error] = await ask.acting_as(MIA).answer(document, **given)
    assert data == {"node": None, "viewer": {"name": MIA.name}}
    assert (error["path"], error["extensions"]) == (["node"], {"code": "FORBIDDEN"})
    assert (await ask(document, **given))["node"]["email"] == BEN
