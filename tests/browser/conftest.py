"""A server with demonstration data, a Chromium, and pages that are signed in and must not complain."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    async_playwright,
    expect,
)

from tenure.demo import company
from tenure.identity.actions import create_user
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.browser.looks import EXPECTED_COMPLAINTS, TRAFFIC, Traffic
from tests.conftest import ANA
from tests.server import served
from tests.services import BROWSER, CHROMIUM
from tests.shared import ROOT, absent

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PEOPLE = {
    "admin@example.com": "ADMIN",
    "manager@example.com": "MANAGER",
    "agent@example.com": "AGENT",
    "viewer@example.com": "VIEWER",
}
WIDE = {"width": 1280, "height": 800}
# Milliseconds: a machine that has much else to do is no fault of the page.
PATIENCE = 30_000
JOBS_END_SECONDS = 120
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, the passwords of the people who may sign in, and the file of its database."""

    address: str
    passwords: dict[str, str]
    database: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`tenure serve` on a database of its own, with demonstration data and a clock that can be set."""
    BROWSER.need()
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        absent("The page has not been built: `make setup` does it.")
    folder = tmp_path_factory.mktemp("browser")
    passwords = asyncio.run(moved_in(folder / "tenure.db"))
    with served(folder, TENURE_CLOCK="settable") as address:
        yield Server(address, passwords, folder / "tenure.db")


async def moved_in(path: Path) -> dict[str, str]:
    """Make a database with the demonstration's company and the people who may sign in. Answers with their passwords."""
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    runtime = Runtime(database, BusinessReader(clock_settable=True))
    await company.build_company(runtime)
    passwords = {}
    async with runtime.unit(ANA) as unit:
        for email, role in PEOPLE.items():
            _, made = await create_user(unit, email=email, role=Role(role))
            passwords[email] = made or ""
    await database.close()
    return passwords


@dataclass(frozen=True, slots=True)
class Program:
    """The program `tenure`, on the database that the server will have."""

    folder: Path
    settings: dict[str, str]

    def run(self, *arguments: str) -> str:
        """What it prints; fails with all that it said where it fails."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
        environment = (
            own | {"TENURE_DATABASE_URL": f"sqlite:///{self.folder}/tenure.db"} | self.settings
        )
        program = Path(sys.executable).with_name("tenure")
        done = subprocess.run(
            [program, *arguments],
            check=False,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            pytest.fail(
                f"tenure {' '.join(arguments)} exited {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def password_of(self, email: str, role: str) -> str:
        """Makes a person, and reads the password that is printed once."""
        said = self.run("user", "create", email, "--role", role)
        found = re.search(r"password is (\S+)", said) or re.search(r"(\S+)\s*$", said)
        assert found, said
        return found[1]


@pytest.fixture(scope="session")
async def browser(server: Server) -> AsyncIterator[Browser]:
    """Debian's Chromium; nothing is ever downloaded."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
async def signed_in(browser: Browser, server: Server) -> dict[str, StorageState]:
    """The cookie of each person: they sign in once, not once a test."""
    states = {}
    for email, password in server.passwords.items():
        context = await browser.new_context(base_url=server.address)
        answer = await context.request.post(
            "/auth/sign-in",
            data={"email": email, "password": password},
            headers={"origin": server.address},
        )
        assert answer.status == 200, await answer.text()
        states[email] = await context.storage_state()
        await context.close()
    return states


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser of one person's, kept for the session: to make one takes longer than most tests.

    A page of the server's that shows nothing keeps its window open, and reaches what the person's pages have stored.
    """

    context: BrowserContext
    anchor: Page
    state: StorageState | None

    async def tidy(self) -> None:
        """As it was at first: nobody's page, nothing stored, signed in."""
        for page in self.context.pages:
            if page is not self.anchor:
                await page.close()
        await self.context.unroute_all()
        await self.anchor.evaluate("localStorage.clear()")
        await self.context.clear_cookies()
        if self.state:
            await self.context.add_cookies(self.state["cookies"])


@pytest.fixture(scope="session")
async def desks(browser: Browser) -> AsyncIterator[dict[str, Desk]]:
    """One for each person, by e-mail address, as they are needed."""
    made: dict[str, Desk] = {}
    yield made
    for desk in made.values():
        await desk.context.close()


@pytest.fixture
async def context(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Server,
    signed_in: dict[str, StorageState],
    desks: dict[str, Desk],
) -> AsyncIterator[BrowserContext]:
    """A tidy browser, signed in as admin, or as `@pytest.mark.parametrize("context", …)` says."""
    email = getattr(request, "param", "admin@example.com")
    if email not in desks:
        state = signed_in.get(email)
        opened = await browser.new_context(
            base_url=server.address, storage_state=state, viewport=WIDE, reduced_motion="reduce"
        )
        opened.set_default_timeout(PATIENCE)
        anchor = await opened.new_page()
        await anchor.goto("/healthz")
        desks[email] = Desk(opened, anchor, state)
    yield desks[email].context
    await desks[email].tidy()


