"""What was typed or chosen is kept: without a network, on a slow machine, on other screens."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.billing import account_with_bill
from tests.browser.conftest import Api
from tests.browser.console import NO_NETWORK, Console
from tests.browser.page_checks import check_accessibility, press_keys, wait_until_idle

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

SHOWN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
SELECTED = "document.querySelector('[data-action][data-selected]')?.innerText.split('\\n')[0]"
LIST_ITEM = "Choose an entry from the list."


async def no_network(route: Route) -> None:
    """The request does not reach the server."""
    await route.abort()


async def no_answer(route: Route) -> None:
    """The server refuses the request for another reason."""
    error = {"message": "Too busy.", "extensions": {"code": "INTERNAL"}}
    await route.fulfill(json={"data": None, "errors": [error]})


async def part_of_an_answer(route: Route) -> None:
    """One field of the answer is missing."""
    error = {"message": "Too busy.", "path": ["account"], "extensions": {"code": "INTERNAL"}}
    await route.fulfill(json={"data": {"account": None, "node": None}, "errors": [error]})


FAULTS = [no_network, no_answer, part_of_an_answer]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_failed_rerun_keeps_screen_and_form(
    page: Page, api: Api, console: Console, fault: Callable[[Route], Awaitable[None]]
) -> None:
    """When the tab is shown again while the server cannot answer."""
    account = await api.new_account("Cut off")
    console.allow(NO_NETWORK)
    await page.goto(f"/accounts/{account['number']}")
    await expect(page.get_by_role("region", name="Notes")).to_be_visible()
    await wait_until_idle(page)
    await page.route("**/graphql", fault)
    await page.evaluate(SHOWN_AGAIN)
    failed = page.get_by_text("Couldn't update this")
    await expect(failed.first).to_be_visible()
    await expect(page.get_by_role("heading", level=1, name="Cut off")).to_be_visible()
    await expect(page.get_by_role("region", name="Notes")).to_be_visible()
    await check_accessibility(page)
    await page.unroute_all()
    await page.get_by_role("button", name="Record a payment").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Amount").fill("5")
    await dialog.get_by_label("Reference").fill("Cut off 1")
    await page.route("**/graphql", fault)
    await page.evaluate(SHOWN_AGAIN)
    await expect(failed.first).to_be_attached()
    await expect(dialog.get_by_label("Reference")).to_have_value("Cut off 1")
    await page.unroute_all()
    await dialog.get_by_role("button", name="Record payment", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-balance]")).to_have_text(re.compile(r"5\.00"))
    await expect(failed).to_have_count(0)


async def test_choices_of_a_filter_do_not_move(page: Page) -> None:
    """A second one is where it was, though the filter got wider and can be cleared."""
    await page.goto("/accounts")
    await page.get_by_role("button", name="Status", exact=True).click()
    boxes = page.get_by_role("dialog", name="Status").get_by_role("checkbox")
    await expect(boxes).to_have_count(3)
    before = await boxes.nth(2).bounding_box()
    await boxes.nth(0).check()
    await expect(page.get_by_role("button", name="Clear filters")).to_be_visible()
    await wait_until_idle(page)
    assert await boxes.nth(2).bounding_box() == before


async def test_unreadable_date_of_a_filter_is_kept(page: Page) -> None:
    """It is marked, and filters nothing."""
    await page.goto("/payments?from=2026-11-01")
    field = page.get_by_role("search").get_by_role("textbox").first
    await expect(field).to_have_value("2026-11-01")
    await field.fill("31.11.2026")
    await field.press("Tab")
    await page.wait_for_url(lambda url: "from=" not in url)
    await wait_until_idle(page)
    await expect(field).to_have_value("31.11.2026")
    await expect(page.get_by_text("Can't read this date.")).to_be_visible()


async def open_palette(page: Page) -> Locator:
    """Open the search; its field."""
    await press_keys(page, "/")
    field = page.get_by_placeholder("Account, login")
    await expect(field).to_be_focused()
    return field


async def test_selected_result_stays_when_it_is_answered_again(page: Page, api: Api) -> None:
    """After a change elsewhere, which the open account listens to."""
    accounts = [await api.new_account(f"Answered {number}") for number in range(3)]
    async with page.expect_websocket() as opened:
        await page.goto(f"/accounts/{accounts[0]['number']}")
    await (await opened.value).wait_for_event("framesent", lambda frame: "subscribe" in str(frame))
    await open_palette(page)
    await page.keyboard.type("Answered")
    results = page.get_by_role("dialog").locator("[data-action]")
    await expect(results.filter(has_text="Answered")).to_have_count(3)
    for _ in range(2):
        await page.keyboard.press("ArrowDown")
    chosen = await page.evaluate(SELECTED)
    await api.change_status(accounts[0]["id"], "INACTIVE")
    first = results.filter(has_text="Answered 0")
    await expect(first).to_contain_text("Inactive")
    assert await page.evaluate(SELECTED) == chosen
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name=chosen)).to_be_visible()


async def test_keys_before_the_palette_is_loaded_are_kept(page: Page, api: Api) -> None:
    """They search, instead of acting on the screen; also Enter."""
    account = await api.new_account("Typed early")
    loading = asyncio.Event()

    async def hold(route: Route) -> None:
        await loading.wait()
        await route.continue_()

    await page.route(re.compile(r"/assets/SearchDialog-[^/]*\.js$"), hold)
    await page.goto("/jobs")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("gjx")
    for _ in range(3):
        await page.keyboard.press("Backspace")
    await page.keyboard.type(account["number"])
    await page.keyboard.press("Enter")
    assert page.url.endswith("/jobs")
    loading.set()
    await expect(page.get_by_role("heading", level=1, name="Typed early")).to_be_visible()


async def test_picked_account_is_what_the_field_shows(page: Page, api: Api) -> None:
    """A typed number is found when the field is left; other text is kept and not submitted."""
    one = await api.new_account("Picked one")
    two = await api.new_account("Picked two")
    moved = await api.new_account("Moves")
    await page.goto(f"/accounts/{moved['number']}?dialog=change-hierarchy&on={moved['id']}")
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_role("combobox", name="New parent")
    await field.fill(one["number"])
    await page.get_by_role("option", name="Picked one").click()
    await field.fill("nobody at all")
    await dialog.get_by_role("button", name="Change hierarchy", exact=True).click()
    await expect(dialog.get_by_text(LIST_ITEM)).to_be_visible()
    await expect(field).to_have_value("nobody at all")
    await check_accessibility(page)
    await field.fill(two["number"])
    await field.press("Tab")
    await expect(field).to_have_value(f"{two['number']} · Picked two")
    await dialog.get_by_role("button", name="Change hierarchy", exact=True).click()
    await expect(dialog).to_be_hidden()
    query = "query ($id: ID!) { account(id: $id) { parent { id } } }"
    found = await api.ask(query, id=moved["id"])
    assert found["account"]["parent"] == {"id": two["id"]}


async def test_typed_country_is_kept(page: Page, api: Api) -> None:
    account = await api.new_account("Country")
    await page.goto(f"/accounts/{account['number']}?dialog=add-contact&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Hana Suzuki")
    field = dialog.get_by_role("combobox", name="Country")
    for typed, shown in (("germ", "Germany"), ("jp", "Japan"), ("Atlantis", "Atlantis")):
        await field.fill(typed)
        await field.press("Tab")
        await expect(field).to_have_value(shown)
    await dialog.get_by_role("button", name="Add contact", exact=True).click()
    await expect(dialog.get_by_text(LIST_ITEM)).to_be_visible()
    await expect(field).to_be_focused()


@pytest.mark.parametrize("typed", ["45", "1.5", "-3", "2nd", "0"])
async def test_typed_day_is_not_changed(page: Page, api: Api, typed: str) -> None:
    """1.5 is not the 15th, and 45 not the 31st."""
    account = await api.new_account("Day")
    await page.goto(f"/accounts/{account['number']}?dialog=add-bill-unit&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Second")
    field = dialog.get_by_label("Billing day of month")
    await field.press_sequentially(typed)
    await field.press("Tab")
    await expect(field).to_have_value(typed)
    await dialog.get_by_role("button", name="Add bill unit", exact=True).click()
    await expect(dialog.get_by_text("Enter a whole number from 1 to 31.")).to_be_visible()
    await expect(field).to_be_focused()


async def test_settings_are_not_left_or_changed_without_a_word(page: Page, api: Api) -> None:
    query = "{ settings { paymentTermDays timeZone } }"
    before = (await api.ask(query))["settings"]
    await page.goto("/settings")
    term = page.get_by_label("Payment term in days")
    zone = page.get_by_role("combobox", name="Business time zone")
    for typed in ("7.5", "-5", ""):
        await term.fill("")
        await term.press_sequentially(typed)
        await page.get_by_role("button", name="Save settings").click()
        await expect(term).to_have_value(typed)
        await expect(page.get_by_text("Enter a whole number from 0 to 9999.")).to_be_visible()
    await term.fill(str(before["paymentTermDays"]))
    await zone.fill("Atlantis")
    await page.get_by_role("button", name="Save settings").click()
    await expect(zone).to_have_value("Atlantis")
    await expect(page.get_by_text(LIST_ITEM)).to_be_visible()
    await page.get_by_role("link", name="Jobs", exact=True).click()
    await expect(page.get_by_text("Discard your changes?")).to_be_visible()
    await check_accessibility(page)
    await page.get_by_role("button", name="Keep editing").click()
    await expect(zone).to_have_value("Atlantis")
    await page.get_by_role("link", name="Jobs", exact=True).click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Discard").click()
    await page.wait_for_url("**/jobs")
    assert (await api.ask(query))["settings"] == before


async def test_unfinished_note_is_kept(page: Page, api: Api) -> None:
    """On other tabs and accounts, and what is typed while the one before is being saved."""
    account = await api.new_account("Noted")
    other = await api.new_account("Not noted")
    await page.goto(f"/accounts/{account['number']}")
    note = page.get_by_label("New note")
    await note.fill("Half a note")
    await page.get_by_role("tab", name="Bills", exact=True).click()
    await expect(note).to_have_count(0)
    await page.get_by_role("tab", name="Overview").click()
    await expect(note).to_have_value("Half a note")
    await open_palette(page)
    await page.keyboard.type(other["number"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Not noted")).to_be_visible()
    await expect(note).to_have_value("")
    await page.go_back()
    await expect(note).to_have_value("Half a note")
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        if "addNote" in (route.request.post_data or ""):
            await held.wait()
        await route.continue_()

    await page.route("**/graphql", hold)
    await page.get_by_role("button", name="Add note").click()
    await note.press("End")
    await note.press_sequentially(" and the next one")
    held.set()
    await expect(note).to_have_value("and the next one")
    notes = page.get_by_role("region", name="Notes").get_by_role("listitem")
    await expect(notes).to_have_count(1)
    await expect(notes).to_contain_text("Half a note")
    await note.fill("")


async def test_typed_amount_is_kept_when_another_bill_is_chosen(page: Page, api: Api) -> None:
    """The suggested one follows the bill."""
    its = await account_with_bill(api, "Part of a bill")
    card = await api.add_card(its.id)

    async def add_a_bill(route: Route) -> None:
        answer = await route.fetch()
        found = await answer.json()
        bills = (found.get("data") or {}).get("bills")
        if "CollectNow" in (route.request.post_data or "") and bills:
            [bill] = bills["nodes"]
            open_amount = {**bill["openAmount"], "amount": "12"}
            other = {**bill, "id": "other", "number": "B-OTHER", "openAmount": open_amount}
            bills["nodes"] = [bill, other]
        await route.fulfill(json=found)

    await page.route("**/graphql", add_a_bill)
    address = quote(json.dumps([its.id, card]))
    await page.goto(f"/accounts/{its.number}?dialog=charge-now&on={address}")
    dialog = page.get_by_role("dialog")
    bill, amount = dialog.get_by_role("combobox", name="Bill"), dialog.get_by_label("Amount")
    for number, typed, kept in (
        ("B-OTHER", None, "12.00"),
        (its.bill_number, "5", "5"),
        ("B-OTHER", None, "5"),
    ):
        if typed:
            await amount.fill(typed)
        await bill.click()
        await page.get_by_role("option").filter(has_text=number).click()
        await expect(bill).to_have_value(re.compile(number))
        await expect(amount).to_have_value(kept)


async def slow_answers(page: Page) -> None:
    """Each answer takes a moment longer."""

    async def hold(route: Route) -> None:
        await asyncio.sleep(0.7)
        await route.continue_()

    await page.route("**/graphql", hold)


async def test_changes_in_place_do_not_conflict_with_themselves(page: Page, api: Api) -> None:
    """A second change at once is based on the first one, also on a slow network."""
    account = await api.new_account("In place")
    added = 'addNote(input: { accountId: $id, text: "Pinned twice" }) { note { id } }'
    await api.ask(f"mutation ($id: ID!) {{ {added} }}", id=account["id"])
    await page.goto(f"/accounts/{account['number']}")
    await expect(page.get_by_text("Pinned twice")).to_be_visible()
    await slow_answers(page)
    for rank in ("Gold", "Silver"):
        await page.get_by_role("button", name="change the rank").click()
        await page.get_by_role("menuitem", name=rank).click()
        await expect(page.get_by_text(f"Rank of In place: {rank}.")).to_be_visible()
    for name in ("Pin", "Unpin", "Pin"):
        await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.get_by_role("button", name="Unpin", exact=True)).to_be_enabled()
    await expect(page.get_by_text("changed since")).to_have_count(0)
    query = "query ($id: ID!) { account(id: $id) { rank notes { nodes { isPinned } } } }"
    found = (await api.ask(query, id=account["id"]))["account"]
    assert found == {"rank": "SILVER", "notes": {"nodes": [{"isPinned": True}]}}


async def test_cleared_search_keeps_the_focus(page: Page) -> None:
    await page.goto("/accounts?q=north")
    field = page.get_by_role("searchbox", name="Search accounts")
    await page.get_by_role("button", name="Clear the search").click()
    await expect(field).to_be_focused()
    await expect(field).to_have_value("")


REMOVED = {
    "note": (
        'addNote(input: {accountId: $id, text: "First"}) { made: note { id } }',
        "mutation ($id: ID!) { deleteNote(noteId: $id) { errors { message } } }",
        "Text",
    ),
    "contact": (
        """addContact(input: {accountId: $id, kind: SERVICE, name: "First"}) {
          made: contact { id } }""",
        "mutation ($id: ID!) { removeContact(contactId: $id) { errors { message } } }",
        "Name",
    ),
    "webhook": (
        'createWebhook(input: {url: "https://127.0.0.1:9/gone"}) { made: webhook { id } }',
        "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { message } } }",
        "Description",
    ),
}


@pytest.mark.parametrize("subject", REMOVED)
async def test_input_is_kept_when_what_it_edits_is_removed(
    page: Page, api: Api, subject: str
) -> None:
    """By somebody else; it can be copied, and saving says why it is not possible."""
    create, remove, label = REMOVED[subject]
    account = await api.new_account(f"Removed {subject}")
    parameters = "" if "$id" not in create else "($id: ID!)"
    given = {"id": account["id"]} if parameters else {}
    made = await api.ask(f"mutation {parameters} {{ made: {create} }}", **given)
    removed = made["made"]["made"]["id"]
    screen = "/webhooks" if subject == "webhook" else f"/accounts/{account['number']}"
    await page.goto(f"{screen}?dialog=edit-{subject}&on={removed}")
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_role("textbox", name=label, exact=True)
    await field.fill("A long text")
    await wait_until_idle(page)
    await api.ask(remove, id=removed)
    read = f"{subject.title()}Subject"
    async with page.expect_response(lambda it: read in (it.request.post_data or "")):
        await page.evaluate(SHOWN_AGAIN)
    await wait_until_idle(page)
    await expect(field).to_have_value("A long text")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("There is no such")
    await expect(field).to_have_value("A long text")
    await check_accessibility(page)
