"""Fixtures of the browser tests: a server with demonstration data, Chromium, signed-in pages."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
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

from tenure.identity.actions import create_user
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import programs
from tests.browser.console import Console
from tests.browser.page_checks import WIDE
from tests.conftest import ANA
from tests.demonstration import copy_demo_database
from tests.server import served
from tests.services import BROWSER, CHROMIUM
from tests.shared import ROOT, absent
from tests.waiting import PATIENCE, wait_for

FLAGS = [
    "--no-sandbox",
    # The pages of a context share a process, which has compiled the scripts already.
    "--process-per-site",
    # Code of a page that lives for a second is compiled by the optimizer in vain.
    "--js-flags=--no-opt",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
USERS = {
    "admin@example.com": "ADMIN",
    "manager@example.com": "MANAGER",
    "agent@example.com": "AGENT",
    "viewer@example.com": "VIEWER",
}
TIMEOUT_MS = 60_000
expect.set_options(timeout=TIMEOUT_MS)


@dataclass(frozen=True, slots=True)
class Server:
    """The address of the server, the passwords of its users, and its database file."""

    address: str
    passwords: dict[str, str]
    database: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`tenure serve` on its own database, with demonstration data and a settable clock."""
    BROWSER.need()
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        absent("The page has not been built: `make setup` does it.")
    folder = tmp_path_factory.mktemp("browser")
    passwords = asyncio.run(create_users(copy_demo_database(folder, tmp_path_factory)))
    # The tests send more than a user can within the same time.
    settings = {
        "TENURE_CLOCK": "settable",
        "TENURE_RATE_LIMIT_POINTS": "1000000000",
        "TENURE_WEBHOOK_ALLOW_PRIVATE": "true",
    }
    with served(folder, **settings) as address:
        yield Server(address, passwords, folder / "tenure.db")


