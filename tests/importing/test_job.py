"""Checks and imports of stored files, as job runs: the same results as those of the command."""

import asyncio
import json
import signal
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.audit.models import AuditEntry
from tenure.batch import execute_run, import_job
from tenure.catalog.models import Offer
from tenure.events.models import Event
from tenure.importing import judging
from tenure.importing.models import (
    CheckedAccount,
    CheckedLogin,
    CheckedOffer,
    ImportFile,
    ImportFilePart,
    ImportMode,
    ImportRunLine,
)
from tenure.importing.starting import start_import
from tenure.importing.stored_files import RETENTION, add_part, begin_upload, expire_file
from tenure.jobs.actions import cancel, start
from tenure.jobs.models import JobKind, JobRunStatus
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime, Unit
from tenure.worker.actors import run_due_jobs
from tenure.worker.expiry import delete_all_expired
from tests.checks import MIA, forbidden, refused, rows
from tests.conftest import ANA
from tests.importing.conftest import Put, imported, reasons
from tests.importing.jobs import ADMIN, ended, executed, exit_code_of_killed, started, stored
from tests.job_workers import execute_with_workers, url_of

CHECK, IMPORT = ImportMode.CHECK, ImportMode.IMPORT
OFFER = {"code": "DSL", "name": "DSL line", "monthly_fee": "25.00"}


def account(number: str, login: str | None = None, **more: Any) -> dict[str, Any]:
    """A line with a service that has an offer, if it has a login."""
    services = [{"kind": "internet", "login": login, "offers": [OFFER]}] if login else []
    return {"number": number, "name": f"Customer {number}", "services": services, **more}


# With chunks of four lines, each of the last three chunks depends on what earlier ones accepted.
MIXED: list[object] = [
    account("C-1", parent="P-1", parent_pays=True),
    account("A-1", "one", payment_method={"kind": "INVOICE"}, notes=[{"text": "Call"}]),
    account("A-2", "two", contacts=[{"kind": "BILLING", "name": "Bo"}]),
    "no JSON",
    account("A-1", "one", payment_method={"kind": "INVOICE"}, notes=[{"text": "Call"}]),
    account("A-2", name="Other"),
    account("A-3", "ONE"),
    account("P-1", currency="EUR"),
    account("A-4", offers=[{"code": "DSL", "monthly_fee": "20.00", "cancel_fee": "9"}]),
    account("A-5", offers=[{"code": "DSL", "monthly_fee": "20.00"}]),
    account("A-6", parent="missing"),
    account("B-1", parent="B-2"),
    account("B-2", parent="B-1"),
    account("B-3", parent="B-1"),
    account("C-2", parent="Q-1", parent_pays=True),
    account("D-3", parent="D-2"),
    account("D-2", parent="D-1"),
    account("D-1"),
    account("Q-1", status="CLOSED"),
]
REASONS = {
    1: "The payer is billed in EUR, this bill unit in USD. The currencies must match.",
    4: "This is not JSON: Expecting value at character 1.",
    6: "There is an account A-2 already, with different content.",
    7: "The internet login ONE is taken.",
    9: "DSL has different fees in the catalog. Only the monthly fee can be set per customer.",
    11: "There is no account missing, the parent.",
    12: "The parent B-2 is below B-1 itself.",
    13: "The parent B-1 is below B-2 itself.",
    14: "There is no account B-1, the parent.",
    15: "The paying account is closed.",
}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four lines in a chunk, so that a short file has several."""
    monkeypatch.setattr(import_job, "CHUNK_SIZE", 4)


def text_of(*lines: object) -> bytes:
    """JSON Lines; a text is a line as it is."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return "".join(f"{line}\n" for line in texts).encode()


