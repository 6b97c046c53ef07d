"""Forms keep what was typed: dates, Back and Forward, Escape, conflicts, sums recorded twice."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.console import NO_NETWORK, NOT_LOADED, Console
from tests.browser.page_checks import wait_until_idle
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio]

UPDATE = """mutation ($id: ID!, $phone: String) {
  updateAccount(input: {accountId: $id, phone: $phone}) { errors { message } }
}"""
PHONE = "query ($number: String!) { account(number: $number) { name phone email version } }"


async def open_dialog(page: Page, number: str, item: str) -> Locator:
    """Open a dialog that changes the status of an account."""
    await page.goto(f"/accounts/{number}")
    await page.get_by_role("button", name=item, exact=True).click()
    return page.get_by_role("dialog")


async def open_edit(page: Page, number: str) -> Locator:
    """Open the form that edits an account."""
    await page.goto(f"/accounts/{number}")
    await page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Name")).to_be_focused()
    return dialog


async def test_typed_date_is_read_when_the_field_is_left(page: Page, api: Api) -> None:
    """The weekday and the time are shown below the field."""
    account = await api.new_account("Dates")
    dialog = await open_dialog(page, account["number"], "Inactivate")
    field = dialog.get_by_label("Reactivate on")
    for typed, text, echo in (
        ("2031-11-30 14:30", "2031-11-30 14:30", "Sun 30 Nov 2031, 14:30"),
        ("30.11.2031 23.59", "2031-11-30 23:59", "Sun 30 Nov 2031, 23:59"),
        ("11/30/2031", "2031-11-30 00:00", "Sun 30 Nov 2031, 00:00"),
    ):
        await field.fill(typed)
        await field.press("Tab")
        await expect(field).to_have_value(text)
        await expect(dialog.locator("[data-echo]")).to_contain_text(echo)


@pytest.mark.parametrize("typed", ["2031-11-31", "31.11.2031", "whenever", "2031-11-30 25:00"])
async def test_date_that_cannot_be_read_is_kept_and_not_submitted(
    page: Page, api: Api, typed: str
) -> None:
    """Even in an optional field: nothing is changed without the date."""
    account = await api.new_account("Unreadable")
    dialog = await open_dialog(page, account["number"], "Inactivate")
    field = dialog.get_by_label("Reactivate on")
    await field.fill(typed)
    await dialog.get_by_role("button", name="Inactivate").click()
    await expect(field).to_have_value(typed)
    await expect(dialog.get_by_text("Can't read this date.")).to_be_visible()
    await expect(field).to_be_focused()
    query = "query ($id: ID!) { account(id: $id) { status } }"
    assert (await api.ask(query, id=account["id"]))["account"]["status"] == "ACTIVE"


async def test_natural_date_is_read(page: Page, api: Api) -> None:
    """It becomes a date of the future with a weekday."""
    account = await api.new_account("Natural")
    dialog = await open_dialog(page, account["number"], "Inactivate")
    field = dialog.get_by_label("Reactivate on")
    for typed in ("mon", "next friday", "end of month", "+2w", "tomorrow at 9:15"):
        await field.fill(typed)
        await field.press("Tab")
        await expect(field).to_have_value(re.compile(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$"))
        await expect(dialog.get_by_text("Can't read this date.")).to_have_count(0)


async def test_date_in_the_past_is_refused(page: Page, api: Api) -> None:
    """Typed, and in the calendar, which opens by its own button."""
    account = await api.new_account("Past")
    dialog = await open_dialog(page, account["number"], "Inactivate")
    field = dialog.get_by_label("Reactivate on")
    await field.fill("2001-01-01")
    await field.press("Tab")
    await expect(dialog.get_by_text("This date is in the past.")).to_be_visible()
    await expect(field).to_have_value("2001-01-01")
    await expect(page.locator("[data-dates-dropdown]")).to_have_count(0)
    await field.fill("")
    await dialog.get_by_role("button", name="Open the calendar").click()
    days = page.locator(".mantine-DatePicker-day")
    today = page.locator(".mantine-DatePicker-day[aria-current=date]")
    await expect(today).to_be_enabled()
    number = await days.evaluate_all("days => days.findIndex((day) => day.ariaCurrent === 'date')")
    for day in (await days.all())[:number]:
        await expect(day).to_be_disabled()


async def test_closing_on_a_day_lasts_to_its_end(page: Page, api: Api) -> None:
    """Shortcuts for the end of the day and of the billing period."""
    account = await api.new_account("Ends")
    dialog = await open_dialog(page, account["number"], "Close")
    await dialog.get_by_text("On a date", exact=True).click()
    field = dialog.get_by_role("textbox", name="Date")
    await field.fill("2031-11-30")
    await field.press("Tab")
    await expect(field).to_have_value("2031-11-30 23:59")
    await dialog.get_by_role("button", name="End of the billing period").click()
    query = "query ($id: ID!) { account(id: $id) { billUnits { nextBillOn } } }"
    [unit] = (await api.ask(query, id=account["id"]))["account"]["billUnits"]
    await expect(field).not_to_have_value("2031-11-30 23:59")
    await expect(field).to_have_value(re.compile(r" 23:59$"))
    assert (await field.input_value())[:10] < unit["nextBillOn"]


async def test_back_and_forward_do_not_open_a_submitted_dialog(page: Page, api: Api) -> None:
    """Its history entry is gone after the submission."""
    account = await api.new_account("History")
    await page.goto("/accounts")
    dialog = await open_edit(page, account["number"])
    await dialog.get_by_label("Phone").fill("+1 555 0100")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    await expect(page).to_have_url(re.compile(rf"/accounts/{account['number']}$"))
    await page.go_forward()
    await expect(page).to_have_url(re.compile(rf"/accounts/{account['number']}$"))
    await expect(dialog).to_be_hidden()
    await page.go_back()
    await expect(dialog).to_be_hidden()


async def test_cancelled_dialog_is_not_opened_by_forward(page: Page, api: Api) -> None:
    """Also after a reload of the page."""
    account = await api.new_account("Cancelled")
    dialog = await open_edit(page, account["number"])
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_be_hidden()
    await page.reload()
    await expect(page.get_by_role("heading", level=1, name="Cancelled")).to_be_visible()
    await page.go_forward()
    await expect(page).to_have_url(re.compile(rf"/accounts/{account['number']}$"))
    await expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/{number}?dialog=edit-account&on={id}",
        "/accounts/{number}?dialog=change-status&on={id}&choice=INACTIVE",
        "/reasons?dialog=create-reason",
        "/accounts?dialog=keyboard",
    ],
)
async def test_dialog_of_an_address_leaves_the_focus_on_the_heading(
    page: Page, api: Api, address: str
) -> None:
    """Nothing on the screen has opened it."""
    account = await api.new_account("Focus of an address")
    await page.goto(address.format(**account))
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.locator(":focus")).to_be_attached()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_dialog_leaves_the_focus_on_the_heading_after_a_reload(page: Page, api: Api) -> None:
    """The button that has opened it is another one since then."""
    account = await api.new_account("Focus after a reload")
    dialog = await open_edit(page, account["number"])
    await page.reload()
    await expect(dialog.get_by_label("Name")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_screen_without_a_dialog_does_not_take_the_focus(page: Page) -> None:
    """The heading has it only after a dialog."""
    await page.goto("/reasons")
    await wait_until_idle(page)
    await expect(page.locator("body")).to_be_focused()


async def leave_by(page: Page, way: str) -> None:
    """Try to leave the open dialog."""
    if way == "Escape":
        await page.keyboard.press("Escape")
    elif way == "click beside it":
        await page.mouse.click(5, 400)
    elif way == "Back":
        await page.evaluate("history.back()")
    else:
        await page.get_by_role("dialog").get_by_role("button", name=way).first.click()


async def test_typed_text_is_not_discarded_without_a_question(page: Page, api: Api) -> None:
    """One can keep editing, or discard."""
    account = await api.new_account("Typed")
    await page.goto(f"/accounts/{account['number']}")
    dialog = page.get_by_role("dialog")
    for way in ("Escape", "click beside it", "Back", "Cancel"):
        await page.get_by_role("button", name="Edit").click()
        await expect(dialog.get_by_label("Name")).to_be_focused()
        await dialog.get_by_label("Phone").fill("+1 555 0101")
        await leave_by(page, way)
        await expect(dialog.get_by_text("Discard your changes?")).to_be_visible()
        await dialog.get_by_role("button", name="Keep editing").click()
        await expect(dialog.get_by_label("Phone")).to_have_value("+1 555 0101")
        await leave_by(page, way)
        await dialog.get_by_role("button", name="Discard").click()
        await expect(dialog).to_be_hidden()
        await expect(page).to_have_url(re.compile(rf"/accounts/{account['number']}$"))
    found = (await api.ask(PHONE, number=account["number"]))["account"]
    assert found["phone"] is None


async def test_question_has_the_focus_on_the_button_that_changes_nothing(
    page: Page, api: Api
) -> None:
    """Enter leaves a dialog without fields; a form begins at its first field, also of radios."""
    account = await api.new_account("Focus")
    added = 'addNote(input: { accountId: $id, text: "Of the focus" }) { note { id } }'
    made = await api.ask(f"mutation ($id: ID!) {{ {added} }}", id=account["id"])
    note = made["addNote"]["note"]["id"]
    await page.goto(f"/accounts/{account['number']}?dialog=delete-note&on={note}")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Of the focus")).to_be_visible()
    its = await account_with_charges(api, "Radio Focus")
    dispute = await open_dispute(api, its)
    await page.goto(f"/bills/{its.bill_number}?dialog=settle-dispute&on={dispute}")
    await expect(dialog.get_by_role("radio", name="Grant in full")).to_be_focused()


async def test_dialog_stays_open_while_it_saves(page: Page, api: Api) -> None:
    """Escape does not close it; its result is shown."""
    account = await api.new_account("Slow")
    dialog = await open_edit(page, account["number"])
    await dialog.get_by_label("Phone").fill("+1 555 0102")
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()

    async def hold(route: Route) -> None:
        if "updateAccount" in (route.request.post_data or ""):
            held.set_result(route)
        else:
            await route.continue_()

    await page.route("**/graphql", hold)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_disabled()
    await page.keyboard.press("Escape")
    await page.evaluate("history.back()")
    await expect(dialog).to_be_visible()
    await (await held).continue_()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Slow saved.")).to_be_visible()


async def test_change_by_somebody_else_is_shown_before_it_is_overwritten(
    page: Page, api: Api
) -> None:
    """Edited fields keep what was typed, the others get the new values; then it can be saved."""
    account = await api.new_account("Edited twice")
    # Without live updates, so that the server has to find the conflict.
    await page.route_web_socket(re.compile("graphql"), lambda _: None)
    dialog = await open_edit(page, account["number"])
    await dialog.get_by_label("E-mail").fill("here@example.com")
    await api.ask(UPDATE, id=account["id"], phone="+1 555 0103")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("just edited by somebody else")).to_be_visible()
    await dialog.get_by_role("button", name="Show the changes").click()
    await expect(dialog.get_by_label("Phone")).to_have_value("+1 555 0103")
    await expect(dialog.get_by_label("E-mail")).to_have_value("here@example.com")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    found = (await api.ask(PHONE, number=account["number"]))["account"]
    assert (found["phone"], found["email"]) == ("+1 555 0103", "here@example.com")


async def test_change_elsewhere_shows_on_the_account_page(page: Page, api: Api) -> None:
    """Without a reload: the page listens to the events of the account."""
    account = await api.new_account("Watched")
    async with page.expect_websocket() as opened:
        await page.goto(f"/accounts/{account['number']}")
    socket = await opened.value
    await socket.wait_for_event("framesent", lambda frame: "subscribe" in str(frame))
    heading = page.get_by_role("heading", level=1).locator("..")
    await expect(heading.get_by_text("Active", exact=True)).to_be_visible()
    # The server does not say when it has begun the subscription.
    await wait_until_idle(page)
    mutation = """mutation ($id: ID!) {
      changeAccountStatus(input: {accountId: $id, status: INACTIVE}) { errors { message } }
    }"""
    await api.ask(mutation, id=account["id"])
    await expect(heading.get_by_text("Inactive", exact=True)).to_be_visible()


async def test_repeated_reference_says_that_nothing_was_added(page: Page, api: Api) -> None:
    """Rules 6.9: the payment is recorded once."""
    account = await api.new_account("Paid twice")
    for notice in ("Payment recorded.", "Nothing was added."):
        await page.goto(f"/accounts/{account['number']}/payments")
        await page.get_by_role("button", name="Record a payment").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Amount").fill("12.50")
        await dialog.get_by_label("Reference").fill("TRANSFER-1")
        await dialog.get_by_role("button", name="Record payment").click()
        await expect(page.get_by_text(notice)).to_be_visible()
        await expect(dialog).to_be_hidden()


async def test_ancestors_are_shown_from_the_root(page: Page, api: Api) -> None:
    """In the breadcrumb and on the tab."""
    top = await api.new_account("Level one")
    middle = await api.new_account("Level two")
    low = await api.new_account("Level three")
    for child, parent in ((middle, top), (low, middle)):
        await api.ask(
            """mutation ($child: ID!, $parent: ID!) {
              changeHierarchy(input: {accountId: $child, parentId: $parent}) { errors { message } }
            }""",
            child=child["id"],
            parent=parent["id"],
        )
    await page.goto(f"/accounts/{low['number']}/hierarchy")
    crumbs = page.get_by_role("navigation", name="Breadcrumb")
    await expect(crumbs).to_have_text(re.compile("Level one.*Level two.*Level three"))
    path = page.get_by_role("tree", name="Hierarchy")
    await expect(path).to_have_text(re.compile("Level one.*Level two.*Level three"))


async def test_page_stays_without_what_is_loaded_later(
    page: Page, api: Api, console: Console
) -> None:
    """The palette, the menu of the user and the notices are loaded once the page is idle."""
    account = await api.new_account("Without Extras")
    console.allow(NO_NETWORK, NOT_LOADED)
    failed: set[str] = set()
    page.on("requestfailed", lambda request: failed.add(request.url.rpartition("/")[2][:8]))
    later = re.compile(r"/assets/(SearchDialog|UserMenu|Notifications)-[^/]*\.js$")
    await page.route(later, lambda route: route.abort())
    await page.goto(f"/accounts/{account['number']}")

    async def all_failed() -> bool:
        return {"SearchDi", "UserMenu", "Notifica"} <= failed

    await wait_for(all_failed, PATIENCE, "Not all of them were loaded.")
    await wait_until_idle(page)
    await expect(page.get_by_role("heading", level=1, name="Without Extras")).to_be_visible()
    await page.get_by_role("tab", name="Assets").click()
    await expect(page.get_by_role("button", name="Add service")).to_be_visible()


async def test_tab_that_cannot_be_loaded_does_not_take_the_page_away(
    page: Page, api: Api, console: Console
) -> None:
    """The header and the other tabs stay; the tab shows once the server can be reached."""
    account = await api.new_account("Offline")
    await page.goto(f"/accounts/{account['number']}")
    await expect(page.get_by_role("heading", level=1, name="Offline")).to_be_visible()
    # The menu is among what is loaded once the page is idle.
    await expect(page.get_by_role("button", name="admin@example.com")).to_be_visible()
    await wait_until_idle(page)
    console.allow(NO_NETWORK, NOT_LOADED)
    await page.route("**/assets/**", lambda route: route.abort())
    await page.route("**/healthz", lambda route: route.abort())
    await page.get_by_role("tab", name="Bill units").click()
    message = page.get_by_text("Couldn't load this part of the page")
    await expect(message).to_be_visible()
    await page.get_by_role("button", name="Try again").click()
    await expect(message).to_be_visible()
    await expect(page.get_by_role("heading", level=1, name="Offline")).to_be_visible()
    await page.unroute_all()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("button", name="Add bill unit", exact=False)).to_be_visible()
