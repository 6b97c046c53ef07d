"""The ten commonest tasks: few steps, by keyboard alone, and interrupted before the last step."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Api
from tests.browser.desk_tasks import TASKS, Case, Task
from tests.browser.page_checks import wait_until_idle
from tests.shared import ROOT

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(300)]

NAMES = [task.name for task in TASKS]
DOCUMENT = ROOT / "docs" / "desk.md"
# Without waiting for the end: a question of the browser stops the script of the page.
RELOAD = "() => { setTimeout(() => location.reload()) }"
SHOWN_AGAIN = "() => { document.dispatchEvent(new Event('visibilitychange')) }"


@pytest.fixture(params=TASKS, ids=NAMES)
def task(request: pytest.FixtureRequest) -> Task:
    """Each of the tasks."""
    return request.param  # type: ignore[no-any-return]


async def open_start(page: Page, case: Case) -> None:
    """Open the screen on which the task starts, after another one."""
    await page.goto("/catalog")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.goto(case.start)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await wait_until_idle(page)


async def check_done(page: Page, case: Case) -> None:
    """The page shows the change, which was made once."""
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await case.shows(page)
    assert await case.result() == case.expected


async def test_by_keyboard(page: Page, api: Api, real_time: None, task: Task) -> None:
    """Without the mouse; afterwards the focus is on the page, not lost."""
    case = await task.prepare(api, f"{task.name} by keyboard")
    await open_start(page, case)
    for step in case.steps:
        await step.by_keyboard(page)
    await check_done(page, case)
    if task.changes:
        await page.wait_for_function("() => document.activeElement !== document.body")


async def test_few_steps_interrupted(page: Page, api: Api, real_time: None, task: Task) -> None:
    """The steps of docs/desk.md. Back, a reload and a second tab neither lose nor repeat them.

    Before the last step each of them asks before it discards what was typed, or finds the dialog
    by its address. After it none of them opens the dialog or makes the change again.
    """
    case = await task.prepare(api, task.name)
    assert len(case.steps) <= task.most
    assert task.row(case) in DOCUMENT.read_text(encoding="utf-8").splitlines()
    await open_start(page, case)
    if not task.changes:
        await check_steps_without_a_change(page, case)
        return
    *steps, last = case.steps
    for step in steps:
        await step.with_mouse(page)
    await expect(page.get_by_role("dialog")).to_be_visible()
    second = await page.context.new_page()
    await second.goto(page.url)
    await expect(second.get_by_role("dialog")).to_be_visible()
    await wait_until_idle(second)
    await go_back(page, task, case)
    await reload(page, task)
    await last.with_mouse(page)
    await check_done(page, case)
    for return_to_dialog in (page.go_back, page.go_forward, page.reload):
        await return_to_dialog()
        await wait_until_idle(page)
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await second.keyboard.press("Escape")
    await expect(second.get_by_role("dialog")).to_have_count(0)
    await second.evaluate(SHOWN_AGAIN)
    await check_done(second, case)


async def check_steps_without_a_change(page: Page, case: Case) -> None:
    """Back returns to the start, and the address of the result opens it again."""
    for step in case.steps:
        await step.with_mouse(page)
    await check_done(page, case)
    await page.go_back()
    await expect(page).to_have_url(re.compile(f"{case.start}$"))
    await page.go_forward()
    await check_done(page, case)
    await page.reload()
    await check_done(page, case)


async def go_back(page: Page, task: Task, case: Case) -> None:
    """Back before the last step: what was typed stays; a dialog without input is closed."""
    dialog = page.get_by_role("dialog")
    await page.evaluate("history.back()")
    if task.is_typed:
        await dialog.get_by_role("button", name="Keep editing").click()
        await expect(dialog.get_by_text("Discard your changes?")).to_have_count(0)
        return
    await expect(dialog).to_have_count(0)
    for step in case.steps[:-1]:
        await step.with_mouse(page)


async def reload(page: Page, task: Task) -> None:
    """A reload before the last step: the browser asks about what was typed."""
    if task.is_typed:
        async with page.expect_event("dialog") as asked:
            await page.evaluate(RELOAD)
        question = await asked.value
        assert question.type == "beforeunload"
        await question.dismiss()
    else:
        await page.reload()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await wait_until_idle(page)