async def business_rows(runtime: Runtime) -> int:
    """How many rows an import writes."""
    async with runtime.database.reading() as session:
        counts = [
            (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (Account, Service, Offer, PurchasedOffer, Event)
        ]
    return sum(counts)


async def test_check_import_and_command_agree(runtime: Runtime, put: Put) -> None:
    """The check rejects what the import rejects, for the same reasons, and writes nothing."""
    file_id = await stored(runtime, text_of(*MIXED))
    checked = await executed(runtime, file_id, CHECK)
    assert await business_rows(runtime) == 0
    done = await executed(runtime, file_id, IMPORT)
    repeated = await executed(runtime, file_id, IMPORT)
    assert checked.reasons == done.reasons == repeated.reasons == REASONS
    assert (checked.counts, done.counts, repeated.counts) == ((8, 1, 10), (8, 1, 10), (0, 9, 10))
    for it in (checked, done, repeated):
        assert (it.job.status, it.job.done, it.job.failed, it.job.total) == (
            *(JobRunStatus.DONE_WITH_FAILURES, 9, 10, 19),
        )
    for it in (checked.run, done.run):
        assert (it.services, it.purchases, it.payment_methods, it.contacts, it.notes) == (
            *(2, 3, 1, 1, 1),
        )
        assert it.new_offers == 1
    file = put(*MIXED)
    assert await imported(runtime, file) == (0, 9, 10)
    assert reasons(file) == REASONS
    accounts = {it.number: it for it in await rows(runtime, Account)}
    assert sorted(accounts) == ["A-1", "A-2", "A-5", "D-1", "D-2", "D-3", "P-1", "Q-1"]
    assert accounts["D-3"].parent_id == accounts["D-2"].id
    assert accounts["D-2"].parent_id == accounts["D-1"].id


async def test_preview_has_what_would_be_created(runtime: Runtime) -> None:
    file_id = await stored(runtime, text_of(account("A-1", "one"), account("A-2", parent="A-1")))
    await executed(runtime, file_id, CHECK)
    accounts = [
        (it.line, it.number, it.name, it.parent, it.services, it.purchases)
        for it in await rows(runtime, CheckedAccount)
    ]
    assert accounts == [
        (1, "A-1", "Customer A-1", None, 1, 1),
        (2, "A-2", "Customer A-2", "A-1", 0, 0),
    ]
    [offer] = await rows(runtime, CheckedOffer)
    assert (offer.code, offer.name, str(offer.monthly_fee)) == ("DSL", "DSL line", "25")


async def test_csv_file(runtime: Runtime) -> None:
    content = b'number;name;offers\r\nA-1;Ada;"[{""code"": ""TV""}]"\r\n\r\nA-2;\r\n'
    file_id = await stored(runtime, content, "Customers.CSV")
    done = await executed(runtime, file_id)
    assert (done.counts, list(done.reasons)) == ((1, 0, 1), [4])
    assert (done.job.done, done.job.failed, done.job.total) == (1, 1, 2)


async def test_children_before_their_parents(runtime: Runtime) -> None:
    """A chain in reverse order: each line waits for the next one."""
    lines = [account(f"A-{it}", parent=f"A-{it - 1}" if it else None) for it in range(9)]
    file_id = await stored(runtime, text_of(*reversed(lines)))
    checked, done = await executed(runtime, file_id, CHECK), await executed(runtime, file_id)
    assert checked.counts == done.counts == (9, 0, 0)
    assert done.job.status is JobRunStatus.DONE
    assert len(await rows(runtime, Account)) == 9


@pytest.mark.thorough
@pytest.mark.parametrize("mode", ImportMode)
@pytest.mark.parametrize("chunk", [1, 2, 5])
async def test_killed_worker(runtime: Runtime, mode: ImportMode, chunk: int) -> None:
    """Another worker continues: counts and rows are those of an undisturbed run."""
    file_id = await stored(runtime, text_of(*MIXED))
    job_run_id = await started(runtime, file_id, mode)
    url = url_of(runtime.database)
    code = await asyncio.to_thread(exit_code_of_killed, url, job_run_id, chunk)
    assert code == -signal.SIGKILL
    interrupted = await ended(runtime, job_run_id)
    assert interrupted.job.status is JobRunStatus.RUNNING
    assert interrupted.job.done + interrupted.job.failed < 19
    assert await execute_run(runtime, job_run_id)
    done = await ended(runtime, job_run_id)
    assert (done.counts, done.reasons) == ((8, 1, 10), REASONS)
    assert (done.job.done, done.job.failed, done.job.total) == (9, 10, 19)
    assert len(await rows(runtime, Account)) == (8 if mode is IMPORT else 0)
    assert len(await rows(runtime, CheckedAccount)) == (8 if mode is CHECK else 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_several_workers(runtime: Runtime) -> None:
    """One has the run at a time; the others leave it or continue it."""
    file_id = await stored(runtime, text_of(*(account(f"A-{it}", f"l{it}") for it in range(60))))
    job_run_id = await started(runtime, file_id)
    await execute_with_workers(url_of(runtime.database), job_run_id, 3)
    await execute_run(runtime, job_run_id)
    done = await ended(runtime, job_run_id)
    assert (done.counts, done.job.status, done.job.done) == ((60, 0, 0), JobRunStatus.DONE, 60)
    assert len(await rows(runtime, Account)) == 60


def after_first_chunk(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Something happens after the first chunk of a run."""
    acts = [act]

    async def pause(_: object) -> None:
        if acts:
            await acts.pop()()

    monkeypatch.setattr("tenure.batch.runs.yield_to_writer", pause)


async def test_cancelled_run_keeps_what_is_done(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = await stored(runtime, text_of(*(account(f"A-{it}") for it in range(12))))
    job_run_id = await started(runtime, file_id)

    async def cancel_run() -> None:
        await runtime.run_in_unit(MIA, partial(cancel, run_id=job_run_id))

    after_first_chunk(monkeypatch, cancel_run)
    await execute_run(runtime, job_run_id)
    done = await ended(runtime, job_run_id)
    assert (done.job.status, done.job.done) == (JobRunStatus.CANCELLED, 4)
    assert len(await rows(runtime, Account)) == 4
    assert (await executed(runtime, file_id)).counts == (8, 4, 0)


async def test_import_gives_way_to_other_runs(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.4: what is due does not wait for the end of a long import."""
    file_id = await stored(runtime, text_of(*(account(f"A-{it}") for it in range(12))))
    job_run_id = await started(runtime, file_id)

    async def start_bill_day() -> None:
        await runtime.run_in_unit(ANA, partial(start, kind=JobKind.BILL_DAY))

    after_first_chunk(monkeypatch, start_bill_day)
    assert not await execute_run(runtime, job_run_id)
    paused = await ended(runtime, job_run_id)
    assert (paused.job.status, paused.job.done) == (JobRunStatus.RUNNING, 4)
    await run_due_jobs(runtime)
    done = await ended(runtime, job_run_id)
    assert (done.job.status, done.counts) == (JobRunStatus.DONE, (12, 0, 0))


async def test_fault_of_one_line(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others of its chunk are imported one by one."""
    write = judging.import_chunk

    async def fail_for_one(unit: Unit, lines: list[Any]) -> Any:
        if any(line.number == "A-2" for line in lines):
            raise ZeroDivisionError
        return await write(unit, lines)

    monkeypatch.setattr(judging, "import_chunk", fail_for_one)
    file_id = await stored(runtime, text_of(*(account(f"A-{it}") for it in range(6))))
    done = await executed(runtime, file_id)
    message = "Unexpected error (ZeroDivisionError). The worker's log has its details."
    assert (done.counts, done.reasons) == ((5, 0, 1), {3: message})
    assert (done.job.done, done.job.failed) == (5, 1)


async def test_one_live_run_of_a_file(runtime: Runtime) -> None:
    file_id = await stored(runtime, text_of(account("A-1")))
    other_id = await stored(runtime, text_of(account("A-2")))
    job_run_id = await started(runtime, file_id)
    assert await started(runtime, file_id) == job_run_id
    assert await started(runtime, other_id, CHECK) > job_run_id
    checked = partial(start_import, file_id=file_id, mode=CHECK)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "file_id"):
        await runtime.run_in_unit(ADMIN, checked)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "file_id"):
        await runtime.run_in_unit(ADMIN, partial(expire_file, file_id=file_id))
    async with refused(runtime, ErrorCode.NOT_FOUND, "file_id"):
        await runtime.run_in_unit(ADMIN, partial(start_import, file_id=99, mode=CHECK))
    async with refused(runtime, ErrorCode.INVALID, "kind"):
        await runtime.run_in_unit(ADMIN, partial(start, kind=JobKind.IMPORT))
    async with forbidden(runtime):
        await runtime.run_in_unit(MIA, checked)
    summaries = [it.summary for it in await rows(runtime, AuditEntry)]
    assert summaries == [
        "Started the import of the file accounts.jsonl.",
        "Started the check of the import file accounts.jsonl.",
    ]


async def interrupted_upload(runtime: Runtime) -> None:
    """A file of which only the first part was received."""
    run = partial(runtime.run_in_unit, ADMIN)
    file = await run(partial(begin_upload, name="half.csv"))
    await run(partial(add_part, file_id=file.id, place=0, content=b"number,name"))
    async with refused(runtime, ErrorCode.NOT_FOUND, "file_id"):
        await started(runtime, file.id, CHECK)


async def test_expired_files_are_deleted(runtime: Runtime) -> None:
    """Content and lists are deleted; the runs with their counts stay."""
    kept = await stored(runtime, text_of(*MIXED))
    expired = await stored(runtime, text_of(*MIXED))
    for file_id in (kept, expired):
        await executed(runtime, file_id, CHECK)
    await interrupted_upload(runtime)
    lists = (ImportFilePart, ImportRunLine, CheckedAccount, CheckedLogin, CheckedOffer)
    before = [len(await rows(runtime, table)) for table in lists]
    file = (await rows(runtime, ImportFile, id=expired))[0]
    assert timedelta(days=6, hours=23) < file.expires_at - real_now() <= RETENTION
    await runtime.run_in_unit(ADMIN, partial(expire_file, file_id=expired))
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "file_id"):
        await started(runtime, expired, CHECK)
    await delete_all_expired(runtime, ANA, real_now())
    after = [len(await rows(runtime, table)) for table in lists]
    assert [before[0] - after[0], *(2 * count for count in after[1:])] == [1, *before[1:]]
    assert len(await rows(runtime, ImportFile)) == 3
    await delete_all_expired(runtime, ANA, real_now() + RETENTION)
    assert [len(await rows(runtime, table)) for table in lists] == [0] * len(lists)
    assert [it.id for it in await rows(runtime, ImportFile)] == [kept, expired]