async def create_users(path: Path) -> dict[str, str]:
    """Create a user per role in a database. Returns the passwords."""
    database = Database(f"sqlite:///{path}")
    runtime = Runtime(database, BusinessReader(clock_settable=True))
    passwords = {}
    async with runtime.unit(ANA) as unit:
        for email, role in USERS.items():
            _, password = await create_user(unit, email=email, role=Role(role))
            passwords[email] = password or ""
    await database.close()
    return passwords


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The command line `tenure`, on the database in `folder`."""

    folder: Path
    settings: dict[str, str]

    def run(self, *arguments: str) -> str:
        """The output of the command; fails with it if the command fails."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
        environment = (
            own | {"TENURE_DATABASE_URL": f"sqlite:///{self.folder}/tenure.db"} | self.settings
        )
        done = programs.run(
            *arguments, environment=environment, folder=self.folder, timeout=PATIENCE
        )
        if done.returncode:
            pytest.fail(
                f"tenure {' '.join(arguments)} exited {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def create_user(self, email: str, role: str) -> str:
        """Create a user; returns the password, which is printed once."""
        output = self.run("user", "create", email, "--role", role)
        found = re.search(r"password is (\S+)", output) or re.search(r"(\S+)\s*$", output)
        assert found, output
        return found[1]


@pytest.fixture(scope="session")
def watched_console() -> Console:
    """The console of all pages."""
    return Console()


@pytest.fixture(autouse=True)
def console(watched_console: Console) -> Iterator[Console]:
    """Fails each test whose pages log something that it does not allow or expect."""
    watched_console.start()
    yield watched_console
    watched_console.check()


@pytest.fixture(scope="session")
async def browser(server: Server, watched_console: Console) -> AsyncIterator[Browser]:
    """The installed Chromium; nothing is downloaded."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened.on("context", watched_console.watch)
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
async def signed_in(browser: Browser, server: Server) -> dict[str, StorageState]:
    """The session cookie of each user. Each signs in once per test session."""
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
class UserContext:
    """A browser context of one user, reused because creating one takes longer than most tests.

    The page `anchor` keeps its window open and gives access to the local storage.
    """

    context: BrowserContext
    anchor: Page
    state: StorageState | None

    async def reset(self) -> None:
        """Close the pages, empty the storage and restore the session cookie."""
        for page in self.context.pages:
            if page is not self.anchor:
                await page.close()
        await self.context.unroute_all()
        await self.anchor.evaluate("localStorage.clear()")
        await self.context.clear_cookies()
        if self.state:
            await self.context.add_cookies(self.state["cookies"])


@pytest.fixture(scope="session")
async def user_contexts(browser: Browser) -> AsyncIterator[dict[str, UserContext]]:
    """The contexts by e-mail address, created when first needed."""
    made: dict[str, UserContext] = {}
    yield made
    for user_context in made.values():
        await user_context.context.close()


@pytest.fixture
async def context(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Server,
    signed_in: dict[str, StorageState],
    user_contexts: dict[str, UserContext],
) -> AsyncIterator[BrowserContext]:
    """A reset browser context of the admin, or of the user that the test names as parameter."""
    email = getattr(request, "param", "admin@example.com")
    if email not in user_contexts:
        state = signed_in.get(email)
        opened = await browser.new_context(
            base_url=server.address, storage_state=state, viewport=WIDE, reduced_motion="reduce"
        )
        opened.set_default_timeout(TIMEOUT_MS)
        anchor = await opened.new_page()
        await anchor.goto("/healthz")
        user_contexts[email] = UserContext(opened, anchor, state)
    yield user_contexts[email].context
    await user_contexts[email].reset()


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    """A page of the context, which closes it after the test."""
    return await context.new_page()


@dataclass(frozen=True, slots=True)
class Api:
    """Sends GraphQL operations with the session cookie of the page."""

    context: BrowserContext
    address: str

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of the response."""
        answer = await self.context.request.post(
            "/graphql",
            data=json.dumps({"query": document, "variables": variables}),
            headers={"content-type": "application/json", "origin": self.address},
        )
        body = await answer.json()
        assert "errors" not in body, body
        return dict(body["data"])

    async def now(self) -> datetime:
        """The time of the business clock."""
        return datetime.fromisoformat((await self.ask("{ clock { now } }"))["clock"]["now"])

    async def set_clock(self, now: datetime | None) -> None:
        """Set the clock forward. `return_to_real_time` ends it."""
        document = (
            "mutation ($input: SetClockInput!) { setClock(input: $input) { errors { message } } }"
        )
        done = await self.ask(document, input={"now": now and now.isoformat()})
        assert done["setClock"]["errors"] == [], done

    async def return_to_real_time(self) -> None:
        """Ends the change of the clock once every job that it started has ended.

        A run whose date lies ahead of the clock stays queued, so it would wait on the jobs page
        of every later test. Such a run gets a clock of its date.
        """

        async def is_real_time() -> bool:
            if dates := await self._dates_of_live_runs():
                latest = datetime.combine(max(dates), time(12), UTC)
                if latest > await self.now():
                    await self.set_clock(latest)
                return False
            await self.set_clock(None)
            # The scheduler may have started a run between the two.
            return not await self._dates_of_live_runs()

        await wait_for(is_real_time, PATIENCE, "The jobs have not ended.")

    async def _dates_of_live_runs(self) -> list[date]:
        found = await self.ask("{ jobRuns(first: 20) { nodes { status businessDate } } }")
        return [
            date.fromisoformat(run["businessDate"])
            for run in found["jobRuns"]["nodes"]
            if run["status"] in ("QUEUED", "RUNNING")
        ]

    async def change_status(self, account_id: str, to: str, **more: str) -> str | None:
        """Change the status of an account; returns the id of the deferred action, if any."""
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
        """Add a valid credit card; returns its id."""
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
        """Create an account with an internet service: id, number, name, id of the service."""
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
    """The API with the session of the page."""
    return Api(context, server.address)


@pytest.fixture
async def real_time(api: Api) -> AsyncIterator[None]:
    """Returns to real time after the test."""
    yield
    await api.return_to_real_time()


@pytest.fixture
async def usual_reasons(api: Api) -> AsyncIterator[None]:
    """Retires the reasons of the test: the usual ones are offered while there are no others."""
    yield
    found = await api.ask("{ reasons(isRetired: false, first: 100) { nodes { id } } }")
    for reason in found["reasons"]["nodes"]:
        await api.ask(
            "mutation ($id: ID!) { updateReason(input: { reasonId: $id, isRetired: true }) "
            "{ errors { message } } }",
            id=reason["id"],
        )
