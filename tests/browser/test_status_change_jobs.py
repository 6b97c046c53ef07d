"""Status changes of many accounts: selection in the list, preview, job, results and retry."""

import asyncio
import csv
import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import Api
from tests.browser.page_checks import (
    check_accessibility,
    check_fits_phone,
    check_lists_on_phone,
    wait_until_idle,
)

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(180)]

AGENT = pytest.mark.parametrize("context", ["agent@example.com"], indirect=True)
PAGE_SIZE = 25
# Of a document.
MOST_FIELDS = 30


async def new_accounts(api: Api, count: int) -> tuple[str, list[str]]:
    """Creates accounts with a common word in their names. Returns the word and their ids."""
    word = f"bulk{uuid4().hex[:10]}"
    fields = [
        f'a{n}: createAccount(input: {{name: "{word} {n:02}"}}) {{ account {{ id }} }}'
        for n in range(count)
    ]
    made: dict[str, Any] = {}
    for start in range(0, count, MOST_FIELDS):
        some = fields[start : start + MOST_FIELDS]
        made |= await api.ask(f"mutation {{ {' '.join(some)} }}")
    return word, [made[f"a{n}"]["account"]["id"] for n in range(count)]


def bar(page: Page) -> Locator:
    """The bar above the list that appears with a selection."""
    return page.get_by_role("toolbar", name="Selected accounts")


async def status_counts(api: Api, word: str) -> dict[str, int]:
    """How many of the accounts have each status."""
    document = (
        "query($q: String) { accounts(filter: {search: $q}, first: 100) { nodes { status } } }"
    )
    found = [it["status"] for it in (await api.ask(document, q=word))["accounts"]["nodes"]]
    return {status: found.count(status) for status in sorted(set(found))}


@AGENT
async def test_selected_by_keyboard(page: Page, api: Api) -> None:
    """J and x select rows, also on another page of the list. An agent starts and sees the job."""
    word, _ = await new_accounts(api, PAGE_SIZE + 1)
    await page.goto(f"/accounts?q={word}&sort=NAME_ASC")
    await expect(page.get_by_text(f"{PAGE_SIZE + 1} accounts")).to_be_visible()
    await expect(bar(page)).to_have_count(0)
    for key in "jxjx":
        await page.keyboard.press(key)
    await expect(bar(page)).to_contain_text("2 selected")
    await page.get_by_role("button", name="Next", exact=True).click()
    await page.get_by_label(f"Select {word} 25").click()
    await expect(bar(page)).to_contain_text("3 selected")
    await check_accessibility(page)
    await check_fits_phone(page)
    await bar(page).get_by_role("button", name="Change status…").click()
    dialog = page.get_by_role("dialog", name="Change status of 3 accounts")
    await expect(dialog.locator("[data-impact]")).to_have_text("3 accounts")
    await dialog.get_by_label("Reason").fill("Fraud suspected")
    await wait_until_idle(page)
    await check_accessibility(page)
    await check_fits_phone(page)
    await dialog.get_by_role("button", name="Inactivate 3 accounts").click()
    await expect(page).to_have_url(re.compile(r"/jobs/[^/]+$"))
    await expect(page.get_by_text("Inactivates accounts · Reason: Fraud suspected")).to_be_visible()
    results = page.get_by_role("table", name="Results")
    await expect(results.get_by_text("Done", exact=True)).to_have_count(3)
    await expect(results.get_by_text(f"{word} 25")).to_be_visible()
    await expect(page.get_by_text("Completed", exact=True).first).to_be_visible()
    await wait_until_idle(page)
    await check_lists_on_phone(page)
    assert await status_counts(api, word) == {"ACTIVE": PAGE_SIZE - 2, "INACTIVE": 3}


