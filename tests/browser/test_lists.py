"""The tools of every list: filters with a cross, sort order, columns, views, export, keys."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.page_checks import (
    WIDE,
    check_accessibility,
    check_fits_phone,
    press_keys,
    wait_until_idle,
)

pytestmark = [pytest.mark.anyio]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its table, a status with its value in the URL, a sort order, and a column."""

    path: str
    label: str
    status: str
    value: str
    sort: str
    column: str


LISTS = [
    Listed("/bills", "Bills", "Pending", "PENDING", "PERIOD_ASC", "Due on"),
    Listed("/payments", "Payments", "Succeeded", "SUCCEEDED", "CREATED_ASC", "Result"),
    Listed("/disputes", "Disputes", "Open", "OPEN", "OPENED_ASC", "Opened by"),
    Listed(
        "/deferred-actions",
        "Deferred actions",
        "Pending",
        "PENDING",
        "SCHEDULED_ASC",
        "Requested by",
    ),
]
LABELS = [it.label for it in LISTS]


@pytest.mark.parametrize("its", LISTS, ids=LABELS)
async def test_tools_of_a_list(page: Page, api: Api, its: Listed) -> None:
    """The state is in the URL, the columns and views on the device; the export has all rows."""
    await open_dispute(api, await account_with_charges(api, f"Listed {its.label}"))
    await page.goto(its.path)
    table = page.get_by_role("table", name=its.label)
    await expect(table).to_be_visible()
    await page.get_by_role("button", name="Status", exact=True).click()
    await page.get_by_role("checkbox", name=its.status, exact=True).check()
    await page.keyboard.press("Escape")
    chip = page.get_by_role("button", name=f"Status: {its.status}", exact=True)
    await expect(chip).to_be_visible()
    await expect(page).to_have_url(re.compile(f"status=.*{its.value}"))
    await page.get_by_label("Sort").select_option(its.sort)
    filtered = re.compile(f"^(?=.*status=[^&]*{its.value})(?=.*sort={its.sort})")
    await expect(page).to_have_url(filtered)
    await wait_until_idle(page)
    total = await total_of(page)
    assert total > 0
    assert await exported_rows(page) == total

    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label(its.column).uncheck()
    await expect(table.get_by_role("columnheader", name=its.column)).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Views").click()
    await page.get_by_label("Name of the view").fill("Mine")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_label("Name of the view").fill("Mine")
    await expect(page.get_by_role("button", name="Replace", exact=True)).to_be_visible()
    await expect(page.get_by_text("Replaces the view of this name")).to_be_visible()
    await page.keyboard.press("Escape")
    await check_accessibility(page)

    await page.get_by_role("button", name="Remove the filter: Status").click()
    await expect(page).not_to_have_url(re.compile("status="))
    await expect(chip).to_have_count(0)
    await page.get_by_role("button", name="Views").click()
    await page.get_by_role("button", name="Mine", exact=True).click()
    await expect(page).to_have_url(filtered)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await wait_until_idle(page)
    row = table.locator("tbody tr").first
    link = row.get_by_role("link").first
    await press_keys(page, "j")
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(table).to_have_count(0)
    await page.go_back()
    await expect(page).to_have_url(filtered)
    await wait_until_idle(page)
    await check_fits_phone(page)


async def test_the_keyboard_keeps_its_place(page: Page, api: Api) -> None:
    """A button that goes when it is pressed leaves the focus before it, not at the page's start."""
    await api.new_account("Keyboard Place")
    await page.goto("/accounts?status=%5B%22ACTIVE%22%5D&overdue=true&q=keyboard")
    await page.get_by_role("button", name="Remove the filter: Overdue").press("Enter")
    await expect(page.get_by_role("button", name="Overdue", exact=True)).to_be_focused()
    await page.get_by_role("checkbox", name="Select Keyboard Place").first.press("Space")
    toolbar = page.get_by_role("toolbar", name="Selected accounts")
    await toolbar.get_by_role("button", name="Clear").press("Enter")
    await expect(toolbar).to_have_count(0)
    assert await page.evaluate("document.activeElement !== document.body")
    await page.get_by_role("button", name="Clear filters").press("Enter")
    await expect(page).not_to_have_url(re.compile("status="))
    await expect(page.get_by_role("button", name="Overdue", exact=True)).to_be_focused()


