"""Operations: history of jobs, bill days in the calendar, quarantined accounts, few clicks."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import delete, insert, update

from tenure.graphql.types.ids import parse_global_id
from tenure.jobs.models import JobKind, JobRun, JobRunStatus, JobStep, QuarantinedAccount
from tenure.kernel.db import Database
from tests.browser.conftest import Api, Server
from tests.browser.page_checks import (
    WIDE,
    check_accessibility,
    check_fits_phone,
    check_lists_on_phone,
    wait_until_idle,
)
from tests.browser.steps import button

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(180)]

BEGAN = datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """The database of the server. Deletes the runs that the test has inserted."""
    opened = Database(f"sqlite:///{server.database}")
    yield opened
    async with opened.engine.begin() as connection:
        made_here = JobRun.requested_by == __name__
        for table in (JobStep, QuarantinedAccount):
            runs = JobRun.__table__.select().with_only_columns(JobRun.id).where(made_here)
            await connection.execute(delete(table).where(table.job_run_id.in_(runs)))
        await connection.execute(delete(JobRun).where(made_here))
    await opened.close()


async def insert_run(database: Database, kind: JobKind, seconds: float, **more: object) -> int:
    """A run that has ended after these seconds."""
    columns = {
        "kind": kind,
        "status": JobRunStatus.DONE,
        "business_date": BEGAN.date(),
        "requested_by": __name__,
        "created_at": BEGAN,
        "started_at": BEGAN,
        "finished_at": BEGAN + timedelta(seconds=seconds),
    }
    async with database.engine.begin() as connection:
        made = await connection.execute(insert(JobRun).values(**columns | more))
        return int(made.inserted_primary_key[0])


async def test_history_with_durations(page: Page, database: Database) -> None:
    """Filters by kind and status in the URL; a bar of each run, and of each step of a run."""
    newest = {"created_at": datetime(2099, 1, 1, tzinfo=UTC)}
    failed = {"status": JobRunStatus.FAILED, "failure": "No progress."}
    await insert_run(database, JobKind.BILL_DAY, 30, **newest, **failed)
    run_id = await insert_run(database, JobKind.BILL_DAY, 60, **newest)
    await insert_run(database, JobKind.DEFERRED_ACTIONS, 0.5, **newest)
    # The clock was set, so its duration is not known.
    await insert_run(database, JobKind.DEFERRED_ACTIONS, 0, **newest)
    steps = [
        {
            "job_run_id": run_id,
            "name": name,
            "business_date": BEGAN.date(),
            "place": place,
            "started_at": BEGAN + timedelta(seconds=seconds),
            "total": 5,
            "done": 5,
            "failed": 0,
        }
        for place, (name, seconds) in enumerate((("cycle fees", 0), ("bills", 20)))
    ]
    async with database.engine.begin() as connection:
        await connection.execute(insert(JobStep), steps)
        # A run of a test that set the clock ahead has taken days.
        others = update(JobRun).where(
            JobRun.requested_by != __name__, JobRun.finished_at.is_not(None)
        )
        await connection.execute(others.values(finished_at=JobRun.started_at))
    await page.goto("/jobs")
    rows = page.get_by_role("table", name="Job history").locator("tbody tr")
    own = rows.filter(has_text=__name__)
    await expect(own.locator("[data-duration]")).to_have_text(
        ["under 1 second", "60 seconds", "30 seconds"]
    )
    bars = own.locator("[class*=Progress-section]")
    widths = [box["width"] for bar in await bars.all() if (box := await bar.bounding_box())]
    assert 0 < widths[0] < widths[2] < widths[1]
    history = page.get_by_role("region", name="History")
    await button(history, "Job").click()
    await page.get_by_role("checkbox", name="Bill day").check()
    await page.keyboard.press("Escape")
    await button(history, "Status").click()
    await page.get_by_role("checkbox", name="Failed", exact=True).check()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(re.compile("kind=.*BILL_DAY.*status=.*FAILED"))
    await expect(own.locator("[data-duration]")).to_have_text(["30 seconds"])
    await wait_until_idle(page)
    await check_accessibility(page)
    await button(history, "Remove the filter: Status").click()
    await expect(own).to_have_count(2)
    await own.first.get_by_role("link", name="Bill day").click()
    step = page.locator("[data-step=bills]")
    await expect(step).to_contain_text("5 in 40 seconds")
    await expect(step.locator("[class*=Progress-section]")).to_be_visible()
    await check_fits_phone(page)


async def test_bill_day_retries_quarantined_accounts(
    page: Page, api: Api, real_time: None, database: Database
) -> None:
    """What the last bill day has quarantined is retried in place, by a run of today."""
    account = await api.new_account("Quarantined Here")
    account_id = parse_global_id(account["id"])
    assert account_id
    now = await api.now()
    async with database.engine.begin() as connection:
        # Tests that set the clock ahead leave runs that are newer than any of today.
        later = update(JobRun).where(JobRun.created_at > now).values(created_at=BEGAN)
        await connection.execute(later)
    newest = {"created_at": now, "status": JobRunStatus.DONE_WITH_FAILURES}
    run_id = await insert_run(database, JobKind.BILL_DAY, 5, **newest)
    async with database.engine.begin() as connection:
        quarantined = {
            "job_run_id": run_id,
            "account_id": account_id[1],
            "step": "bills",
            "reason": "Two currencies",
            "at": BEGAN,
        }
        await connection.execute(insert(QuarantinedAccount), quarantined)
    # A run that was cancelled has not retried it.
    await insert_run(database, JobKind.BILL_DAY, 1, created_at=now, status=JobRunStatus.CANCELLED)
    await page.goto(f"/accounts/{account['number']}")
    banner = page.get_by_role("region", name="failed for this account")
    await expect(banner).to_contain_text("The bill day of 5 Jan 2026 failed")
    await expect(banner).to_contain_text("Two currencies")
    await check_accessibility(page)
    await banner.get_by_role("link", name="Show the run").click()
    of_run = page.get_by_role("region", name="Quarantined", exact=True)
    await expect(of_run).to_contain_text("Retried by the next run")
    run_page = page.url
    await expect(of_run.get_by_role("row").last).to_contain_text("By the next run")
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs").click()
    row = page.get_by_role("region", name="Quarantined").locator("tbody tr")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text(re.compile("Quarantined Here.*Bills.*Two currencies"))
    await expect(row.get_by_role("link", name="Quarantined Here")).to_be_visible()
    await check_lists_on_phone(page)
    await page.set_viewport_size(WIDE)
    await button(page, "Run the bill day…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("combobox", name="Job")).to_have_value("Bill day")
    await button(dialog, "Start").click()
    await expect(dialog).to_be_hidden()
    # The newest run has quarantined nothing.
    await expect(page.get_by_role("region", name="Quarantined")).to_have_count(0)
    await page.goto(run_page)
    await expect(of_run).to_contain_text("Retried by a later run")
    await expect(of_run.get_by_role("row").last).to_contain_text("By a later run")
    await expect(of_run.get_by_role("button", name="Retry now…")).to_have_count(0)
    await page.goto(f"/accounts/{account['number']}")
    await expect(page.get_by_role("heading", level=1, name="Quarantined Here")).to_be_visible()
    await expect(banner).to_have_count(0)
    runs = "{ jobRuns(kind: [BILL_DAY], first: 1) { nodes { requestedBy businessDate } } }"
    [run] = (await api.ask(runs))["jobRuns"]["nodes"]
    today = (await api.ask("{ clock { today } }"))["clock"]["today"]
    assert run == {"requestedBy": "admin@example.com", "businessDate": today}


async def test_bill_days_in_the_calendar(page: Page, api: Api) -> None:
    """Beside the deferred actions of a day: what is to be billed, and the run with its bills."""
    today = (await api.ask("{ clock { today } }"))["clock"]["today"]
    # The last month has bills, whatever day it is.
    end = datetime.fromisoformat(today).replace(day=1)
    first = (end - timedelta(days=1)).replace(day=1)
    month = f"{first:%Y-%m}"
    document = """query ($from: Date!, $to: Date!) {
      billDays(from: $from, to: $to) { date bills billUnits jobRun { id } }
    }"""
    days = (await api.ask(document, **{"from": f"{first:%Y-%m-%d}", "to": f"{end:%Y-%m-%d}"}))[
        "billDays"
    ]
    billed = next(it for it in days if it["bills"] and it["jobRun"])
    await page.goto(f"/deferred-actions/calendar?month={month}")
    await expect(page.get_by_role("status", name="In this month")).to_contain_text(
        re.compile(rf"{len(days)} bill days?$")
    )
    day = datetime.fromisoformat(billed["date"])
    cell = page.get_by_role("button", name=f"{day:%A}, {day.day} {day:%B %Y}: ")
    bills = f"{billed['bills']:,} bill"
    await expect(cell).to_contain_text(re.compile(f"bill day: {bills}"))
    await cell.click()
    opened = page.get_by_role("region", name="Bill day")
    await expect(opened).to_contain_text(bills)
    await wait_until_idle(page)
    await check_accessibility(page)
    await opened.get_by_role("link", name="Show the bills").click()
    count = page.get_by_role("status").filter(has_text=re.compile("^[\\d,]+ bill"))
    await expect(count).to_have_text(re.compile(f"^{bills}s?$"))
    await page.go_back()
    await opened.get_by_role("link", name="Show the run").click()
    await expect(page.get_by_role("heading", level=1, name="Bill day", exact=False)).to_be_visible()
