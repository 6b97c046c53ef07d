"""Steps of an agent on the page, made with the mouse or by keyboard alone.

Each step counts as one: a click, a text that is typed into the field with the focus, a key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.async_api import Locator, Page, expect

# A key reaches the next element; no screen has more of them.
MOST_KEYS = 200
REACHED = """(element) => element === document.activeElement
  || element.hasAttribute('data-combobox-selected')"""
ON_A_TAB = "() => document.activeElement?.getAttribute('role') === 'tab'"
# An opened dialog takes the focus; until then the keys belong to the screen behind it.
FOCUS_HAS_MOVED = """() => {
  const dialogs = [...document.querySelectorAll('[role=dialog]')]
  return dialogs.length === 0 || dialogs.some((each) => each.contains(document.activeElement))
}"""


@dataclass(frozen=True, slots=True)
class Click:
    """A click on a button, a link, a checkbox or an option."""

    label: str
    target: Callable[[Page], Locator]

    async def with_mouse(self, page: Page) -> None:
        """Click once."""
        await self.target(page).click()

    async def by_keyboard(self, page: Page) -> None:
        """Move the focus to the target, then press the key that activates it."""
        target = self.target(page)
        await expect(target).to_be_enabled()
        await page.wait_for_function(FOCUS_HAS_MOVED)
        await reach(page, target)
        is_checkbox = await target.evaluate("(element) => element.type === 'checkbox'")
        await page.keyboard.press("Space" if is_checkbox else "Enter")

    def __str__(self) -> str:
        return f"click **{self.label}**"


@dataclass(frozen=True, slots=True)
class Type:
    """A text that is typed. The field must have the focus already."""

    label: str
    text: str
    field: Callable[[Page], Locator]

    async def with_mouse(self, page: Page) -> None:
        """Type it."""
        await expect(self.field(page)).to_be_focused()
        await page.keyboard.type(self.text)

    by_keyboard = with_mouse

    def __str__(self) -> str:
        return f"type {self.label}"


@dataclass(frozen=True, slots=True)
class Press:
    """A key, pressed when `ready` says so."""

    key: str
    ready: Callable[[Page], Locator] | None = None

    async def with_mouse(self, page: Page) -> None:
        """Press it."""
        if self.ready:
            await expect(self.ready(page)).to_be_visible()
        await page.keyboard.press(self.key)

    by_keyboard = with_mouse

    def __str__(self) -> str:
        return f"press `{self.key}`"


Step = Click | Type | Press


async def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; arrow keys in a row of tabs or a list."""
    role = await target.get_attribute("role")
    for _ in range(MOST_KEYS):
        if await target.evaluate(REACHED):
            return
        if role == "option":
            key = "ArrowDown"
        elif role == "tab" and await page.evaluate(ON_A_TAB):
            key = "ArrowRight"
        else:
            key = "Tab"
        await page.keyboard.press(key)
    pytest.fail(f"{target} is not reached by {MOST_KEYS} keys", pytrace=False)


def button(within: Page | Locator, name: str) -> Locator:
    """A button by its exact name."""
    return within.get_by_role("button", name=name, exact=True)


def on_page(name: str, label: str = "") -> Click:
    """A click on a button of the screen. `label` is what it shows, if that is not its name."""
    return Click(label or name, lambda page: button(page, name))


def in_dialog(name: str) -> Click:
    """A click on a button of the open dialog."""
    return Click(name, lambda page: button(page.get_by_role("dialog"), name))


def field(
    label: str, role: Literal["textbox", "combobox"] = "textbox"
) -> Callable[[Page], Locator]:
    """A field of the open dialog."""
    return lambda page: page.get_by_role("dialog").get_by_role(role, name=label)