async def total_of(page: Page) -> int:
    """The number of entries on all pages, as the list says."""
    text = await page.get_by_role("status").filter(has_text=re.compile(r"^[\d,]+ ")).inner_text()
    return int(text.split()[0].replace(",", ""))


async def exported_rows(page: Page) -> int:
    """The number of rows in the file that the list exports."""
    address = await page.get_by_role("link", name="Export").get_attribute("href")
    answer = await page.context.request.get(address or "")
    assert answer.ok, await answer.text()
    return len((await answer.text()).strip().split("\r\n")) - 1


async def test_empty_lists_say_how_to_go_on(page: Page) -> None:
    """A filter that nothing meets is cleared in place."""
    for path, title in (
        ("/bills?from=2000-01-01&to=2000-01-02", "No bill matches"),
        ("/payments?from=2000-01-01&to=2000-01-02", "No payment matches"),
        ("/disputes?from=2000-01-01&to=2000-01-02", "No dispute matches"),
        ("/jobs?kind=BILL_DAY&status=CANCELLED", "No job run matches"),
    ):
        await page.goto(path)
        await expect(page.get_by_text(title)).to_be_visible()
        await page.get_by_role("button", name="Clear filters").last.click()
        await expect(page).to_have_url(re.compile(rf"{path.split('?')[0]}$"))
        await expect(page.get_by_text(title)).to_have_count(0)


async def test_dates_of_a_list_include_the_last_one(page: Page, api: Api) -> None:
    """Both dates are days of the business, as the export has them."""
    found = await api.ask("{ payments(first: 1) { nodes { businessDate } } }")
    day = found["payments"]["nodes"][0]["businessDate"]
    await page.goto("/payments")
    for label in ("From date", "To date"):
        await page.get_by_role("textbox", name=label).fill(day)
        await page.get_by_role("textbox", name=label).press("Enter")
    await expect(page).to_have_url(re.compile(f"from={day}.*to={day}|to={day}.*from={day}"))
    await wait_until_idle(page)
    assert await total_of(page) == await exported_rows(page) > 0
    await page.get_by_role("button", name="Remove the filter: To date").click()
    await expect(page.get_by_role("textbox", name="To date")).to_have_value("")


async def business_day(api: Api) -> date:
    """Today in the time zone of the business."""
    return date.fromisoformat((await api.ask("{ clock { today } }"))["clock"]["today"])


@pytest.mark.parametrize("path", ["/bills", "/payments", "/disputes", "/audit-log"])
async def test_date_without_a_year_is_the_last_one_in_lists_of_the_past(
    page: Page, api: Api, path: str
) -> None:
    """Also the name of a day."""
    today = await business_day(api)
    day = today + timedelta(days=40)
    day = day if day.month != 2 or day.day != 29 else day + timedelta(days=1)
    last = day.replace(year=day.year - 1)
    await page.goto(path)
    field = page.get_by_role("textbox", name=re.compile("^(From date|Billed from)$"))
    await field.fill(f"{day.day}.{day.month}.")
    await field.press("Enter")
    await expect(field).to_have_value(last.isoformat())
    tomorrow = today + timedelta(days=1)
    await field.fill(f"{tomorrow:%A}")
    await field.press("Enter")
    await expect(field).to_have_value((tomorrow - timedelta(days=7)).isoformat())


async def test_date_without_a_year_is_the_next_one_in_lists_of_the_future(
    page: Page, api: Api
) -> None:
    """Deferred actions lie ahead."""
    day = await business_day(api) - timedelta(days=40)
    day = day if day.month != 2 or day.day != 29 else day - timedelta(days=1)
    await page.goto("/deferred-actions")
    field = page.get_by_role("textbox", name="From date")
    await field.fill(f"{day.day}.{day.month}.")
    await field.press("Enter")
    await expect(field).to_have_value(day.replace(year=day.year + 1).isoformat())


async def test_wide_windows_have_more_columns(page: Page, api: Api) -> None:
    """On a narrow one they can be chosen; the row menu stays in view while a table scrolls."""
    await api.new_account("Wide Columns")
    await page.set_viewport_size({"width": 2560, "height": 1200})
    await page.goto("/accounts?q=wide+columns")
    header = page.get_by_role("table", name="Accounts").get_by_role("columnheader", name="Balance")
    await expect(header).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 800})
    await expect(header).to_have_count(0)
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label("Balance").check()
    await expect(header).to_be_visible()
    await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": 640, "height": 740})
    await page.goto("/deferred-actions?status=PENDING")
    menu = page.get_by_role("button", name="Actions for", exact=False).first
    await expect(menu).to_be_visible()
    assert await is_inside(page, menu)
    await menu.click()
    await expect(page.get_by_role("menuitem", name="Cancel…")).to_be_visible()
    await check_accessibility(page)


