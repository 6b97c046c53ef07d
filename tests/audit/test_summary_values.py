"""The values of summaries, from which the page writes them in other languages (rules 10)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditEntry, AuditOperation
from tenure.batch.status_changes.rules import audit_summary, audit_values
from tenure.holds.models import Status
from tenure.identity.actions import (
    change_password,
    create_token,
    create_user,
    end_sessions,
    revoke_token,
    set_password,
    update_user,
)
from tenure.identity.attempts.actions import record_refusal
from tenure.identity.openid.actions import admit_user, end_sessions_of_subject, unlink_user
from tenure.identity.openid.rules import ProviderUser
from tenure.identity.sessions.actions import open_session
from tenure.jobs.actions import cancel, start
from tenure.jobs.models import JobKind
from tenure.kernel.actor import SYSTEM, Actor, Role
from tenure.kernel.unit import Runtime
from tenure.reasons.actions import create_reason, update_reason
from tenure.status.changes.rules import StatusRequest
from tests.checks import rows
from tests.conftest import ANA, NOON
from tests.shared import ROOT

BEN = "ben@example.com"
ISSUER = "https://login.test"
KNOWN = ProviderUser(ISSUER, "s1", BEN, "Ben", role=None, default_role=None)


async def recorded(runtime: Runtime, first: int = 0) -> list[tuple[str, dict[str, Any] | None]]:
    """The summaries with their values, in order."""
    entries = sorted(await rows(runtime, AuditEntry), key=lambda entry: entry.id)
    return [(entry.summary, entry.summary_values) for entry in entries[first:]]


async def test_users_and_tokens(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        user, _ = await create_user(unit, email=BEN, role=Role.AGENT)
        await set_password(unit, BEN, password="first long password")
        await update_user(unit, BEN, role=Role.ADMIN)
        known = {"user_id": user.id, "password_hash": user.password_hash}
        await open_session(unit, **known)
        await end_sessions(unit, BEN)
        await create_token(unit, name="Shop", role=Role.AGENT)
        await revoke_token(unit, "Shop")
        await record_refusal(unit, email=BEN, address="10.0.0.7")
    async with runtime.unit(Actor(BEN, Role.ADMIN)) as unit:
        new = "second long password"
        await change_password(unit, current_password=None, new_password=new)
    assert await recorded(runtime) == [
        (f"Created user {BEN} as AGENT.", None),
        (f"Set a new password for {BEN}.", {"operation": "PASSWORD_SET", "user": BEN}),
        (f"Changed role of {BEN}.", {"user": BEN}),
        (f"{BEN} signed in.", {"user": BEN, "issuer": None}),
        (f"Ended 1 session of {BEN}.", {"user": BEN, "count": 1}),
        ("Created token Shop as AGENT.", None),
        ("Revoked token Shop.", {"token": "Shop"}),
        (
            f"Refused a sign-in as {BEN} from 10.0.0.7.",
            {"user": BEN, "network": "10.0.0.7", "count": 1},
        ),
        (
            f"{BEN} changed the own password.",
            {"operation": "OWN_PASSWORD_CHANGED", "user": BEN},
        ),
    ]


async def test_users_of_a_provider(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email=BEN, role=Role.AGENT)
    user = await runtime.run_in_unit(SYSTEM, lambda unit: admit_user(unit, known=KNOWN))
    async with runtime.unit(SYSTEM) as unit:
        known = {"user_id": user.id, "password_hash": user.password_hash}
        await open_session(unit, **known, issuer=ISSUER)
        await end_sessions_of_subject(unit, issuer=ISSUER, subject="s1")
        await unlink_user(unit, email=BEN)
    assert await recorded(runtime, first=1) == [
        (
            f"Linked {BEN}, who signs in through a provider.",
            {"operation": "USER_LINKED", "user": BEN},
        ),
        (f"{BEN} signed in through {ISSUER}.", {"user": BEN, "issuer": ISSUER}),
        (
            f"Ended 1 session of {BEN}, who signed out at the provider.",
            {"operation": "SESSIONS_ENDED_BY_PROVIDER", "user": BEN, "count": 1},
        ),
        (
            f"Unlinked {BEN}, who signs in through a provider.",
            {"operation": "USER_UNLINKED", "user": BEN},
        ),
    ]


async def test_jobs_and_reasons(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        run = await start(unit, kind=JobKind.BILL_DAY)
        await cancel(unit, run.id)
        reason = await create_reason(
            unit, code="ABROAD", label="Abroad", applies_to=[Status.INACTIVE]
        )
        await update_reason(unit, reason.id, is_retired=True)
    bill_day = {"kind": "BILL_DAY", "date": "2026-11-10"}
    assert await recorded(runtime) == [
        ("Started the job bill day for 2026-11-10.", bill_day),
        ("Cancelled the job bill day for 2026-11-10.", bill_day),
        ("Created reason ABROAD.", {"operation": "REASON_CREATED", "code": "ABROAD"}),
        ("Changed reason ABROAD.", {"code": "ABROAD"}),
    ]


@pytest.mark.parametrize(
    ("more", "summary", "times"),
    [
        ({}, "Started a job: close 1,204 accounts.", (None, None)),
        (
            {"defer_until": NOON},
            "Started a job: close 1,204 accounts on 2026-11-10 12:00 UTC.",
            ("2026-11-10T12:00:00Z", None),
        ),
        (
            {"backdate_to": (NOON - timedelta(days=3)).date()},
            "Started a job: close 1,204 accounts, backdated to 2026-11-07.",
            (None, "2026-11-07"),
        ),
    ],
)
async def test_status_changes_of_many_accounts(
    runtime: Runtime, more: dict[str, Any], summary: str, times: tuple[str | None, str | None]
) -> None:
    request = StatusRequest(Status.CLOSED, **more)
    async with runtime.unit(ANA) as unit:
        values = audit_values(request, 1204)
        started = audit_summary(request, 1204)
        await record_audit(unit, AuditAction.JOB_STARTED, started, values=values)
    [(said, values)] = await recorded(runtime)
    assert said == summary
    assert values == {
        "operation": "STATUS_CHANGE_STARTED",
        "toStatus": "CLOSED",
        "count": 1204,
        "deferUntil": times[0],
        "backdateTo": times[1],
    }


async def test_values_are_as_in_the_summary(runtime: Runtime) -> None:
    """Texts of strangers: what PostgreSQL cannot store is escaped."""
    name = "a\x00\ud800@b\n"
    async with runtime.unit(ANA) as unit:
        await record_audit(unit, AuditAction.SIGNED_IN, f"{name} signed in.", values={"user": name})
    shown = "a\\x00\\ud800@b\\n"
    assert await recorded(runtime) == [(f"{shown} signed in.", {"user": shown})]


async def test_secrets_are_refused(runtime: Runtime) -> None:
    """Contract: secrets are never in the values."""
    async with runtime.unit(ANA) as unit:
        with pytest.raises(ValueError, match=r"^new_secret is a secret"):
            await record_audit(unit, AuditAction.WEBHOOK_CHANGED, "x", values={"new_secret": "y"})
    assert await recorded(runtime) == []


def test_the_page_has_a_title_for_every_operation() -> None:
    titles = (ROOT / "frontend" / "src" / "lib" / "auditTitle.ts").read_text()
    keys = set(re.findall(r"^  ([A-Z]+(?:_[A-Z]+)+): ", titles, re.MULTILINE))
    assert set(AuditOperation) <= keys