@AGENT
async def test_all_that_match(page: Page, api: Api) -> None:
    """The preview names who can't be changed; the failed one is filtered, exported and retried."""
    word, ids = await new_accounts(api, PAGE_SIZE + 5)
    await api.change_status(ids[3], "CLOSED")
    await page.goto(f"/accounts?q={word}")
    await page.get_by_label("Select all on this page").click()
    await expect(bar(page)).to_contain_text(f"{PAGE_SIZE} selected")
    total = PAGE_SIZE + 5
    await bar(page).get_by_role("button", name=f"Select all {total} accounts that match").click()
    await expect(bar(page)).to_contain_text(f"All {total} accounts that match are selected")
    await bar(page).get_by_role("button", name="Change status…").click()
    dialog = page.get_by_role("dialog", name=f"Change status of {total} accounts")
    await expect(dialog.locator("[data-impact]")).to_have_text(f"{total - 1} accounts")
    await expect(dialog.get_by_text("1 account can't be changed")).to_be_visible()
    await expect(dialog.get_by_text(f"{word} 03: Account")).to_be_visible()
    assert await status_counts(api, word) == {"ACTIVE": total - 1, "CLOSED": 1}
    await dialog.get_by_role("button", name=f"Inactivate {total} accounts").click()
    await expect(page.get_by_text("Completed with errors", exact=True).first).to_be_visible()
    assert await status_counts(api, word) == {"CLOSED": 1, "INACTIVE": total - 1}

    await page.get_by_role("button", name="Result", exact=True).click()
    await page.get_by_label("Failed", exact=True).check()
    await page.keyboard.press("Escape")
    results = page.get_by_role("table", name="Results")
    await expect(results.get_by_role("row")).to_have_count(2)
    await page.reload()
    await expect(results.get_by_text("Reopen it first.")).to_be_visible()
    await expect(results.get_by_role("row")).to_have_count(2)
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Export failures").click()
    downloaded = await (await downloading.value).path()
    [header, row] = csv.reader(StringIO(downloaded.read_text(encoding="utf-8")))
    assert (header[1:3], row[1:3]) == (["name", "error_code"], [f"{word} 03", "NOT_ALLOWED"])

    await page.get_by_role("button", name="Retry 1 account").click()
    dialog = page.get_by_role("dialog", name="Change status of 1 account")
    await expect(dialog.get_by_text("1 account can't be changed")).to_be_visible()
    await dialog.get_by_text("Reactivate", exact=True).click()
    await expect(dialog.locator("[data-impact]")).to_have_text("1 account")
    await dialog.get_by_role("button", name="Reactivate 1 account").click()
    await expect(page.get_by_text("Reactivates accounts")).to_be_visible()
    await expect(results.get_by_text("Done", exact=True)).to_have_count(1)
    assert await status_counts(api, word) == {"ACTIVE": 1, "INACTIVE": total - 1}


async def all_three_chosen(page: Page, word: str) -> Locator:
    """The dialog for all active accounts that match the word, which are three."""
    await page.goto(f"/accounts?q={word}&status=%5B%22ACTIVE%22%5D")
    await page.get_by_label(f"Select {word} 00").click()
    await bar(page).get_by_role("button", name="Select all 3 accounts that match").click()
    await bar(page).get_by_role("button", name="Change status…").click()
    return page.get_by_role("dialog", name="Change status of 3 accounts")


@AGENT
async def test_another_number_matches_now(page: Page, api: Api) -> None:
    """What was chosen is what is changed, or nothing is."""
    word, ids = await new_accounts(api, 3)
    dialog = await all_three_chosen(page, word)
    await expect(dialog.locator("[data-impact]")).to_have_text("3 accounts")
    await api.change_status(ids[2], "INACTIVE")
    await dialog.get_by_role("button", name="Inactivate 3 accounts").click()
    await expect(
        dialog.get_by_text("2 accounts match now, not 3. Check them, then try again.").first
    ).to_be_visible()
    assert await status_counts(api, word) == {"ACTIVE": 2, "INACTIVE": 1}


@pytest.mark.parametrize("sees_it", ["in the preview", "after submission"])
async def test_another_number_is_previewed_again(page: Page, api: Api, sees_it: str) -> None:
    """With one click; what was typed is kept."""
    word, ids = await new_accounts(api, 3)
    dialog = await all_three_chosen(page, word)
    await dialog.get_by_label("Note").fill("Agreed on the phone")
    await expect(dialog.locator("[data-impact]")).to_have_text("3 accounts")
    await api.change_status(ids[2], "INACTIVE")
    if sees_it == "in the preview":
        await dialog.get_by_text("Close", exact=True).click()
        await expect(dialog.get_by_text("2 accounts match now, not 3.")).to_be_visible()
        await dialog.get_by_text("Inactivate", exact=True).click()
    else:
        await dialog.get_by_role("button", name="Inactivate 3 accounts").click()
    again = dialog.get_by_role("button", name="Preview again")
    await expect(again).to_be_visible()
    await again.click()
    dialog = page.get_by_role("dialog", name="Change status of 2 accounts")
    await expect(dialog.locator("[data-impact]")).to_have_text("2 accounts")
    await expect(dialog.get_by_text("match now")).to_have_count(0)
    await expect(dialog.get_by_label("Note")).to_have_value("Agreed on the phone")
    await dialog.get_by_role("button", name="Inactivate 2 accounts").click()
    await expect(page.get_by_text("Completed", exact=True).first).to_be_visible()
    assert await status_counts(api, word) == {"INACTIVE": 3}