async def is_inside(page: Page, element: Locator) -> bool:
    """Whether the element is between the left and the right edge of the window."""
    box = await element.bounding_box()
    width = await page.evaluate("innerWidth")
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


async def test_active_tab_is_in_view_on_a_phone(page: Page, api: Api) -> None:
    """The row of tabs scrolls, the page does not."""
    account = await api.new_account("Phone Tabs")
    await page.set_viewport_size({"width": 390, "height": 844})
    for tab, name in (("/deferred-actions", "Deferred actions"), ("", "Overview")):
        await page.goto(f"/accounts/{account['number']}{tab}")
        shown = page.get_by_role("tab", name=name)
        await expect(shown).to_have_attribute("aria-selected", "true")
        assert await is_inside(page, shown)


async def test_palette_finds_everything(page: Page, api: Api) -> None:
    """Accounts best match first, then bills, logins and offers; pages for administrators."""
    its = await account_with_charges(api, "Palette Payer")
    await api.new_account("Palette Payers")
    await page.goto("/catalog")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    search = page.get_by_role("dialog", name="Search")
    field = search.get_by_role("textbox")
    results = search.get_by_role("button")
    for typed, first in {
        "palette payer": re.compile(rf"^Palette Payer{its.number}"),
        its.bill_number: re.compile(f"^Bill {its.bill_number}"),
        "browser-minutes": re.compile("^Browser minutes"),
        "webhooks": re.compile("^Go to webhooks$"),
        "audit log": re.compile("^Go to the audit log$"),
    }.items():
        await field.fill(typed)
        await expect(results.first).to_have_text(first)
    await field.fill(f"net-{its.number}")
    await expect(results.filter(has_text="Palette Payer")).to_have_count(2)
    await check_accessibility(page)
    await results.last.click()
    await expect(page).to_have_url(re.compile(rf"/accounts/{its.number}/assets$"))


@dataclass(frozen=True, slots=True)
class AdminListed:
    """A list of administration: what makes an entry, a filter that finds it and one that does not.

    A filter is the name of its button and one of its values.
    """

    path: str
    label: str
    made: str
    found_by: tuple[str, str]
    not_by: tuple[str, str]
    entry: str
    column: str


WEBHOOK = """mutation { createWebhook(input: {
  url: "https://127.0.0.1:9/listed", eventKinds: [PAYMENT] }) { webhook { id } } }"""
ADMIN_LISTS = [
    AdminListed(
        "/users",
        "Users",
        """mutation { createUser(input: { email: "listed@example.com", role: MANAGER }) {
          user { id } } }""",
        ("Role", "Manager"),
        ("Status", "Disabled"),
        "listed@example.com",
        "Last sign-in",
    ),
    AdminListed(
        "/tokens",
        "API tokens",
        """mutation { createToken(input: { name: "Listed shop", role: AGENT }) {
          token { id } } }""",
        ("Role", "Agent"),
        ("Status", "Revoked"),
        "Listed shop",
        "Last used",
    ),
    AdminListed(
        "/webhooks",
        "Webhooks",
        WEBHOOK,
        ("Status", "Active"),
        ("Status", "Paused"),
        "https://127.0.0.1:9/listed",
        "Events",
    ),
    AdminListed(
        "/reasons",
        "Reasons",
        """mutation { createReason(input: {
          code: "listed", label: "Listed reason", appliesTo: [CLOSED] }) { reason { id } } }""",
        ("Status", "Offered"),
        ("Status", "Retired"),
        "Listed reason",
        "Offered for",
    ),
]


async def choose(page: Page, label: str, value: str) -> None:
    """Choose the only value of a filter."""
    await page.get_by_role("button", name=re.compile(f"^{label}(:|$)")).click()
    for box in await page.get_by_role("checkbox", checked=True).all():
        await box.uncheck()
    await page.get_by_role("checkbox", name=value, exact=True).check()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=f"{label}: {value}", exact=True)).to_be_visible()


