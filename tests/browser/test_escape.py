"""Escape closes only what is open on top: a calendar, a list of options, a question, a dialog."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api

pytestmark = [pytest.mark.anyio]

# Dialogs with a calendar, by the name of a tab or choice that shows it.
CALENDARS = {
    "dialog=change-status&on={id}&choice=INACTIVE": None,
    "dialog=change-status&on={service}&choice=CLOSED": "On a date",
    "dialog=change-hierarchy&on={id}": "On a date",
    "dialog=purchase-offer&on={id}": None,
    "dialog=start-job": None,
}
# Dialogs with a list of options: the name of the field, and the name of an option.
OPTIONS = {
    "dialog=create-token": ("Role", "Viewer"),
    "dialog=purchase-offer&on={id}": ("For", "Account"),
    "dialog=add-service&on={id}": ("Kind", "internet"),
    "dialog=change-status&on={id}&choice=INACTIVE": ("Reason", ""),
    "dialog=create-webhook": ("Events", "Payment"),
}

# Fields of such dialogs that can be without options: for a text that no option contains.
WITHOUT_OPTIONS = {
    "dialog=add-service&on={id}": "Kind",
    "dialog=change-status&on={id}&choice=INACTIVE": "Reason",
    "dialog=add-contact&on={id}": "Country",
}


@pytest.mark.parametrize("address", CALENDARS)
async def test_escape_closes_a_calendar_over_a_dialog_first(
    page: Page, api: Api, address: str
) -> None:
    """Wherever the focus is in it. The focus returns to its button, and the next one leaves."""
    account = await api.new_account("Escape")
    await page.goto(f"/accounts/{account['number']}?{address.format(**account)}")
    dialog = page.locator("[role=dialog][aria-modal=true]")
    if choice := CALENDARS[address]:
        await dialog.get_by_text(choice, exact=True).click()
    opener = dialog.get_by_role("button", name="Open the calendar").first
    calendar = page.get_by_role("dialog", name="Calendar")
    for place in ("where it opens", "a day", "the calendar itself"):
        await opener.click()
        await expect(calendar).to_be_visible()
        if place == "where it opens":
            await expect(calendar.locator(":focus")).to_be_visible()
        elif place == "a day":
            await calendar.locator("[aria-current=date]").focus()
        else:
            await calendar.click(position={"x": 2, "y": 2})
        await page.keyboard.press("Escape")
        await expect(calendar).to_have_count(0)
        await expect(dialog).to_be_visible()
        await expect(opener).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


@pytest.mark.parametrize("address", OPTIONS)
async def test_escape_closes_a_list_of_options_over_a_dialog_first(
    page: Page, api: Api, address: str
) -> None:
    """The focus stays in its field, and the next Escape leaves the dialog."""
    account = await api.new_account("Escape")
    await page.goto(f"/accounts/{account['number']}?{address.format(**account)}")
    dialog = page.locator("[role=dialog][aria-modal=true]")
    label, option = OPTIONS[address]
    field = dialog.get_by_label(label).and_(dialog.locator("input:not([type=hidden])"))
    await field.click()
    options = page.get_by_role("option", name=option).first
    await expect(options).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(options).to_be_hidden()
    await expect(dialog).to_be_visible()
    await expect(field).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


@pytest.mark.parametrize("address", WITHOUT_OPTIONS)
async def test_escape_leaves_a_field_without_options(page: Page, api: Api, address: str) -> None:
    """There is no list to close, so the first one asks about what was typed."""
    account = await api.new_account("Escape")
    await page.goto(f"/accounts/{account['number']}?{address.format(**account)}")
    dialog = page.locator("[role=dialog][aria-modal=true]")
    field = dialog.get_by_label(WITHOUT_OPTIONS[address])
    field = field.and_(dialog.locator("input:not([type=hidden])"))
    await field.fill("No such option")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(dialog.get_by_role("alertdialog")).to_be_visible()


async def test_escape_answers_the_question_about_input(page: Page, api: Api) -> None:
    """It keeps the input, and returns to its field."""
    account = await api.new_account("Escape")
    await page.goto(f"/accounts/{account['number']}?dialog=edit-account&on={account['id']}")
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("Phone")
    await field.fill("+1 555 0105")
    question = dialog.get_by_role("alertdialog")
    for _ in range(2):
        await page.keyboard.press("Escape")
        await expect(question.get_by_role("button", name="Keep editing")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(question).to_have_count(0)
        await expect(field).to_be_focused()
        await expect(field).to_have_value("+1 555 0105")


async def test_escape_closes_the_palette_over_a_dialog_first(page: Page, api: Api) -> None:
    """The dialog stays, and the next Escape leaves it."""
    account = await api.new_account("Escape")
    await page.goto(f"/accounts/{account['number']}?dialog=edit-account&on={account['id']}")
    dialog = page.get_by_role("dialog", name="Edit Escape")
    await expect(dialog.get_by_label("Name")).to_be_focused()
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search")
    await expect(palette.get_by_role("textbox", name="Search")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(palette).to_have_count(0)
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_label("Name")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
