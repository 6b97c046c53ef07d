"""A new installation: import accounts, count them, inactivate one, and wait for its return."""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, CommandLine
from tests.browser.page_checks import WIDE
from tests.repetitions import repetitions
from tests.server import served
from tests.shared import shared
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(600)]

SETTABLE = {"TENURE_CLOCK": "settable"}
ADMIN = "admin@example.com"
NUMBER = "7590-VHVEG"
# The first so many accounts of the sample. tests/importing/test_whole.py imports all of it.
ACCOUNTS = repetitions("TENURE_TEST_IMPORTED", 700, 7_043)


class Installation:
    """A running server with imported accounts, and the token of a partner system."""

    def __init__(self, address: str, token: str, password: str, imported: Counter[str]) -> None:
        self.address, self.token, self.password = address, token, password
        # How many accounts have each status.
        self.imported = imported

    def ask(self, document: str) -> dict[str, Any]:
        """The data of the response to an operation sent with the token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.post(
            f"{self.address}/graphql", json={"query": document}, headers=headers, timeout=PATIENCE
        ).json()
        assert "errors" not in answer, answer
        return dict(answer["data"])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A server with an embedded worker, without demonstration data; imports the sample data."""
    program = CommandLine(tmp_path, SETTABLE)
    program.run("migrate")
    password = program.create_user(ADMIN, "ADMIN")
    file = tmp_path / "telco.jsonl"
    script, data = shared("contract/telco.py"), shared("data/telco-customer-churn.csv")
    made = subprocess.run(
        [sys.executable, script, data], stdout=subprocess.PIPE, check=True, text=True
    )
    lines = made.stdout.splitlines()[:ACCOUNTS]
    file.write_text("\n".join(lines))
    with served(tmp_path, **SETTABLE) as address:
        token = program.run("token", "create", "partner", "--role", "VIEWER").strip()
        began = time.monotonic()
        program.run("import", str(file))
        assert time.monotonic() - began < PATIENCE
        imported = Counter(json.loads(line)["status"] for line in lines)
        yield Installation(address, token, password, imported)


@pytest.fixture
async def page(browser: Browser, installation: Installation) -> AsyncIterator[Page]:
    """A page on which the admin has signed in."""
    context = await browser.new_context(
        base_url=installation.address, viewport=WIDE, reduced_motion="reduce"
    )
    context.set_default_timeout(TIMEOUT_MS)
    opened = await context.new_page()
    await sign_in(opened, "/accounts", installation.password)
    await expect(opened.get_by_role("heading", level=1, name="Accounts")).to_be_visible()
    yield opened
    await context.close()


async def sign_in(page: Page, path: str, password: str) -> None:
    """Sign in as the admin; leads to the path."""
    await page.goto(path)
    await page.get_by_label("E-mail").fill(ADMIN)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def test_first_run(page: Page, installation: Installation) -> None:
    counted = installation.ask(
        """{ active: accounts(filter: {status: ACTIVE}) { totalCount }
             closed: accounts(filter: {status: CLOSED}) { totalCount }
             all: accounts { totalCount } clock { today } }"""
    )
    assert {name: counted[name]["totalCount"] for name in ("active", "closed", "all")} == {
        "active": installation.imported["ACTIVE"],
        "closed": installation.imported["CLOSED"],
        "all": ACCOUNTS,
    }

    tomorrow = date.fromisoformat(counted["clock"]["today"]) + timedelta(days=1)

    await page.get_by_role("searchbox", name="Search accounts").press_sequentially(NUMBER)
    await page.get_by_role("link", name=NUMBER).click()
    await page.get_by_role("button", name="Inactivate").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-impact]")).to_have_text("1 account · 1 service · 2 offers")
    await dialog.get_by_label("Reactivate on").fill(f"{tomorrow}")
    await dialog.get_by_role("button", name="Inactivate").click()
    await expect(dialog).to_be_hidden()
    header = page.get_by_role("heading", level=1).locator("..")
    await expect(header.get_by_text("Inactive")).to_be_visible()

    await page.goto("/settings")
    await page.get_by_label("Set the clock to").fill(f"{tomorrow + timedelta(days=1)}")
    await page.get_by_role("button", name="Set the clock").click()
    await expect(page.get_by_text("Test clock: the business clock is set to")).to_be_visible()
    # No job is started manually: setting the clock wakes the embedded worker.
    await page.goto(f"/accounts/{NUMBER}")
    await wait_until_active(page)
    asked = installation.ask(f'{{ account(number: "{NUMBER}") {{ status holds {{ cause }} }} }}')
    assert asked == {"account": {"status": "ACTIVE", "holds": []}}


async def wait_until_active(page: Page) -> None:
    """Reloads the page until the worker has reactivated the account."""
    header = page.get_by_role("heading", level=1).locator("..")

    async def is_active() -> bool:
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        holds = await page.locator("[data-why]").count()
        return holds == 0 and await header.get_by_text("Active", exact=True).count() > 0

    await wait_for(is_active, PATIENCE, "The account was not reactivated in time.")


async def test_empty_company_says_what_to_do_first(browser: Browser, tmp_path: Path) -> None:
    """The first screens of a fresh database lead to the settings, the catalog and the accounts."""
    program = CommandLine(tmp_path, {})
    program.run("migrate")
    password = program.create_user(ADMIN, "ADMIN")
    with served(tmp_path) as address:
        context = await browser.new_context(base_url=address, viewport=WIDE)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        await sign_in(page, "/", password)
        steps = page.get_by_role("region", name="First steps").get_by_role("link")
        await expect(steps).to_have_text(
            [
                "Check the settings",
                "Create offers in the catalog",
                "Create an account",
                "Or import accounts",
            ]
        )
        await expect(page.get_by_role("img", name=re.compile("Accounts by status"))).to_be_visible()
        ticks = page.get_by_role("img", name=re.compile("Accounts by status")).locator(
            ".recharts-yAxis-tick-labels text"
        )
        assert [text for text in await ticks.all_text_contents() if "." in text] == []
        await steps.nth(2).click()
        await page.get_by_role("link", name="Import accounts").click()
        await expect(page.get_by_role("heading", level=1, name="Import accounts")).to_be_visible()
        await context.close()
