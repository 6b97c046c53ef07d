"""The jobs page: live progress, cancelled and started runs, and retries of failed actions."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect
from sqlalchemy import delete, insert

from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.graphql.types.ids import global_id, parse_global_id
from tenure.holds.models import Status
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.db import Database
from tests.browser.conftest import Api, Server
from tests.browser.page_checks import check_accessibility, check_fits_phone, wait_until_idle
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(600)]

ACTIONS = 5_000
ACCOUNTS = 10
# Records every text that the progress shows from now on.
WATCH = """() => {
  window.progress = []
  const record = () => document.querySelectorAll('[data-progress]').forEach((it) => {
    if (window.progress.at(-1) !== it.textContent) window.progress.push(it.textContent)
  })
  const changes = { childList: true, subtree: true, characterData: true }
  new MutationObserver(record).observe(document.body, changes)
}"""


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """The database of the server, for bulk data. Deletes pending actions after the test."""
    opened = Database(f"sqlite:///{server.database}")
    yield opened
    async with opened.engine.begin() as connection:
        created_here = (
            DeferredAction.created_by == __name__,
            DeferredAction.status == DeferredStatus.PENDING,
        )
        await connection.execute(delete(DeferredAction).where(*created_here))
    await opened.close()


async def schedule_changes(
    api: Api, database: Database, count: int, *, at: datetime | None = None
) -> datetime:
    """Schedule alternating inactivations and reactivations of a few accounts.

    They are scheduled for `at`, by default in ten minutes. Returns a time at which all are due.
    """
    numbers = [
        parse_global_id((await api.new_account(f"Busy {place}"))["id"]) for place in range(ACCOUNTS)
    ]
    accounts = [it[1] for it in numbers if it]
    now = await api.now()
    at = at or now + timedelta(minutes=10)
    rows = [
        {
            "kind": DeferredKind.CHANGE_ACCOUNT_STATUS,
            "status": DeferredStatus.PENDING,
            "account_id": accounts[place % ACCOUNTS],
            "summary": f"Change {place}",
            "to_status": Status.ACTIVE if place // ACCOUNTS % 2 else Status.INACTIVE,
            "scheduled_for": at,
            "created_by": __name__,
            "created_at": now,
        }
        for place in range(count)
    ]
    async with database.engine.begin() as connection:
        await connection.execute(insert(DeferredAction), rows)
    return at + timedelta(minutes=1)


async def next_day_without_bill_day(api: Api) -> datetime:
    """The start of the next day without a bill day; the scheduler starts one per day only."""
    runs = (await api.ask("{ jobRuns(first: 100) { nodes { kind businessDate } } }"))["jobRuns"][
        "nodes"
    ]
    taken = {run["businessDate"] for run in runs if run["kind"] == "BILL_DAY"}
    day = (await api.now()).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.date().isoformat() in taken:
        day += timedelta(days=1)
    return day


async def test_live_progress(page: Page, api: Api, real_time: None, database: Database) -> None:
    """After the clock is set, the scheduler starts the job, and the page shows its progress."""
    after = await schedule_changes(api, database, ACTIONS)
    await page.goto("/jobs")
    await expect(page.get_by_text("No jobs running")).to_be_visible()
    await page.evaluate(WATCH)
    await api.set_clock(after)
    running = page.get_by_role("article", name="Deferred actions", exact=False)
    await expect(running.get_by_text("Running", exact=True)).to_be_visible()
    rows = page.get_by_role("table", name="Job history").get_by_role("row")
    ended = rows.filter(has_text=re.compile(r"5,0\d\d of 5,0\d\d")).first
    await expect(ended).to_be_visible(timeout=1000 * PATIENCE)
    await expect(page.get_by_text("No jobs running")).to_be_visible()
    await expect(ended).to_contain_text("scheduler")
    seen = [
        int(text.split()[0].replace(",", "")) for text in await page.evaluate("window.progress")
    ]
    assert seen == sorted(seen)
    assert [count for count in seen if 0 < count < ACTIONS] != []


async def test_live_steps_of_a_bill_day(
    page: Page, api: Api, real_time: None, database: Database
) -> None:
    """The page shows the current step with its progress, and the waiting steps."""
    after = await schedule_changes(api, database, ACTIONS, at=await next_day_without_bill_day(api))
    await page.goto("/jobs")
    await expect(page.get_by_text("No jobs running")).to_be_visible()
    await api.set_clock(after)
    running = page.get_by_role("article", name="Bill day", exact=False)
    current = running.locator("[aria-current=step]")
    await expect(current).to_have_text(
        re.compile(r"^Deferred actionsRunning · \d,\d{3} of [\d,]+$")
    )
    await expect(running.locator("[data-step=bills]")).to_have_text(re.compile("^BillsWaiting"))
    await running.get_by_role("link", name="Bill day").click()
    await expect(page.get_by_role("heading", level=1, name="Bill day", exact=False)).to_be_visible()
    first = page.locator("[data-step='deferred actions']")
    await expect(first).to_have_text(
        re.compile(r"^Deferred actionsCompleted · [\d,]+"), timeout=1000 * PATIENCE
    )
    await expect(page.locator("[data-step='overdue accounts']")).to_have_text(
        re.compile("Completed|Nothing to do")
    )
    await expect(page.locator("[aria-current=step]")).to_have_count(0)


async def test_cancel_run(page: Page, api: Api, real_time: None, database: Database) -> None:
    """After a confirmation; pending actions stay pending."""
    after = await schedule_changes(api, database, 3 * ACTIONS)
    await page.goto("/jobs")
    await expect(page.get_by_text("No jobs running")).to_be_visible()
    await api.set_clock(after)
    running = page.get_by_role("article", name="Deferred actions", exact=False)
    await running.get_by_role("button", name="Cancel run").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Pending ones wait for the next run.")).to_be_visible()
    await dialog.get_by_role("button", name="Cancel run").click()
    await expect(dialog).to_be_hidden()
    await expect(
        page.get_by_role("table").get_by_text("Cancelled by admin@example.com.")
    ).to_be_visible()
    pending = "{ deferredActions(filter: { status: [PENDING] }) { totalCount } }"
    assert (await api.ask(pending))["deferredActions"]["totalCount"] > 1_000


async def test_start_job(page: Page) -> None:
    """For an earlier business date. No job is preselected: the wrong one would be costly."""
    await page.goto("/jobs")
    await page.get_by_role("button", name="Start a job").click()
    dialog = page.get_by_role("dialog")
    job = dialog.get_by_role("combobox", name="Job")
    await expect(job).to_have_value("")
    await dialog.get_by_role("textbox", name="Business date").fill("12.10.2026")
    await dialog.get_by_role("button", name="Start").click()
    await expect(dialog.get_by_text("Choose a job").last).to_be_visible()
    await job.click()
    await page.get_by_role("option", name="Deferred actions").click()
    await expect(dialog.locator("[data-echo]")).to_have_text("Monday, 12 October 2026")
    await dialog.get_by_role("button", name="Start").click()
    await expect(dialog).to_be_hidden()
    ended = (
        page.get_by_role("table", name="Job history")
        .get_by_role("row")
        .filter(has_text="12 Oct 2026")
        .first
    )
    await expect(ended).to_contain_text("Completed")
    await expect(ended).to_contain_text("admin@example.com")


async def schedule_failing_moves(api: Api, *names: str) -> str:
    """Schedule moves that fail because the paying parent is closed; returns its id."""
    parent = await api.new_account(f"Parent of {names[0]}")
    due_at = (await api.now()) + timedelta(minutes=10)
    for name in names:
        child = await api.new_account(name)
        await api.move(child["id"], parent["id"], due_at)
    await api.change_status(parent["id"], "CLOSED")
    await api.set_clock(due_at + timedelta(minutes=1))
    return str(parent["id"])


async def test_failures_are_shown_and_retried(page: Page, api: Api, real_time: None) -> None:
    """Failures with reason and account; retries of one and of all, with their results."""
    names = ["Failed One", "Failed Two", "Failed Three"]
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=2, name="Running now")).to_be_visible()
    parent_id = await schedule_failing_moves(api, *names)
    await page.get_by_role("link", name="3 failures").first.click()
    await expect(page).to_have_url(re.compile("/jobs/.+"))
    table = page.get_by_role("table", name="Failures")
    for name in names:
        await expect(table.get_by_role("link", name=name)).to_be_visible()
    await expect(table.get_by_text("The paying account is closed.")).to_have_count(3)
    await wait_until_idle(page)
    await check_accessibility(page)
    search = page.get_by_role("searchbox", name="Search the failures")
    await search.fill("closed PAYING")
    await expect(page).to_have_url(re.compile("q=closed.PAYING"))
    await expect(table.get_by_role("row")).to_have_count(4)
    await search.fill("nothing like this")
    await expect(page.get_by_text("No failure matches")).to_be_visible()
    await page.get_by_role("button", name="Clear filters").last.click()
    await page.get_by_role("button", name="Kind", exact=True).click()
    await page.get_by_role("checkbox", name="Change account status").check()
    await expect(page.get_by_text("No failure matches")).to_be_visible()
    await page.get_by_role("checkbox", name="Change account status").uncheck()
    await page.keyboard.press("Escape")
    await expect(table.get_by_role("row")).to_have_count(4)

    dialog = page.get_by_role("dialog")
    again = table.get_by_role("row").filter(has_text=names[2])
    await again.get_by_role("button", name="Retry", exact=False).click()
    await dialog.get_by_role("button", name="Run now").click()
    await expect(dialog.locator("[data-result]")).to_contain_text("Failed: ")
    await check_accessibility(page)
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(table.get_by_role("row")).to_have_count(3)

    await api.change_status(parent_id, "ACTIVE")
    await page.get_by_role("button", name="Retry all").click()
    await dialog.get_by_role("button", name="Retry 2 failures").click()
    await expect(dialog.get_by_role("status")).to_have_text("2 actions completed, 0 failed again")
    await check_accessibility(page)
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(page.get_by_text("No failures")).to_be_visible()
    await check_fits_phone(page)

    await page.get_by_role("link", name="All failed actions").click()
    await (
        page.get_by_role("row")
        .filter(has_text=names[2])
        .get_by_role("button", name="Actions for", exact=False)
        .click()
    )
    await page.get_by_role("menuitem", name="Run now…").click()
    await dialog.get_by_role("button", name="Run now").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("row").filter(has_text=names[2])).to_have_count(0)


async def test_notice_about_a_lost_connection(page: Page, api: Api) -> None:
    """The page polls meanwhile; the notice disappears when the connection is back."""
    is_down = True

    async def answer(socket: WebSocketRoute) -> None:
        if is_down:
            await socket.close(code=1013)
        else:
            socket.connect_to_server()

    await page.route_web_socket(re.compile("/graphql$"), answer)
    await page.goto("/jobs")
    notice = page.get_by_text("Live progress is interrupted")
    await expect(notice).to_be_visible()
    await check_accessibility(page)
    document = """mutation ($day: Date!) {
      startJob(input: { kind: DEFERRED_ACTIONS, businessDate: $day }) { jobRun { id } }
    }"""
    await api.ask(document, day="2026-10-13")
    ended = (
        page.get_by_role("table", name="Job history")
        .get_by_role("row")
        .filter(has_text="13 Oct 2026")
    )
    await expect(ended.first).to_be_visible()
    await expect(notice).to_be_visible()
    is_down = False
    await expect(notice).to_have_count(0)
    await api.ask(document, day="2026-10-14")
    ended = (
        page.get_by_role("table", name="Job history")
        .get_by_role("row")
        .filter(has_text="14 Oct 2026")
    )
    await expect(ended.first).to_be_visible()


async def test_failed_run_shows_its_reason(page: Page, database: Database) -> None:
    """On the page of the run."""
    reason = "Step “bills”: No progress. Still due after 3 attempts: 12."
    when = datetime(2026, 1, 1, tzinfo=UTC)
    columns = {
        "kind": JobKind.BILL_DAY,
        "status": JobRunStatus.FAILED,
        "business_date": when.date(),
    }
    texts = {"failure": reason, "requested_by": __name__, "created_at": when, "finished_at": when}
    counts = {"total": 12, "done": 0, "failed": 0, "failed_attempts": 0}
    async with database.engine.begin() as connection:
        [run_id] = (
            await connection.execute(insert(JobRun).values(**columns, **texts, **counts))
        ).inserted_primary_key
    await page.goto(f"/jobs/{global_id('JobRun', run_id)}")
    await expect(page.get_by_text("Failed", exact=True)).to_be_visible()
    await expect(page.get_by_text(reason)).to_be_visible()
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)


CONSEQUENCES = {
    ("BILL_DAY", None): "Bills and payments that were made stay.",
    ("DEFERRED_ACTIONS", None): "Pending ones wait for the next run.",
    ("STATUS_CHANGE", None): "Accounts that were changed stay changed.",
    ("IMPORT", "IMPORT"): "Imported accounts stay.",
    ("IMPORT", "CHECK"): "A check changes nothing.",
}


@pytest.mark.parametrize(("kind", "mode"), CONSEQUENCES)
async def test_what_cancelling_leaves(page: Page, kind: str, mode: str | None) -> None:
    """Of each kind of job in its own words."""
    found = {
        "__typename": "JobRun",
        **dict.fromkeys(("step", "failure", "startedAt", "finishedAt")),
        **dict.fromkeys(("total", "done", "failed"), 0),
        "id": "1",
        "kind": kind,
        "status": "RUNNING",
        "businessDate": "2026-12-01",
        "requestedBy": "ana",
        "createdAt": "2026-12-01T12:00:00Z",
        "importRun": mode and {"__typename": "ImportRun", "id": "2", "mode": mode},
    }

    async def answer(route: Route) -> None:
        if "query JobRunSubject" in (route.request.post_data or ""):
            await route.fulfill(json={"data": {"node": found}})
        else:
            await route.continue_()

    await page.route("**/graphql", answer)
    await page.goto("/jobs?dialog=cancel-job&on=1")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text(CONSEQUENCES[kind, mode])).to_be_visible()
    await expect(dialog.get_by_role("button", name="Cancel run")).to_be_visible()