@pytest.mark.parametrize("its", ADMIN_LISTS, ids=[it.label for it in ADMIN_LISTS])
async def test_tools_of_a_list_of_administration(
    page: Page, api: Api, usual_reasons: None, its: AdminListed
) -> None:
    """Filters as chips in the URL, columns, views, and the keys of a list."""
    made = await api.ask(its.made)
    await page.goto(its.path)
    table = page.get_by_role("table", name=its.label)
    entry = table.get_by_role("row").filter(has_text=its.entry)
    await choose(page, *its.found_by)
    await expect(entry).to_be_visible()
    await page.reload()
    await expect(entry).to_be_visible()
    await press_keys(page, "j")
    first = table.locator("tbody tr").first
    await expect(first.locator(":focus")).to_have_count(1)
    await page.get_by_role("button", name="Columns").click()
    await page.get_by_label(its.column).uncheck()
    await expect(table.get_by_role("columnheader", name=its.column)).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Views")).to_be_visible()
    await check_export(page, its)
    await check_accessibility(page)
    await check_fits_phone(page)
    await page.set_viewport_size(WIDE)
    await choose(page, *its.not_by)
    await expect(entry).to_have_count(0)
    await page.get_by_role("button", name=f"Remove the filter: {its.not_by[0]}").click()
    await expect(entry).to_be_visible()
    if its.path == "/webhooks":
        deletion = "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { message } } }"
        await api.ask(deletion, id=made["createWebhook"]["webhook"]["id"])


async def check_export(page: Page, its: AdminListed) -> None:
    """The export has the filter of the list, so the entry is in the file."""
    address = await page.get_by_role("link", name="Export").get_attribute("href")
    assert address
    assert address.startswith(f"/exports{its.path}.csv?filter=%7B%22")
    answer = await page.context.request.get(address)
    assert (answer.status, its.entry in await answer.text()) == (200, True)


@pytest.mark.parametrize(
    ("path", "link", "word"),
    [
        ("/audit-log?q=agent@example.com", "/exports/audit-log.csv?filter=", "agent@example.com"),
        ("/catalog?q=fiber", "/exports/offers.csv?filter=", "fiber"),
    ],
)
async def test_export_of_what_is_searched(page: Page, path: str, link: str, word: str) -> None:
    """Each line of the file has the word."""
    await page.goto(path)
    export = page.get_by_role("link", name="Export")
    await expect(export).to_have_attribute("href", re.compile(re.escape(link)))
    answer = await page.context.request.get(await export.get_attribute("href") or "")
    _, *lines = (await answer.text()).lower().splitlines()
    assert lines
    assert [line for line in lines if word not in line] == []


async def test_best_match_comes_first(page: Page, api: Api) -> None:
    """Where a search finds more than a page: the whole name before newer ones that begin so."""
    word = f"best{uuid4().hex[:10]}"
    named = await api.new_account(word)
    fields = (
        f'a{n}: createAccount(input: {{name: "{word}n {n}"}}) {{ account {{ id }} }}'
        for n in range(26)
    )
    await api.ask(f"mutation {{ {' '.join(fields)} }}")
    rows = page.get_by_role("table", name="Accounts").locator("tbody tr")
    exact = rows.filter(has=page.get_by_text(word, exact=True))
    await page.goto(f"/accounts?q={word}")
    await expect(rows.first.get_by_text(word, exact=True)).to_be_visible()
    await expect(exact).to_have_count(1)
    sort = page.get_by_label("Sort")
    await expect(sort).to_have_value("BEST_MATCH")
    await page.get_by_role("button", name="Next", exact=True).click()
    await expect(rows).to_have_count(2)
    await page.go_back()
    await expect(exact).to_have_count(1)
    await sort.select_option("CREATED_DESC")
    await expect(exact).to_have_count(0)
    await expect(rows).to_have_count(25)
    await page.goto(f"/accounts?q={word}&status=%5B%22CLOSED%22%5D")
    await expect(page.get_by_text("No account matches")).to_be_visible()
    other = await api.new_account("Moves below the best")
    await page.goto(f"/accounts/{other['number']}?dialog=change-hierarchy&on={other['id']}")
    await page.get_by_role("dialog").get_by_label("New parent").press_sequentially(word)
    await expect(page.get_by_role("option")).to_have_count(8)
    await expect(page.get_by_role("option").first).to_contain_text(f"{named['number']} · {word}")
