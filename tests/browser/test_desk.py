"""The frame of the page: language, end of the session, search from anywhere, tools of lists."""

import re
import subprocess
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Api, Server
from tests.browser.console import Console
from tests.browser.page_checks import check_accessibility, press_keys, wait_until_idle
from tests.shared import ROOT

pytestmark = [pytest.mark.anyio]


async def test_page_in_german(page: Page, api: Api) -> None:
    """The language is chosen in the menu of the user and kept on the device."""
    account = await api.new_account("Desk German")
    await page.goto(f"/accounts?q={account['number']}")
    await page.get_by_role("button", name="admin@example.com, Admin").click()
    await page.get_by_role("menuitem", name="Deutsch").click()
    await expect(page.get_by_role("heading", level=1, name="Konten")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(page.get_by_role("row").filter(has_text="Desk German")).to_contain_text("Aktiv")
    await page.reload()
    await expect(page.get_by_text("1 Konto", exact=True)).to_be_visible()
    await check_accessibility(page)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_keyboard_help_fits_a_low_window(page: Page, language: str) -> None:
    """Nothing of it has to be scrolled to."""
    await page.set_viewport_size({"width": 1440, "height": 700})
    await page.add_init_script(f"localStorage.setItem('tenure-language', '{language}')")
    await page.goto("/?dialog=keyboard")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("table")).to_have_count(2)
    await expect(page.locator("html")).to_have_attribute("lang", language)
    assert await dialog.evaluate("dialog => dialog.scrollHeight <= dialog.clientHeight")


async def test_form_outlives_the_session(page: Page, api: Api, server: Server) -> None:
    """What was typed is kept, and sent after the user has signed in again."""
    account = await api.new_account("Desk Session")
    await page.goto(f"/accounts/{account['number']}")
    await page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit")
    await form.get_by_label("Name").fill("Desk Session Renamed")
    await page.context.clear_cookies()
    await form.get_by_role("button", name="Save").click()
    again = page.get_by_role("dialog", name="Your session has ended")
    await expect(again.get_by_label("E-mail")).to_have_value("admin@example.com")
    await expect(again.get_by_role("textbox", name="Password")).to_be_focused()
    await check_accessibility(page)
    await page.keyboard.press("Escape")
    await expect(form.get_by_label("Name")).to_have_value("Desk Session Renamed")
    password = again.get_by_role("textbox", name="Password")
    await password.fill(server.passwords["admin@example.com"])
    await again.get_by_role("button", name="Sign in").click()
    await expect(again).to_be_hidden()
    await expect(form).to_be_hidden()
    heading = page.get_by_role("heading", level=1, name="Desk Session Renamed")
    await expect(heading).to_be_visible()


@pytest.mark.parametrize(
    ("path", "link"),
    [("/accounts", "Export"), ("/bills", "Export"), ("/bills/{bill}", "PDF")],
)
async def test_download_outlives_the_session(
    page: Page, api: Api, server: Server, path: str, link: str
) -> None:
    """It waits for the sign-in; the browser alone would not say why it fails."""
    found = await api.ask(
        "{ bills(filter: { status: [OPEN, PAID] }, first: 1) { nodes { number } } }"
    )
    await page.goto(path.format(bill=found["bills"]["nodes"][0]["number"]))
    await expect(page.get_by_role("link", name=link, exact=True)).to_be_visible()
    await page.context.clear_cookies()
    await page.get_by_role("link", name=link, exact=True).click()
    again = page.get_by_role("dialog", name="Your session has ended")
    password = again.get_by_role("textbox", name="Password")
    await password.fill(server.passwords["admin@example.com"])
    async with page.expect_download() as downloads:
        await again.get_by_role("button", name="Sign in").click()
    downloaded = await (await downloads.value).path()
    assert downloaded.stat().st_size > 100


async def test_download_without_a_connection(page: Page, console: Console) -> None:
    """The page says why nothing is downloaded."""
    await page.goto("/accounts")
    export = page.get_by_role("link", name="Export")
    await expect(export).to_be_visible()
    await wait_until_idle(page)
    console.allow(re.compile(".*net::ERR_FAILED.*", re.DOTALL))
    await page.route("**/graphql", lambda route: route.abort())
    await export.click()
    message = "Can't reach Tenure. Check your connection and try again."
    await expect(page.get_by_text(message).first).to_be_visible()


async def test_search_starts_actions_and_remembers(page: Page, api: Api) -> None:
    """On the page of an account its changes are offered; opened results come first next time."""
    account = await api.new_account("Desk Search")
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await press_keys(page, "/")
    search = page.get_by_role("dialog", name="Search")
    await expect(search.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type(account["number"])
    await expect(search.get_by_text("Desk Search")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Desk Search")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", level=1, name="Desk Search")).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(search.get_by_role("button").first).to_contain_text("Desk Search")
    await expect(search.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("schedule clos")
    await expect(search.get_by_role("button")).to_have_text(["Schedule closing…"])
    await check_accessibility(page)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("choice=CLOSED"))


