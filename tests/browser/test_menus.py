"""Menus and popovers of buttons, which are loaded when they are first needed."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api

pytestmark = [pytest.mark.anyio]

# Menus of a screen, by its path: the name of the button and the first two entries.
MENUS = {
    "/accounts/{number}": (re.compile("change the rank"), ["Platinum", "Gold"]),
    "/accounts/{number}/assets": (re.compile("Actions for"), ["Inactivate…", "Close…"]),
    "/users": (re.compile("Actions for agent@"), ["Edit…", "Reset password…"]),
    "/": (re.compile(", Admin$"), ["English", "Deutsch"]),
}


@pytest.mark.parametrize("path", MENUS)
async def test_menu_works_by_keyboard_and_by_mouse(page: Page, api: Api, path: str) -> None:
    """Escape and a click beside it close it, and the button has the focus again."""
    account = await api.new_account("Menus")
    name, [first, second] = MENUS[path]
    await page.goto(path.format(**account))
    button = page.get_by_role("button", name=name).first
    menu = page.get_by_role("menu")
    await expect(button).to_have_attribute("aria-expanded", "false")
    for _ in range(2):
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(menu.get_by_role("menuitem", name=first, exact=True)).to_be_focused()
        await expect(button).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("ArrowDown")
        await expect(menu.get_by_role("menuitem", name=second, exact=True)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(menu).to_have_count(0)
        await expect(button).to_be_focused()
    await button.click()
    await expect(menu).to_be_visible()
    await button.click()
    await expect(menu).to_have_count(0)
    await button.click()
    await expect(menu).to_be_visible()
    await page.mouse.click(2, 2)
    await expect(menu).to_have_count(0)
    await expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("name", ["Status", "Columns", "Views"])
async def test_popover_works_by_keyboard_and_by_mouse(page: Page, name: str) -> None:
    """Escape and a click beside it close it, and the button, which stays, has the focus again."""
    await page.goto("/accounts")
    button = page.get_by_role("button", name=name, exact=True)
    popover = page.get_by_role("dialog", name=name)
    await expect(button).to_have_attribute("aria-expanded", "false")
    await button.evaluate("button => { window.first = button }")
    for _ in range(2):
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(popover.locator(":focus")).to_be_visible()
        await expect(button).to_have_attribute("aria-expanded", "true")
        assert await button.get_attribute("aria-controls") == await popover.get_attribute("id")
        await page.keyboard.press("Escape")
        await expect(popover).to_have_count(0)
        await expect(button).to_be_focused()
    await button.click()
    await expect(popover).to_be_visible()
    await button.click()
    await expect(popover).to_have_count(0)
    await button.click()
    await expect(popover).to_be_visible()
    await page.mouse.click(2, 2)
    await expect(popover).to_have_count(0)
    await expect(button).to_have_attribute("aria-expanded", "false")
    assert await page.evaluate("window.first.isConnected")
