"""The whole way with real customers: import them, count them, find one, inactivate it, and see it come back by itself."""

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import WIDE, Program
from tests.server import served
from tests.shared import shared

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

SETTABLE = {"TENURE_CLOCK": "settable"}
ADMIN = "admin@example.com"
NUMBER = "7590-VHVEG"
SECONDS_TO_IMPORT = 60


class Office:
    """A running Tenure with its customers, and a partner system's token."""

    def __init__(self, address: str, token: str, password: str) -> None:
        self.address, self.token, self.password = address, token, password

    def ask(self, document: str) -> dict[str, Any]:
        """The data of the answer, by token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.post(
            f"{self.address}/graphql", json={"query": document}, headers=headers, timeout=20
        ).json()
        assert "errors" not in answer, answer
        return dict(answer["data"])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An embedded installation as `make run` has it, without demonstration data; the telco set is imported while it runs."""
    program = Program(tmp_path, SETTABLE)
    program.run("migrate")
    password = program.password_of(ADMIN, "ADMIN")
    file = tmp_path / "telco.jsonl"
    script, data = shared("contract/telco.py"), shared("data/telco-customer-churn.csv")
    with file.open("w") as lines:
        subprocess.run([sys.executable, script, data], stdout=lines, check=True)
    with served(tmp_path, **SETTABLE) as address:
        token = program.run("token", "create", "partner", "--role", "VIEWER").strip()
        began = time.monotonic()
        program.run("import", str(file))
        assert time.monotonic() - began < SECONDS_TO_IMPORT
        yield Office(address, token, password)


@pytest.fixture
async def page(browser: Browser, office: Office) -> AsyncIterator[Page]:
    """Signed in as an admin would sign in."""
    context = await browser.new_context(
        base_url=office.address, viewport=WIDE, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    opened = await context.new_page()
    await opened.goto("/accounts")
    await opened.get_by_label("E-mail").fill(ADMIN)
    await opened.get_by_label("Password", exact=True).fill(office.password)
    await opened.get_by_role("button", name="Sign in").click()
    await expect(opened.get_by_role("heading", level=1, name="Accounts")).to_be_visible()
    yield opened
    await context.close()


async def test_first_light(page: Page, office: Office) -> None:
    counted = office.ask(
        """{ active: accounts(filter: {status: ACTIVE}) { totalCount }
             closed: accounts(filter: {status: CLOSED}) { totalCount }
             all: accounts { totalCount } clock { today } }"""
    )
    assert {name: counted[name]["totalCount"] for name in ("active", "closed", "all")} == {
        "active": 5174,
        "closed": 1869,
        "all": 7043,
    }

    tomorrow = date.fromisoformat(counted["clock"]["today"]) + timedelta(days=1)

    await page.get_by_role("searchbox", name="Search accounts").press_sequentially(NUMBER)
    await page.get_by_role("link", name=NUMBER).click()
    await page.get_by_role("button", name="Change status").click()
    await page.get_by_role("menuitem", name="Inactivate…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-impact]")).to_have_text("1 account · 1 service · 2 offers")
    await dialog.get_by_label("Reactivate on").fill(f"{tomorrow}")
    await dialog.get_by_role("button", name="Inactivate").click()
    await expect(dialog).to_be_hidden()
    standing = page.get_by_role("heading", level=1).locator("..")
    await expect(standing.get_by_text("Inactive")).to_be_visible()

    await page.goto("/settings")
    await page.get_by_label("Set the clock to").fill(f"{tomorrow + timedelta(days=1)}")
    await page.get_by_role("button", name="Set the clock").click()
    await expect(page.get_by_label("Business clock:")).to_be_visible()
    # Nobody starts a job: the set clock nudges the worker inside of the server.
    await page.goto(f"/accounts/{NUMBER}")
    await comes_back(page)
    asked = office.ask(f'{{ account(number: "{NUMBER}") {{ status holds {{ cause }} }} }}')
    assert asked == {"account": {"status": "ACTIVE", "holds": []}}


async def comes_back(page: Page) -> None:
    """Looks again until the worker has done it."""
    standing = page.get_by_role("heading", level=1).locator("..")
    for _ in range(100):
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        if (
            await page.locator("[data-why]").count() == 0
            and await standing.get_by_text("Active", exact=True).count()
        ):
            return
        await page.wait_for_timeout(500)
        await page.reload()
    pytest.fail("The account did not come back when the clock had passed its date.")