REOPEN = re.compile("^Reactivate…Desk Ended · ")


async def offered(page: Page, text: str) -> Locator:
    """The entries of the search, opened from a list, for a text."""
    await page.goto("/bills")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    search = page.get_by_role("dialog", name="Search")
    await expect(search.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type(text)
    return search.get_by_role("button")


@pytest.mark.parametrize("is_fast", [False, True])
async def test_search_starts_a_change_of_any_account(page: Page, api: Api, is_fast: bool) -> None:
    """ "close A-1027": the dialog opens on the page of the account, which nothing has changed."""
    account = await api.new_account("Desk Request")
    number = account["number"]
    entries = await offered(page, f"close {number.replace('-', ' ').lower()}")
    if not is_fast:
        await expect(entries).to_have_text([f"Schedule closing…Desk Request · {number}"])
        await check_accessibility(page)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(rf"/accounts/{number}\?dialog=change-status.*CLOSED"))
    dialog = page.get_by_role("dialog", name="Desk Request")
    await expect(dialog.get_by_role("radio", name="Close", exact=True)).to_be_checked()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", level=1, name="Desk Request")).to_be_visible()


async def test_search_offers_only_changes_that_are_allowed(page: Page, api: Api) -> None:
    """A closed account can be reopened, and no payment is recorded on it here."""
    account = await api.new_account("Desk Ended")
    await api.change_status(account["id"], "CLOSED")
    for change, labels in {"reopen": [REOPEN], "record payment": [], "close": []}.items():
        entries = await offered(page, f"{change} {account['number']}")
        if not labels:
            await expect(page.get_by_text("No results for")).to_be_visible()
        await expect(entries).to_have_text(labels)


@pytest.mark.parametrize("context", ["viewer@example.com"], indirect=True)
async def test_search_offers_no_change_to_a_viewer(page: Page) -> None:
    entries = await offered(page, "close A-1001")
    await expect(page.get_by_text("No results for")).to_be_visible()
    await expect(entries).to_have_count(0)


async def test_columns_views_and_keys_of_a_list(page: Page, api: Api) -> None:
    """Kept on the device; j, k and Enter walk the rows."""
    for name in ("Desk List One", "Desk List Two"):
        await api.new_account(name)
    await page.goto("/accounts?q=desk+list&sort=NAME_ASC")
    table = page.get_by_role("table", name="Accounts")
    await expect(table.get_by_role("row")).to_have_count(3)
    export = await page.get_by_role("link", name="Export").get_attribute("href")
    file = await page.context.request.get(export or "")
    assert re.findall("Desk List \\w+", await file.text()) == ["Desk List One", "Desk List Two"]
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label("Phone").uncheck()
    await expect(table.get_by_role("columnheader", name="Phone")).to_have_count(0)
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Views").click()
    await page.get_by_label("Name of the view").fill("Lists")
    await page.get_by_role("button", name="Save").click()
    await check_accessibility(page)
    await page.goto("/accounts?status=CLOSED")
    await page.get_by_role("button", name="Views").click()
    await page.get_by_role("button", name="Lists", exact=True).click()
    await expect(page).to_have_url(re.compile(r"/accounts\?q=desk.list&sort=NAME_ASC$"))
    await expect(table.get_by_role("row")).to_have_count(3)
    await expect(table.get_by_role("columnheader", name="Phone")).to_have_count(0)

    await press_keys(page, "j", "j", "k", "j", "Enter")
    await expect(page.get_by_role("heading", level=1, name="Desk List Two")).to_be_visible()


async def test_numbers_of_the_home_page_lead_to_their_lists(page: Page, api: Api) -> None:
    """The list has as many entries as the number says, and the figures are charts."""
    parent = await api.new_account("Desk Home Parent")
    child = await api.new_account("Desk Home Child")
    await api.move(child["id"], parent["id"], (await api.now()) + timedelta(hours=1))
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    await expect(page.get_by_role("img", name="Accounts by status")).to_be_visible()
    due = page.get_by_role("link", name="Due within seven days")
    shown = re.compile(r"days\s*([\d,]+)\s*Deferred")
    await expect(due).to_have_text(shown)
    number = shown.search(await due.inner_text())
    assert number, await due.inner_text()
    await due.click()
    listed = re.compile(rf"^{number[1]} deferred actions?$")
    await expect(page.get_by_text(listed)).to_be_visible()


def test_first_load_is_small(server: Server) -> None:
    """At most 200 KB of script and 40 KB of styles, gzipped, before the first screen shows."""
    done = subprocess.run(
        ["node", "scripts/size.mjs"],
        check=False,
        cwd=ROOT / "frontend",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
