"""The dialogs about a note, a contact or what admins keep; and that no screen is left out."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser import test_screens
from tests.browser.conftest import Api
from tests.browser.page_checks import visit
from tests.shared import ROOT

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

SOURCES = ROOT / "frontend" / "src"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dialog is about: how it is created, and how it is removed after the test."""

    creation: str
    removal: str = ""


SUBJECTS = {
    "contact": Subject(
        """addContact(input: { accountId: $account, kind: BILLING, name: "Hana" }) {
          made: contact { id } }"""
    ),
    "note": Subject(
        'addNote(input: { accountId: $account, text: "Of the dialog" }) { made: note { id } }'
    ),
    "token": Subject(
        'createToken(input: { name: "Of the dialog", role: VIEWER }) { made: token { id } }'
    ),
    "reason": Subject(
        """createReason(input: { code: "dialog", label: "Of the dialog", appliesTo: [CLOSED] }) {
          made: reason { id } }""",
        "updateReason(input: { reasonId: $id, isRetired: true }) { errors { message } }",
    ),
    "webhook": Subject(
        """createWebhook(input: { url: "https://127.0.0.1:9/dialog", eventKinds: [PAYMENT] }) {
          made: webhook { id } }""",
        "deleteWebhook(webhookId: $id) { errors { message } }",
    ),
}
# The name of each dialog, its subject, and a text that it contains.
DIALOGS = {
    "edit-contact": ("contact", "Edit contact: Hana"),
    "remove-contact": ("contact", "Remove contact: Hana"),
    "edit-note": ("note", "Edit note"),
    "delete-note": ("note", "It can't be restored."),
    "revoke-token": ("token", "Revoke Of the dialog"),
    "edit-reason": ("reason", "Edit reason dialog"),
    "edit-webhook": ("webhook", "Edit webhook"),
    "test-webhook": ("webhook", "Send a test message"),
    "rotate-secret": ("webhook", "Make a new secret"),
    "delete-webhook": ("webhook", "its pending deliveries are dropped"),
    "check-usage": ("service", "May it be used?"),
    "delete-import-file": ("none", "its rejected lines are deleted"),
    "reset-password": ("user", "all sessions of the user end at once"),
}
# Without a screen of their own.
FRAMES = {"__root", "_signed-in", "accounts.$number"}
# Sign-in is checked by test_addresses.py, unknown addresses by test_unknown_path.
CHECKED_ELSEWHERE = {"sign-in", "$"}
# The paths of test_screens.py that stand for a route with parameters.
STAND_INS = {
    "jobs.$run": "/jobs/no-such-run",
    "jobs.import.$file": "/jobs/import/no-such-file",
    "webhooks.$webhook": "/webhooks/no-such-webhook",
    "bills.$number.index": "/bills/NO-SUCH-BILL",
    "bills.$number.items.$item": "/bills/NO-SUCH-BILL/items/none",
}


@pytest.mark.parametrize("dialogs", test_screens.parts(DIALOGS, 5))
async def test_dialogs_about_a_subject(
    page: Page, api: Api, dialogs: list[tuple[str, tuple[str, str]]]
) -> None:
    """Accessible in light and dark, usable at 360 px, and left by Escape."""
    for name, (kind, text) in dialogs:
        account = await api.new_account("Dialog Subject")
        subject = await create(api, kind, account)
        await visit(page, f"/accounts/{account['number']}?dialog={name}&on={subject}")
        await test_screens.check_dialog(page, text)
        if kind in SUBJECTS and (removal := SUBJECTS[kind].removal):
            await api.ask(f"mutation ($id: ID!) {{ {removal} }}", id=subject)


async def create(api: Api, kind: str, account: dict[str, Any]) -> str:
    """The id of a new subject, of the service of the account, or of the first user."""
    if kind == "none":
        return kind
    if kind == "service":
        return str(account["service"])
    if kind == "user":
        return str(
            (await api.ask("{ users(first: 1) { nodes { id } } }"))["users"]["nodes"][0]["id"]
        )
    creation = SUBJECTS[kind].creation
    head = "mutation ($account: ID!)" if "$account" in creation else "mutation"
    values = {"account": account["id"]} if "$account" in creation else {}
    made = await api.ask(f"{head} {{ made: {creation} }}", **values)
    return str(made["made"]["made"]["id"])


def test_every_dialog_is_checked() -> None:
    """A new dialog needs an entry here or in test_screens.py."""
    source = (SOURCES / "app" / "dialogs.tsx").read_text(encoding="utf-8")
    listed = source.split("const dialogs")[1].split("\n}")[0]
    names = set(re.findall(r"^  '?([a-z-]+)'?: lazy", listed, re.MULTILINE))
    addresses = " ".join([*test_screens.DIALOGS, *test_screens.BILL_DIALOGS])
    assert names == {*re.findall(r"dialog=([a-z-]+)", addresses), *DIALOGS}


def test_every_route_is_checked() -> None:
    """A new screen needs an entry in test_screens.py, or a path that stands for it."""
    files = {file.stem for file in (SOURCES / "routes").rglob("*.tsx")}
    routes = files - FRAMES - CHECKED_ELSEWHERE
    paths = {path.partition("?")[0] for path in test_screens.SCREENS}
    tabs = {f"accounts.$number.{tab.strip('/') or 'index'}" for tab in test_screens.TABS}
    plain = {name: f"/{name.removesuffix('index').replace('.', '/').strip('/')}" for name in routes}
    missing = {
        name
        for name, path in plain.items()
        if name not in tabs and STAND_INS.get(name, path) not in paths
    }
    assert missing == set()