async def test_closing_is_confirmed_and_scheduled(page: Page, api: Api) -> None:
    """Closing needs a confirmation. On a date, the job schedules it."""
    word, _ = await new_accounts(api, 2)
    await page.goto(f"/accounts?q={word}")
    await page.get_by_label("Select all on this page").click()
    await bar(page).get_by_role("button", name="Change status…").click()
    dialog = page.get_by_role("dialog", name="Change status of 2 accounts")
    await dialog.get_by_text("Close", exact=True).click()
    await expect(dialog.get_by_role("button", name="Close 2 accounts")).to_be_disabled()
    await dialog.get_by_label("I understand").check()
    await dialog.get_by_text("On a date", exact=True).click()
    date = dialog.get_by_role("textbox", name="Date")
    await date.fill("2035-12-01")
    await date.press("Tab")
    await expect(dialog.locator("[data-impact]")).to_have_text("2 accounts")
    await dialog.get_by_role("button", name="Schedule for 2 accounts").click()
    await expect(page.get_by_text("Schedules: closed from", exact=False)).to_be_visible()
    results = page.get_by_role("table", name="Results")
    await expect(results.get_by_text("Done", exact=True)).to_have_count(2)
    assert await status_counts(api, word) == {"ACTIVE": 2}


@AGENT
async def test_more_accounts_than_an_address_holds(page: Page, api: Api) -> None:
    """They are selected one by one on many pages of the list; a reload keeps them."""
    count = 205
    word, _ = await new_accounts(api, count)
    await page.goto(f"/accounts?q={word}&sort=NAME_ASC")
    for shown in range(PAGE_SIZE, count + PAGE_SIZE, PAGE_SIZE):
        await page.get_by_label("Select all on this page").click()
        await expect(bar(page)).to_contain_text(f"{min(shown, count)} selected")
        if shown < count:
            await page.get_by_role("button", name="Next", exact=True).click()
            await expect(page.get_by_label("Select all on this page")).not_to_be_checked()
    await bar(page).get_by_role("button", name="Change status…").click()
    dialog = page.get_by_role("dialog", name=f"Change status of {count} accounts")
    await expect(dialog.locator("[data-impact]")).to_have_text(f"{count} accounts")
    assert len(page.url) < 300
    await page.reload()
    await dialog.get_by_role("button", name=f"Inactivate {count} accounts").click()
    await expect(page.get_by_text("Completed", exact=True).first).to_be_visible()
    found = "query($q: String) { accounts(filter: {search: $q, status: INACTIVE}) { totalCount } }"
    assert (await api.ask(found, q=word))["accounts"]["totalCount"] == count


async def test_backdated_with_conflicts(page: Page, api: Api) -> None:
    """The preview counts the actions that no longer apply; the job cancels them or not."""
    word, ids = await new_accounts(api, 2)
    later = ((await api.now()) + timedelta(days=9)).isoformat()
    for account in ids:
        await api.change_status(account, "INACTIVE", deferUntil=later)
    await page.goto(f"/accounts?q={word}")
    await page.get_by_label("Select all on this page").click()
    await bar(page).get_by_role("button", name="Change status…").click()
    dialog = page.get_by_role("dialog", name="Change status of 2 accounts")
    await dialog.get_by_text("Close", exact=True).click()
    await expect(dialog.get_by_text("2 deferred actions will no longer apply")).to_be_visible()
    await expect(dialog.get_by_label("Cancel them too")).to_be_checked()
    await dialog.get_by_text("Backdated", exact=True).click()
    date = dialog.get_by_role("textbox", name="Effective date")
    await date.fill("2001-01-01")
    await date.press("Tab")
    await expect(dialog.get_by_text("2 accounts can't be changed")).to_be_visible()
    await dialog.get_by_text("Now", exact=True).click()
    await expect(dialog.get_by_text("2 deferred actions will no longer apply")).to_be_visible()
    await dialog.get_by_label("I understand").check()
    await check_accessibility(page)
    await dialog.get_by_role("button", name="Close 2 accounts").click()
    await expect(page.get_by_text("2 deferred actions cancelled", exact=False)).to_be_visible()
    pending = """query ($id: ID!) { account(id: $id) {
      deferredActions(filter: { status: [PENDING] }) { totalCount }
    } }"""
    for account in ids:
        found = (await api.ask(pending, id=account))["account"]["deferredActions"]
        assert found["totalCount"] == 0


