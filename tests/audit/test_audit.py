"""What is recorded in the audit log, in which form, and that nobody changes it (rules 10)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import null as sql_null
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditEntry
from tenure.audit.rules import named_values
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.jobs.actions import cancel, start
from tenure.jobs.models import JobKind
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tests.checks import MIA, audited, refused, rows


async def test_an_entry_has_the_actor_and_real_time(runtime: Runtime) -> None:
    before = real_now()
    async with runtime.unit(Actor("Shop", Role.ADMIN)) as unit:
        await record_audit(unit, AuditAction.WEBHOOK_CHANGED, "Changed webhook x.\n")
    [entry] = await rows(runtime, AuditEntry)
    async with runtime.database.reading() as session:
        is_null = select(AuditEntry.details.is_(sql_null()))
        assert (await session.execute(is_null)).scalar_one() is True
    assert before <= entry.at <= real_now()
    assert (entry.actor, entry.actor_key, entry.details) == ("Shop", "shop", None)
    assert entry.summary == "Changed webhook x.\\n"


def test_details_have_the_names_and_values_of_the_api() -> None:
    moment = datetime(2026, 11, 10, 12, tzinfo=UTC)
    changes = {
        "event_kinds": ([], ["USAGE"]),
        "expires_at": (None, moment),
        "business_date": (date(2026, 11, 10), None),
        "monthly_fee": (None, Decimal("9.500000")),
        "role": (Role.AGENT, Role.ADMIN),
    }
    assert named_values(changes) == {
        "eventKinds": [[], ["USAGE"]],
        "expiresAt": [None, "2026-11-10T12:00:00Z"],
        "businessDate": ["2026-11-10", None],
        "monthlyFee": [None, "9.5"],
        "role": ["AGENT", "ADMIN"],
    }
    assert (named_values({}), named_values(None)) == (None, None)


@pytest.mark.parametrize("name", ["password", "new_password", "secret", "digest", "password_hash"])
def test_a_secret_cannot_be_recorded(name: str) -> None:
    """Contract: secrets are never in the details."""
    with pytest.raises(ValueError, match=f"^{name} is a secret"):
        named_values({"role": (None, "ADMIN"), name: ("old", "new")})


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"]
)
async def test_the_database_rejects_changes(runtime: Runtime, statement: str) -> None:
    """Rules 10: an audit entry is never changed."""
    async with runtime.unit(MIA) as unit:
        await record_audit(unit, AuditAction.JOB_STARTED, "Started the job.")
    kept = await audited(runtime)
    with pytest.raises(DBAPIError, match="audit entries are append only"):
        async with runtime.unit(MIA) as unit:
            await unit.session.execute(text(statement))
    assert await audited(runtime) == kept == [(MIA.name, "JOB_STARTED", "Started the job.", None)]


async def test_an_entry_is_rolled_back_with_its_change(runtime: Runtime) -> None:
    """Rules 10: it is written in the same transaction."""

    async def fail_after_start(unit: Unit) -> None:
        await start(unit, kind=JobKind.BILL_DAY)
        raise TenureError(ErrorCode.NOT_ALLOWED, "Something else failed.")

    async with refused(runtime, ErrorCode.NOT_ALLOWED):
        await runtime.run_in_unit(MIA, fail_after_start)


async def test_jobs_that_somebody_starts_or_cancels_are_recorded(runtime: Runtime) -> None:
    """The scheduler's starts, and requests for a run that is live already, are not."""
    async with runtime.unit(MIA) as unit:
        run = await start(unit, kind=JobKind.BILL_DAY)
        assert await start(unit, kind=JobKind.BILL_DAY) is run
        await start(unit, kind=JobKind.DEFERRED_ACTIONS, scheduled=True)
    async with runtime.unit(MIA) as unit:
        await cancel(unit, run.id)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "job_run_id"), runtime.unit(MIA) as unit:
        await cancel(unit, run.id)
    name = "the job bill day for 2026-11-10"
    assert await audited(runtime) == [
        (MIA.name, "JOB_STARTED", f"Started {name}.", None),
        (MIA.name, "JOB_CANCELLED", f"Cancelled {name}.", {"status": ["QUEUED", "CANCELLED"]}),
    ]


async def test_an_offer_is_recorded_with_its_terms(runtime: Runtime) -> None:
    async with runtime.unit(MIA) as unit:
        await create_offer(
            unit,
            code="DSL-50",
            name="DSL 50",
            kind=OfferKind.CHARGE,
            monthly_fee=Decimal("29.85"),
        )
    terms = {
        "code": [None, "DSL-50"],
        "name": [None, "DSL 50"],
        "kind": [None, "CHARGE"],
        "currency": [None, "USD"],
        "monthlyFee": [None, "29.85"],
    }
    assert await audited(runtime) == [
        (MIA.name, "OFFER_CREATED", "Created offer DSL-50, DSL 50.", terms)
    ]
