"""The common tasks of an agent, with the mouse and with the keyboard."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api
from tests.browser.page_checks import go_to, press_keys

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

CLOCK = "{ clock { now } settings { timeZone } }"


async def days_from_now(api: Api, days: int) -> str:
    """A date to type, this number of days after today of the business clock."""
    now = datetime.fromisoformat((await api.ask(CLOCK))["clock"]["now"])
    return (now + timedelta(days=days)).strftime("%Y-%m-%d")


async def run_due_actions(page: Page) -> None:
    """Start the job on the page and wait for its end."""
    await page.goto("/jobs")
    await page.get_by_role("button", name="Start a job").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="Job").click()
    await page.get_by_role("option", name="Deferred actions").click()
    await dialog.get_by_role("button", name="Start").click()
    await expect(dialog).to_be_hidden()
    ended = (
        page.get_by_role("table", name="Job history")
        .get_by_role("row")
        .filter(has_text="admin@example.com")
    )
    await expect(ended.first).to_be_visible()
    await expect(page.get_by_text("No jobs running")).to_be_visible()


async def test_inactivate_until_a_date(page: Page, api: Api, real_time: None) -> None:
    """Search an account, inactivate it with a reactivation date, and reach that date."""
    account = await api.new_account("Story Suspended")
    back = await days_from_now(api, 3)
    after = await days_from_now(api, 4)

    await page.goto("/accounts")
    await page.get_by_role("searchbox", name="Search accounts").press_sequentially(
        account["number"]
    )
    await page.get_by_role("link", name=account["number"]).click()
    await page.get_by_role("button", name="Inactivate").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-impact]")).to_have_text("1 account · 1 service")
    await dialog.get_by_label("Reactivate on").fill(back)
    await dialog.get_by_label("Reason").fill("Vacation")
    await dialog.get_by_role("button", name="Inactivate").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-why]")).to_have_text(
        re.compile(r"^Inactive since \d+ \w+ \d+: Vacation \(admin@example.com\)$")
    )
    await expect(
        page.get_by_role("heading", level=1).locator("..").get_by_text("Inactive")
    ).to_be_visible()

    await page.goto("/settings")
    await page.get_by_label("Set the clock to").fill(after)
    await page.get_by_role("button", name="Set the clock").click()
    await expect(page.get_by_text("Test clock: the business clock is set to")).to_be_visible()

    await run_due_actions(page)
    await page.goto(f"/accounts/{account['number']}/events")
    await expect(
        page.get_by_role("heading", level=1).locator("..").get_by_text("Active", exact=True)
    ).to_be_visible()
    await expect(page.locator("[data-why]")).to_have_count(0)


async def test_by_keyboard_alone(page: Page, api: Api) -> None:
    """Search, menu, dialog, and the focus afterwards, without a mouse."""
    account = await api.new_account("Story Keyboard")
    await page.goto("/deferred-actions")
    await expect(page.get_by_role("heading", level=1, name="Deferred actions")).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    await page.keyboard.type(account["number"])
    await expect(page.get_by_role("dialog").get_by_text("Story Keyboard")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Story Keyboard")).to_be_visible()

    change = page.get_by_role("group", name="Change the account")
    await tab_to(page, "Inactivate", role="button")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name="Inactivate")).to_be_focused()
    await tab_to(page, "Reason")
    await page.keyboard.type("Moving")
    await expect(page.get_by_role("option", name="Moving")).to_be_visible()
    await page.keyboard.press("Escape")
    await tab_to(page, "Inactivate", role="button")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-why]")).to_have_text(
        re.compile(r"^Inactive since .*: Moving \(admin@example.com\)$")
    )
    await expect(change.get_by_role("button", name="Reactivate")).to_be_focused()

    await go_to(page, "j")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await press_keys(page, "?")
    await expect(page.get_by_role("dialog").get_by_text("Search from anywhere")).to_be_visible()


async def tab_to(page: Page, name: str, role: str | None = None) -> None:
    """Press Tab until the element with this name and role has the focus."""
    role_and_name = """(e) => [
      e?.getAttribute('role') ?? ({ BUTTON: 'button', A: 'link' })[e?.tagName] ?? '',
      (e?.getAttribute('aria-label') ?? e?.labels?.[0]?.textContent ?? e?.textContent ?? '').trim(),
    ]"""
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused_role, focused_name = await page.evaluate(
            f"({role_and_name})(document.activeElement)"
        )
        if focused_name == name and role in (None, focused_role):
            return
    raise AssertionError(f"{name} did not get the focus.")


async def test_service_closed(page: Page, api: Api) -> None:
    """Closing a service needs a confirmation. The closed service can be shown and reopened."""
    account = await api.new_account("Story Closed")
    await page.goto(f"/accounts/{account['number']}/assets")
    await page.get_by_role("button", name="Actions for", exact=False).first.click()
    await page.get_by_role("menuitem", name="Close…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Close service")).to_be_disabled()
    await dialog.get_by_label("I understand").check()
    await dialog.get_by_role("button", name="Close service").click()
    await expect(page.get_by_text("All services are closed")).to_be_visible()
    await page.get_by_role("button", name="Show closed").click()
    await expect(page).to_have_url(re.compile("closed=true"))
    await page.get_by_role("button", name="Actions for", exact=False).first.click()
    await page.get_by_role("menuitem", name="Reopen…").click()
    await dialog.get_by_role("button", name="Reopen").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("treeitem").get_by_text("Active")).to_be_visible()


async def test_deferred_then_rescheduled_then_cancelled(page: Page, api: Api) -> None:
    account = await api.new_account("Story Deferred")
    soon, later = await days_from_now(api, 10), await days_from_now(api, 20)
    await page.goto(
        f"/accounts/{account['number']}?dialog=change-status&on={account['id']}&choice=CLOSED"
    )
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("On a date").click()
    await dialog.get_by_role("textbox", name="Date").fill(soon)
    await dialog.get_by_label("I understand").check()
    await dialog.get_by_role("button", name="Close account on this date").click()
    await expect(dialog).to_be_hidden()

    await page.get_by_role("tab", name="Deferred actions").click()
    for word in ("Reschedule", "Cancel"):
        await page.get_by_role("checkbox", name="Select all on this page").check()
        await page.get_by_role("toolbar").get_by_role("button", name=word).click()
        if word == "Reschedule":
            await dialog.get_by_label("New date").fill(later)
            await dialog.get_by_role("button", name="Reschedule").click()
        else:
            await dialog.get_by_role("button", name="Cancel this action").click()
        await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Cancelled by", exact=False)).to_be_visible()


async def test_account_created_with_a_parent(page: Page, api: Api) -> None:
    parent = await api.new_account("Story Parent")
    await page.goto("/accounts")
    await page.get_by_role("button", name="New account").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Story Child")
    await dialog.get_by_label("Parent in the hierarchy").press_sequentially(parent["number"])
    await page.get_by_role("option", name="Story Parent", exact=False).click()
    await dialog.get_by_label("The parent pays").check()
    await dialog.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", level=1, name="Story Child")).to_be_visible()
    await expect(
        page.get_by_role("navigation", name="Breadcrumb").get_by_text("Story Parent")
    ).to_be_visible()
    await page.get_by_role("tab", name="Bill units").click()
    await expect(page.get_by_role("main").get_by_text("Billed to", exact=False)).to_be_visible()


async def test_payer_changed_there_and_back(page: Page, api: Api) -> None:
    account, payer = await api.new_account("Story Paid"), await api.new_account("Story Payer")
    await page.goto(f"/accounts/{account['number']}/bill-units")
    await page.get_by_role("button", name="Change payer", exact=False).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Paying account").press_sequentially(payer["number"])
    await page.get_by_role("option", name="Story Payer", exact=False).click()
    await dialog.get_by_label("Note").fill("Moved in together")
    await dialog.get_by_role("button", name="Change payer").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("main").get_by_text("Billed to", exact=False)).to_be_visible()
    await page.get_by_role("button", name="Change payer", exact=False).click()
    await dialog.get_by_label("This account").check()
    await dialog.get_by_role("button", name="Change payer").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("main").get_by_text("Billed to", exact=False)).to_have_count(0)


async def test_offer_purchased_for_a_service(page: Page, api: Api) -> None:
    account = await api.new_account("Story Purchase")
    made = await api.ask(
        """mutation ($input: CreateOfferInput!) {
          createOffer(input: $input) { offer { code } errors { message } }
        }""",
        input={
            "code": "story-flat",
            "name": "Story Flat",
            "kind": "CHARGE",
            "serviceKind": "internet",
            "monthlyFee": "9",
        },
    )
    assert made["createOffer"]["offer"] == {"code": "story-flat"}, made
    assets = f"/accounts/{account['number']}/assets"
    await page.goto(f"{assets}?dialog=purchase-offer&on={account['id']}")
    dialog = page.get_by_role("dialog")
    target = dialog.get_by_role("combobox", name="For")
    await expect(target).to_have_value("")
    await expect(dialog.get_by_role("combobox", name="Offer")).to_be_disabled()
    await target.click()
    await page.get_by_role("option", name=f"net-{account['number']}".lower()).click()
    await dialog.get_by_role("combobox", name="Offer").click()
    await page.get_by_role("option", name="Story Flat (9.00 USD a month)").click()
    await dialog.get_by_label("Quantity").fill("two")
    await dialog.get_by_role("button", name="Purchase").click()
    await expect(dialog.get_by_label("Quantity")).to_have_accessible_description(
        re.compile("Enter a number, for example 1.")
    )
    await dialog.get_by_label("Quantity").fill("2")
    await dialog.get_by_role("button", name="Purchase").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("treeitem").filter(has_text="Story Flat").first).to_be_visible()


async def test_set_clock_and_return_to_real_time(page: Page, api: Api, real_time: None) -> None:
    """A set clock does not advance and is shown on every screen."""
    await page.goto("/settings")
    await page.get_by_label("Set the clock to").fill(await days_from_now(api, 1))
    await page.get_by_role("button", name="Set the clock").click()
    await expect(page.get_by_text("Test clock: the business clock is set to")).to_be_visible()
    await expect(page.get_by_text("The clock is set and does not advance.")).to_be_visible()
    await page.get_by_role("button", name="Use real time").click()
    await expect(page.get_by_text("The clock shows real time.")).to_be_visible()
    await expect(page.get_by_text("Test clock: the business clock is set to")).to_have_count(0)
    assert (await api.ask("{ clock { isSet } }"))["clock"] == {"isSet": False}


async def test_settings_are_saved_and_errors_marked_at_their_field(page: Page, api: Api) -> None:
    names = "paymentTermDays closedLoginPrefix"
    before = (await api.ask(f"{{ settings {{ {names} }} }}"))["settings"]
    await page.goto("/settings")
    term = page.get_by_label("Payment term in days")
    await term.fill("100000")
    await page.get_by_role("button", name="Save settings").click()
    await expect(term).to_have_attribute("aria-invalid", "true")
    await term.fill("21")
    await page.get_by_label("Prefix for closed logins").fill("#CLOSED#")
    await page.get_by_role("button", name="Save settings").click()
    await expect(page.get_by_text("Settings saved.")).to_be_visible()
    saved = (await api.ask(f"{{ settings {{ {names} }} }}"))["settings"]
    assert saved == {"paymentTermDays": 21, "closedLoginPrefix": "#CLOSED#"}
    # The other tests of the session have the settings from before.
    done = await api.ask(
        "mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) "
        "{ errors { code } } }",
        input=before,
    )
    assert done["updateSettings"]["errors"] == []


async def test_failed_run_is_explained_beside_the_action(page: Page, api: Api) -> None:
    """A failed action of the demonstration data fails again; the dialog shows the reason."""
    found = await api.ask(
        "{ deferredActions(filter: { status: [FAILED] }, first: 1) { nodes { failure } } }"
    )
    # The page shows the hold in words only.
    failure = found["deferredActions"]["nodes"][0]["failure"].replace(" (PARENT)", "")
    await page.goto("/deferred-actions?status=%5B%22FAILED%22%5D")
    await page.get_by_role("checkbox", name="Select all on this page").check()
    await page.get_by_role("toolbar").get_by_role("button", name="Run now").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Run now").click()
    await expect(dialog.get_by_text(failure).first).to_be_visible()
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(dialog).to_be_hidden()