async def test_selection_outlives_a_look_at_an_account(page: Page, api: Api) -> None:
    """Back and a reload bring it back; neither a new visit nor a started change does."""
    word, ids = await new_accounts(api, PAGE_SIZE + 1)
    await api.change_status(ids[1], "INACTIVE")
    await page.goto(f"/accounts?q={word}&sort=NAME_ASC")
    await page.get_by_label(f"Select {word} 01").click()
    await page.get_by_role("button", name="Next", exact=True).click()
    await page.get_by_label(f"Select {word} {PAGE_SIZE}").click()
    await expect(bar(page)).to_contain_text("2 selected")
    await page.get_by_role("table", name="Accounts").get_by_role("link").first.click()
    await expect(page.get_by_role("heading", level=1, name=word)).to_be_visible()
    await page.go_back()
    await expect(bar(page)).to_contain_text("2 selected")
    await page.reload()
    await expect(bar(page)).to_contain_text("2 selected")
    await page.get_by_role("button", name="Previous", exact=True).click()
    await expect(page.get_by_label(f"Select {word} 01")).to_be_checked()

    await bar(page).get_by_role("button", name="Change status…").click()
    await page.get_by_role("button", name="Inactivate 2 accounts").click()
    await expect(page.get_by_text("1 account had this status before")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("table", name="Accounts")).to_be_visible()
    await expect(bar(page)).to_have_count(0)
    await page.get_by_label(f"Select {word} 01").click()
    await expect(bar(page)).to_contain_text("1 selected")
    await page.get_by_role("link", name="Deferred actions", exact=True).click()
    await page.get_by_role("link", name="Accounts", exact=True).click()
    await expect(page.get_by_role("table", name="Accounts")).to_be_visible()
    await expect(bar(page)).to_have_count(0)


async def test_more_accounts_than_the_list_counts(page: Page) -> None:
    """Their number is not shown before the preview has counted them."""
    counted = asyncio.Event()

    async def preview(route: Route) -> None:
        if "tenure-dry-run" not in route.request.headers:
            await route.fallback()
            return
        await counted.wait()
        empty = {"totalCount": 0, "nodes": []}
        run = {"id": "1", "total": 12_345, "done": 2_000, "failed": 0}
        impact = {
            "accounts": 2_000,
            "services": 0,
            "offers": 0,
            "conflictingDeferredActionCount": 0,
        }
        payload = {
            "jobRun": run | {"unchanged": empty, "failures": empty},
            "impact": impact | {"charged": [], "givenBack": []},
            "errors": [],
        }
        await route.fulfill(json={"data": {"startStatusChangeJob": payload}})

    await page.route("**/graphql", preview)
    choice = json.dumps(json.dumps({"filter": {}, "count": 10_000}))
    await page.goto(f"/accounts?dialog=change-statuses&choice={quote(choice)}")
    dialog = page.get_by_role("dialog", name="Change status of all accounts that match")
    submit = dialog.locator("button[type=submit]")
    await expect(submit).to_have_text("Inactivate")
    await dialog.get_by_text("On a date", exact=True).click()
    await expect(submit).to_have_text("Schedule")
    await dialog.get_by_text("Now", exact=True).click()
    counted.set()
    counting = page.get_by_role("dialog", name="Change status of 12,345 accounts")
    await expect(counting.get_by_role("button", name="Inactivate 12,345 accounts")).to_be_visible()


@pytest.mark.parametrize("context", ["viewer@example.com"], indirect=True)
async def test_a_viewer_selects_nothing(page: Page) -> None:
    """Rules 10."""
    await page.goto("/accounts")
    await expect(page.get_by_role("table", name="Accounts")).to_be_visible()
    await expect(page.get_by_label("Select all on this page")).to_have_count(0)