@pytest.fixture
async def page(context: BrowserContext, server: Server) -> AsyncIterator[Page]:
    """A page whose test fails on any error in the console, any fault of the page, and any request to another host."""
    opened = await context.new_page()
    TRAFFIC[opened] = Traffic(opened)
    complaints: list[str] = []
    opened.on(
        "console", lambda message: message.type == "error" and complaints.append(message.text)
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request",
        lambda asked: (
            not asked.url.startswith((server.address, "data:", "blob:"))
            and complaints.append(asked.url)
        ),
    )
    yield opened
    assert complaints == EXPECTED_COMPLAINTS.pop(opened, [])


@dataclass(frozen=True, slots=True)
class Api:
    """GraphQL with the cookie of the page."""

    context: BrowserContext
    address: str

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of the answer."""
        answer = await self.context.request.post(
            "/graphql",
            data=json.dumps({"query": document, "variables": variables}),
            headers={"content-type": "application/json", "origin": self.address},
        )
        body = await answer.json()
        assert "errors" not in body, body
        return dict(body["data"])

    async def now(self) -> datetime:
        """What the business clock shows."""
        return datetime.fromisoformat((await self.ask("{ clock { now } }"))["clock"]["now"])

    async def set_clock(self, now: datetime | None) -> None:
        """Forward. `return_to_real_time` undoes it."""
        document = (
            "mutation ($input: SetClockInput!) { setClock(input: $input) { errors { message } } }"
        )
        done = await self.ask(document, input={"now": now and now.isoformat()})
        assert done["setClock"]["errors"] == [], done

    async def return_to_real_time(self) -> None:
        """Ends the change of the clock once every job that it started has ended.

        A run whose date lies ahead of the clock stays queued, so it would wait on the jobs page
        of every later test.
        """
        ahead = await self.now()
        for _ in range(JOBS_END_SECONDS * 4):
            if await self._jobs_have_ended():
                await self.set_clock(None)
                if await self._jobs_have_ended():
                    return
                # The scheduler started a run between the two.
                await self.set_clock(ahead)
            await asyncio.sleep(0.25)
        raise AssertionError(f"The jobs have not ended within {JOBS_END_SECONDS} seconds.")

    async def _jobs_have_ended(self) -> bool:
        runs = await self.ask("{ jobRuns(first: 20) { nodes { status } } }")
        return all(run["status"] not in ("QUEUED", "RUNNING") for run in runs["jobRuns"]["nodes"])

    async def change_status(self, account_id: str, to: str, **more: str) -> str | None:
        """Changes an account's status; the id of the deferred action where there is one."""
        done = await self.ask(
            """mutation ($input: ChangeAccountStatusInput!) {
              changeAccountStatus(input: $input) { deferredAction { id } errors { message } }
            }""",
            input={"accountId": account_id, "status": to, **more},
        )
        assert done["changeAccountStatus"]["errors"] == [], done
        return (done["changeAccountStatus"]["deferredAction"] or {}).get("id")

    async def move(self, account_id: str, parent_id: str, at: datetime) -> None:
        """Schedule a move of an account below a parent that pays for it."""
        done = await self.ask(
            """mutation ($input: ChangeHierarchyInput!) {
              changeHierarchy(input: $input) { deferredAction { id } errors { message } }
            }""",
            input={
                "accountId": account_id,
                "parentId": parent_id,
                "parentPays": True,
                "deferUntil": at.isoformat(),
            },
        )
        assert done["changeHierarchy"]["errors"] == [], done

    async def add_card(self, account_id: str, token: str = "tok_ok", **more: Any) -> str:
        """A credit card that is valid for years; its id."""
        card = {"kind": "CREDIT_CARD", "token": token, "brand": "Visa", "lastFour": "4242"}
        done = await self.ask(
            """mutation ($input: AddPaymentMethodInput!) {
              addPaymentMethod(input: $input) { paymentMethod { id } errors { message } }
            }""",
            input={
                "accountId": account_id,
                **card,
                "expirationMonth": 3,
                "expirationYear": 2035,
                **more,
            },
        )
        assert done["addPaymentMethod"]["errors"] == [], done
        return str(done["addPaymentMethod"]["paymentMethod"]["id"])

    async def new_account(self, name: str, **more: Any) -> dict[str, Any]:
        """An account with an internet service; its id, number, and the id of the service."""
        made = await self.ask(
            """mutation ($input: CreateAccountInput!) {
              createAccount(input: $input) { account { id number name } errors { message } }
            }""",
            input={"name": name, **more},
        )
        account = made["createAccount"]["account"]
        assert account, made
        added = await self.ask(
            """mutation ($input: AddServiceInput!) {
              addService(input: $input) { service { id } errors { message } }
            }""",
            input={
                "accountId": account["id"],
                "kind": "internet",
                "login": f"net-{account['number']}".lower(),
            },
        )
        return {**account, "service": added["addService"]["service"]["id"]}


@pytest.fixture
def api(context: BrowserContext, server: Server) -> Api:
    """Puts in what a test needs, without the page."""
    return Api(context, server.address)


@pytest.fixture
async def real_time(api: Api) -> AsyncIterator[None]:
    """The clock shows real time again after the test."""
    yield
    await api.return_to_real_time()
