"""Import of a file on the page: upload, check, preview, import, rejected lines."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, Route, WebSocketRoute, expect

from tests.browser.conftest import Api
from tests.browser.page_checks import WIDE, check_lists_on_phone, wait_until_idle

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(180)]


def file_of(prefix: str, *more: str, name: str = "customers.jsonl") -> FilePayload:
    """A file with two accounts whose numbers begin so, and further lines."""
    offer = {"code": f"{prefix}-TV", "name": "Television", "monthly_fee": "12.50"}
    lines = [
        {"number": f"{prefix}-2", "name": f"{prefix} Child", "parent": f"{prefix}-1"},
        {
            "number": f"{prefix}-1",
            "name": f"{prefix} Parent",
            "services": [{"kind": "tv", "login": prefix, "offers": [offer]}],
        },
    ]
    text = "\n".join([*map(json.dumps, lines), *more])
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}


async def upload(page: Page, file: FilePayload) -> None:
    """Choose a file on the page of imports, and upload it."""
    await page.goto("/jobs/import")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Upload and check").click()


async def check_screen(page: Page) -> None:
    """Accessible in light and dark, and usable at 360 px."""
    await wait_until_idle(page)
    await check_lists_on_phone(page)
    await page.set_viewport_size(WIDE)


async def test_all_steps(page: Page, tmp_path: Path) -> None:
    """Each state is a link; the download has the lines to correct."""
    await page.goto("/jobs")
    await page.get_by_role("link", name="Import accounts").click()
    await check_screen(page)
    await upload(page, file_of("STEPS", '{"number": "STEPS-3"}', "nothing"))
    heading = page.get_by_role("heading", level=1, name="customers.jsonl")
    await expect(heading).to_be_visible()
    await expect(
        page.get_by_text("Creates 2 accounts. Rejected lines are left out: 2.")
    ).to_be_visible()
    file = page.url.partition("?")[0]

    accounts = page.get_by_role("table", name="New accounts")
    await expect(accounts.get_by_role("row")).to_have_count(3)
    await expect(accounts.get_by_role("row").nth(1)).to_contain_text("STEPS Child")
    await expect(accounts.get_by_role("row").nth(2)).to_contain_text("STEPS Parent")
    offers = page.get_by_role("table", name="New offers in the catalog")
    await expect(offers.get_by_role("row").nth(1)).to_contain_text("STEPS-TV")
    await check_screen(page)

    await page.get_by_role("link", name="1. Check").click()
    await expect(page.get_by_text("4 of 4 lines · 2 rejected")).to_be_visible()
    await check_screen(page)

    await page.get_by_role("link", name="Show rejected lines").click()
    rejected = page.get_by_role("table", name="Rejected lines")
    await expect(rejected.get_by_role("row").nth(1)).to_contain_text("This is required.")
    await expect(rejected.get_by_role("row").nth(2)).to_contain_text("This is not JSON")
    assert page.url.endswith("step=rejects")
    await check_screen(page)
    async with page.expect_download() as downloads:
        await page.get_by_role("link", name="Lines to correct").click()
    download = await downloads.value
    assert download.suggested_filename == "customers-rejected.jsonl"
    await download.save_as(tmp_path / "rejected")
    assert (tmp_path / "rejected").read_text() == '{"number": "STEPS-3"}\nnothing\n'

    await page.goto(f"{file}?step=import")
    await page.get_by_role("button", name="Import 2 accounts").click()
    await expect(page.get_by_text("Completed with errors")).to_be_visible()
    await expect(page.get_by_text("4 of 4 lines · 2 rejected")).to_be_visible()
    await check_screen(page)
    await page.reload()
    await expect(page.get_by_text("Completed with errors")).to_be_visible()
    await page.get_by_role("link", name="Job run").click()
    await expect(page.get_by_role("link", name="customers.jsonl")).to_be_visible()
    await check_screen(page)
    await page.goto("/jobs/import")
    await expect(page.get_by_text("Completed with errors").first).to_be_visible()
    await check_screen(page)
    await page.goto("/accounts/STEPS-2")
    await expect(page.get_by_role("heading", level=1, name="STEPS Child")).to_be_visible()


class PushedRun:
    """Answers that a run of a file is running, and sends its progress over the WebSocket."""

    def __init__(self) -> None:
        self.run: dict[str, Any] = {}
        self.reads = 0
        self.is_over = False
        self.subscribed: asyncio.Future[tuple[WebSocketRoute, str]] = (
            asyncio.get_running_loop().create_future()
        )

    async def answer(self, route: Route) -> None:
        """The page of the file, with a run that has read nothing yet."""
        if "query ImportFilePage(" not in (route.request.post_data or ""):
            await route.continue_()
            return
        self.reads += 1
        response = await route.fetch()
        body = await response.json()
        if not self.is_over:
            [self.run] = body["data"]["node"]["runs"]
            self.run["jobRun"] |= {"status": "RUNNING", "done": 0, "failed": 0}
        await route.fulfill(json=body)

    def serve(self, socket: WebSocketRoute) -> None:
        """The protocol graphql-transport-ws."""

        def receive(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "connection_init":
                socket.send(json.dumps({"type": "connection_ack"}))
            if message["type"] == "subscribe" and "LiveImportRun" in message["payload"]["query"]:
                self.subscribed.set_result((socket, message["id"]))

        socket.on_message(receive)

    async def send(self, **changed: Any) -> None:
        """The run with these values of its job run."""
        socket, subscription = await self.subscribed
        self.run["jobRun"] |= changed
        job_run = {"id": self.run["jobRun"]["id"], "importRun": self.run}
        payload = {"data": {"jobRun": job_run}}
        socket.send(json.dumps({"id": subscription, "type": "next", "payload": payload}))


async def test_progress_is_sent_to_the_page(page: Page) -> None:
    """Without asking for it; the file is read again when the run has ended."""
    await upload(page, file_of("PUSHED"))
    await expect(page.get_by_role("table", name="New accounts")).to_be_visible()
    file = page.url.partition("?")[0]
    pushed = PushedRun()
    await page.route("**/graphql", pushed.answer)
    await page.route_web_socket(re.compile("graphql"), pushed.serve)
    await page.goto(f"{file}?step=check")
    await expect(page.get_by_text("0 of 2 lines")).to_be_visible()
    for done in (1, 2):
        await pushed.send(done=done)
        await expect(page.get_by_text(f"{done} of 2 lines")).to_be_visible()
    assert pushed.reads == 1
    pushed.is_over = True
    await pushed.send(status="DONE")
    await expect(page.get_by_role("link", name="Show the preview")).to_be_visible()
    await expect(page.get_by_role("button", name="Check again")).to_be_visible()
    await wait_until_idle(page)
    assert pushed.reads == 2


async def test_same_file_again(page: Page) -> None:
    """Nothing is imported twice, and nothing is offered."""
    for place in ("first", "second"):
        await upload(page, file_of("AGAIN"))
        await expect(
            page.get_by_text("Completed", exact=True)
            .or_(page.get_by_role("button", name="Import 2 accounts"))
            .first
        ).to_be_visible()
        if place == "first":
            await page.get_by_role("button", name="Import 2 accounts").click()
            await expect(page.get_by_text("2 of 2 lines")).to_be_visible()
            await expect(page.get_by_text("Completed", exact=True).first).to_be_visible()
    existed = page.locator("dt", has_text="Imported before").locator("xpath=..")
    await expect(existed).to_contain_text("2")
    await page.get_by_role("link", name="3. Import").click()
    await expect(page.get_by_text("No line of this file creates an account.")).to_be_visible()


async def test_file_that_is_refused(page: Page) -> None:
    """By the page before the upload, or by the server after it."""
    await page.goto("/jobs/import")
    await page.get_by_role("button", name="Upload and check").click()
    field = page.get_by_label("File", exact=False).first
    await expect(page.get_by_text("Choose a file").last).to_be_visible()
    await expect(field).to_be_visible()
    await upload(page, file_of("NONE", name="customers.xlsx"))
    message = "Choose a JSON Lines file (.jsonl) or a CSV file (.csv)."
    await expect(page.get_by_text(message)).to_be_visible()
    await check_screen(page)


async def test_upload_goes_on_elsewhere(page: Page) -> None:
    """It is shown on return, can be cancelled, and is not lost by a reload without a question."""
    sent: list[Route] = []
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        sent.append(route)
        arrived.set()

    await page.route("**/imports?*", hold)
    await upload(page, file_of("HELD"))
    await arrived.wait()
    jobs = page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Jobs")
    await jobs.click()
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    async with page.expect_event("dialog") as asked:
        await page.evaluate("setTimeout(() => location.reload())")
    question = await asked.value
    assert question.type == "beforeunload"
    await question.dismiss()
    await page.go_back()
    await expect(page.get_by_role("button", name="Cancel upload")).to_be_visible()
    file = page.get_by_role("button", name="File", exact=True)
    await expect(file).to_contain_text("customers.jsonl")
    await page.get_by_role("button", name="Cancel upload").press("Enter")
    await expect(page.get_by_label("Upload progress")).to_have_count(0)
    await expect(page.get_by_role("button", name="Clear the file")).to_be_focused()

    arrived.clear()
    await page.get_by_role("button", name="Upload and check").click()
    await arrived.wait()
    await jobs.click()
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await sent[-1].continue_()
    notice = page.get_by_text("customers.jsonl is uploaded. Its check has started.")
    await expect(notice).to_be_visible()
    assert page.url.endswith("/jobs")


@pytest.mark.parametrize("context", ["manager@example.com"], indirect=True)
async def test_others_than_admins(page: Page) -> None:
    for path in ("/jobs/import", "/jobs/import/any"):
        await page.goto(path)
        await expect(page.get_by_text("This page is for admins")).to_be_visible()
    await page.goto("/jobs")
    await expect(page.get_by_role("button", name="Start a job")).to_be_visible()
    await expect(page.get_by_role("link", name="Import accounts")).to_have_count(0)


async def test_delete_file(page: Page, api: Api) -> None:
    """By the keyboard; the counts stay, the lists are gone."""
    await upload(page, file_of("GONE"))
    button = page.get_by_role("button", name="Delete file")
    await expect(page.get_by_role("table", name="New accounts")).to_be_visible()
    await button.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Imported accounts stay.")).to_be_visible()
    await check_screen(page)
    await dialog.get_by_role("button", name="Delete file").click()
    await expect(page.get_by_text("The file is deleted.")).to_be_visible()
    await expect(page.get_by_text("The file and its lists are deleted.")).to_be_visible()
    await page.get_by_role("link", name="1. Check").click()
    await expect(page.get_by_text("2 of 2 lines")).to_be_visible()
    await expect(page.get_by_role("button", name="Check again")).to_have_count(0)
    found = await api.ask('{ account(number: "GONE-1") { id } }')
    assert found == {"account": None}


async def test_page_in_german(page: Page) -> None:
    await page.goto("/jobs/import")
    await page.evaluate("localStorage.setItem('tenure-language', 'de')")
    await page.reload()
    await expect(page.get_by_role("heading", level=1, name="Konten importieren")).to_be_visible()
    await expect(page.get_by_role("button", name="Hochladen und prüfen")).to_be_visible()
    await page.evaluate("localStorage.setItem('tenure-language', 'en')")
