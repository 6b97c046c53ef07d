"""Titles that the page composes: in English the texts of the API, in German the same in German."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.billing import account_with_bill, account_with_charges
from tests.browser.conftest import Api
from tests.browser.operations import account_with_operations, audited_changes, change

pytestmark = [pytest.mark.anyio]

KINDS = (
    "CHANGE_ACCOUNT_STATUS",
    "CHANGE_SERVICE_STATUS",
    "CHANGE_OFFER_STATUS",
    "ADD_TO_HIERARCHY",
    "REMOVE_FROM_HIERARCHY",
    "MOVE_IN_HIERARCHY",
)
# The number of events that `account_with_operations` records, and one of them in German.
TITLES = {
    "ACCOUNT_CHANGE": (18, "Servicekontakt geändert"),
    "PAYMENT": (3, re.compile("^3,00 USD gezahlt")),
    "DISPUTE": (7, re.compile("^Reklamation teilweise anerkannt, 0,50 von 1,00 USD: ")),
    "HIERARCHY_CHANGE": (2, re.compile("^Konto .* aus seiner Hierarchie entfernt$")),
    "DEFERRED_ACTION": (8, re.compile("^Manuell ausgeführt: Konto ")),
}
# The button, the field and the submit button of a dialog, and what the server says of "none".
EDITING = {"en": ("Edit", "Phone", "Save"), "de": ("Bearbeiten", "Telefon", "Speichern")}
REFUSED_PHONE = {"en": "This is not a telephone number.", "de": "Das ist keine Telefonnummer."}
ENGLISH = re.compile(r"^(Close|Inactivate|Reactivate|Move) ")


async def schedule_moves(api: Api) -> dict[str, str]:
    """An account to add to a hierarchy, and one to move and to remove. Returns the former."""
    later = await api.now() + timedelta(days=40)
    added, moved, parent, other = [
        await api.new_account(f"Titles {name}") for name in ("Added", "Moved", "Parent", "Other")
    ]
    await api.move(added["id"], parent["id"], later)
    at = {"deferUntil": later.isoformat()}
    await change_hierarchy(api, accountId=moved["id"], parentId=parent["id"])
    await change_hierarchy(api, accountId=moved["id"], parentId=other["id"], **at)
    await change_hierarchy(api, accountId=moved["id"], **at)
    return added


async def change_hierarchy(api: Api, **given: str) -> None:
    """Move an account now or later, out of its hierarchy without a parent."""
    done = await api.ask(
        """mutation ($input: ChangeHierarchyInput!) {
          changeHierarchy(input: $input) { errors { message } }
        }""",
        input={"parentId": None, **given},
    )
    assert done["changeHierarchy"]["errors"] == [], done


async def summaries(api: Api, kind: str) -> list[str]:
    """The latest deferred actions of a kind, as the API describes them."""
    found = await api.ask(
        """query ($kind: [DeferredActionKind!]) {
          deferredActions(filter: { kind: $kind }, first: 10) { nodes { summary } }
        }""",
        kind=[kind],
    )
    return [action["summary"] for action in found["deferredActions"]["nodes"]]


async def test_deferred_actions_have_the_titles_of_the_api(page: Page, api: Api) -> None:
    await schedule_moves(api)
    for kind in KINDS:
        texts = await summaries(api, kind)
        assert texts, kind
        await page.goto(f'/deferred-actions?kind=["{kind}"]')
        table = page.get_by_role("table", name="Deferred actions")
        for text in texts:
            assert ENGLISH.match(text), text
            await expect(table.get_by_text(text, exact=True).first).to_be_visible()


async def test_deferred_actions_have_german_titles(page: Page, api: Api) -> None:
    added = await schedule_moves(api)
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    for kind in KINDS:
        await page.goto(f'/deferred-actions?kind=["{kind}"]')
        table = page.get_by_role("table", name="Geplante Aktionen")
        await expect(table.get_by_role("row").nth(1)).to_be_visible()
        for text in await summaries(api, kind):
            await expect(table.get_by_text(text, exact=True)).to_have_count(0)
    await page.goto(f"/accounts/{added['number']}")
    title = f"Konto {added['number']} dem Konto "
    await expect(page.locator("[data-next]")).to_contain_text(title)
    await expect(page.get_by_role("region", name="Geplant")).to_contain_text(title)


async def descriptions(api: Api, number: str, kind: str = "ACCOUNT_CHANGE") -> list[str]:
    """What happened to an account, as the API describes it."""
    found = await api.ask(
        """query ($number: String!, $kind: EventKind!) {
          account(number: $number) {
            events(filter: { kind: [$kind] }, first: 50) { nodes { description } }
          }
        }""",
        number=number,
        kind=kind,
    )
    return [event["description"] for event in found["account"]["events"]["nodes"]]


def on_page(description: str) -> str:
    """The description of an event in the words of the page, with times in UTC as it writes them."""

    def time_on_page(found: re.Match[str]) -> str:
        at = datetime.fromisoformat(found[1])
        return f"{at:%-d %b %Y}" if at.time() == time.min else f"{at:%-d %b %Y, %H:%M}"

    text = re.sub("^Done: ", "Completed: ", description)
    text = re.sub("^Not applicable: ", "Skipped: ", text)
    return re.sub(r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC", time_on_page, text)


async def test_account_changes_have_the_titles_of_the_api(page: Page, api: Api) -> None:
    account = await account_with_charges(api, "Titles of events")
    changed = await api.ask(
        """mutation ($input: UpdateAccountInput!) {
          updateAccount(input: $input) { errors { message } }
        }""",
        input={"accountId": account.id, "phone": "+1 555 0100", "creditLimit": "50.00"},
    )
    assert changed["updateAccount"]["errors"] == []
    texts = await descriptions(api, account.number)
    for text in ("Changed phone, credit limit", "Added internet service", "Bought"):
        assert any(it.startswith(text) for it in texts), texts
    address = f'/accounts/{account.number}/events?kind=["ACCOUNT_CHANGE"]'
    await page.goto(address)
    for text in texts:
        await expect(page.get_by_text(text, exact=True).first).to_be_visible()
    await page.evaluate("localStorage.setItem('tenure-language', 'de')")
    await page.goto(address)
    await expect(page.get_by_text("Geändert: Telefon, Kreditlimit", exact=True)).to_be_visible()
    await expect(page.get_by_text(re.compile("^(Changed|Added internet|Bought) "))).to_have_count(0)


async def test_every_operation_has_the_title_of_the_api(page: Page, api: Api) -> None:
    """In English the description of the event, in the words and the time zone of the page; in
    German nothing of it is left.
    """
    number = await account_with_operations(api)
    for language in ("en", "de"):
        for kind, (count, german) in TITLES.items():
            texts = [on_page(it) for it in await descriptions(api, number, kind)]
            assert len(texts) == count, texts
            await page.goto(f'/accounts/{number}/events?kind=["{kind}"]')
            await page.evaluate(f"localStorage.setItem('tenure-language', '{language}')")
            await page.reload()
            if language == "de":
                await expect(page.get_by_text(german).first).to_be_visible()
            for text in texts:
                shown = page.get_by_text(text, exact=True)
                await expect(shown).to_have_count(texts.count(text) if language == "en" else 0)


async def test_the_audit_log_has_the_summaries_of_the_api(page: Page, api: Api) -> None:
    """In English the summary of the entry; in German nothing of it is left."""
    count = await audited_changes(api, "audit-titles")
    found = await api.ask(
        """query ($filter: AuditFilter) {
          auditLog(filter: $filter, first: 50) { nodes { summary } }
        }""",
        filter={"search": "audit-titles"},
    )
    texts = [entry["summary"] for entry in found["auditLog"]["nodes"]]
    assert len(texts) == count, texts
    for language in ("en", "de"):
        await page.goto("/audit-log?q=audit-titles")
        await page.evaluate(f"localStorage.setItem('tenure-language', '{language}')")
        await page.reload()
        if language == "de":
            deleted = "Webhook https://127.0.0.1:9/audit-titles gelöscht."
            await expect(page.get_by_text(deleted, exact=True)).to_be_visible()
        for text in texts:
            shown = page.get_by_text(text, exact=True)
            await expect(shown).to_have_count(1 if language == "en" else 0)


async def account_with_failures(api: Api) -> tuple[str, str]:
    """The number of an account closed before its inactivation, and why that was skipped."""
    account = await api.new_account("Titles of failures")
    later = await api.now() + timedelta(days=40)
    inactive = await api.change_status(account["id"], "INACTIVE", deferUntil=later.isoformat())
    await api.change_status(account["id"], "CLOSED")
    found = await api.ask(
        """mutation ($input: DeferredActionsInput!) {
          runDeferredActions(input: $input) { deferredActions { status failure } }
        }""",
        input={"ids": [inactive]},
    )
    [action] = found["runDeferredActions"]["deferredActions"]
    assert action["status"] == "NOT_APPLICABLE"
    return account["number"], action["failure"]


@pytest.mark.parametrize("language", ["en", "de"])
async def test_messages_of_the_server_are_in_the_language_of_the_page(
    page: Page, api: Api, language: str
) -> None:
    """In English the message of the API; in German nothing of it is left."""
    number, failure = await account_with_failures(api)
    german = f"Konto {number} war bis dahin schon geschlossen."
    shown, other = (failure, german) if language == "en" else (german, failure)
    await page.add_init_script(f"localStorage.setItem('tenure-language', '{language}')")
    for tab in ("deferred-actions", "events"):
        await page.goto(f"/accounts/{number}/{tab}")
        await expect(page.locator("main").get_by_text(shown).first).to_be_visible()
        await expect(page.get_by_text(other)).to_have_count(0)
    edit, phone, save = EDITING[language]
    await page.get_by_role("button", name=edit, exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(phone).fill("none")
    await dialog.get_by_role("button", name=save, exact=True).click()
    await expect(dialog.get_by_text(REFUSED_PHONE[language], exact=True)).to_be_visible()


async def in_time_zone(page: Page, zone: str) -> None:
    """Tell the page another business time zone, without a change for other tests."""

    async def changed_zone(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        if "timeZone" in ((body.get("data") or {}).get("settings") or {}):
            body["data"]["settings"]["timeZone"] = zone
        await route.fulfill(response=answer, json=body)

    await page.route("**/graphql", changed_zone)


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Scheduled for {:%-d %b }"), ("de", "Geplant für {:%-d. }")]
)
async def test_times_are_in_the_business_time_zone(
    page: Page, api: Api, language: str, title: str
) -> None:
    """In the timeline."""
    account = await api.new_account("Times of titles")
    at = (await api.now() + timedelta(days=40)).replace(hour=3, minute=30, second=0, microsecond=0)
    await api.change_status(account["id"], "INACTIVE", deferUntil=at.isoformat())
    local = at.astimezone(ZoneInfo("America/New_York"))
    assert local.date() != at.date()
    await in_time_zone(page, "America/New_York")
    await page.add_init_script(f"localStorage.setItem('tenure-language', '{language}')")
    await page.goto(f"/accounts/{account['number']}/events")
    entry = page.locator("main").get_by_text(re.compile(f"^{title.format(local)}")).first
    await expect(entry).to_contain_text(f"{local:%Y, %H:%M}: ")
    await expect(page.locator("main").get_by_text("UTC")).to_have_count(0)


async def test_refused_times_are_in_the_business_time_zone(page: Page, api: Api) -> None:
    """The server has them in UTC."""
    account = await api.new_account("Times of refusals")
    await in_time_zone(page, "America/New_York")
    past = "Choose a time in the future. It is 2026-12-07 03:30 UTC now."

    async def refuse(route: Route) -> None:
        error = {"__typename": "UserError", "code": "OUT_OF_RANGE", "message": past}
        payload = {"deferredAction": None, "errors": [error | {"path": ["reactivateOn"]}]}
        if "mutation ChangeAccountStatus" not in (route.request.post_data or ""):
            await route.fallback()
        else:
            await route.fulfill(json={"data": {"changeAccountStatus": payload}})

    await page.route("**/graphql", refuse)
    await page.goto(f"/accounts/{account['number']}")
    await page.get_by_role("button", name="Inactivate", exact=True).click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("Reactivate on")
    await field.fill("2031-11-30 14:30")
    await field.press("Tab")
    echo = dialog.locator("[data-echo]")
    await expect(echo).to_have_text("Sun 30 Nov 2031, 14:30 America/New_York time")
    await expect(echo).to_have_attribute("title", "2031-11-30 19:30:00 UTC")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.get_by_text("It is 6 Dec 2026, 22:30 now.")).to_be_visible()


async def test_the_reason_of_a_debt_is_german(page: Page, api: Api) -> None:
    """In the header of an account of the demonstration whose card has expired."""
    found = await api.ask(
        """query ($name: String!) {
          accounts(first: 1, filter: { search: $name }) { nodes { number } }
        }""",
        name="Brightwater Logistics",
    )
    [account] = found["accounts"]["nodes"]
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    await page.goto(f"/accounts/{account['number']}")
    reason = re.compile(r": Zahlung von .* USD fehlgeschlagen \(.*, Rechnung B-.*\): die Karte ist")
    await expect(page.locator("main").get_by_text(reason).first).to_be_visible()


async def test_german_bills_need_no_sideways_scrolling(page: Page, api: Api) -> None:
    """The bills of the demonstration: those of other tests, with any names, are newer."""
    yesterday = (await api.now()).date() - timedelta(days=1)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    await page.goto(f"/bills?to={yesterday}")
    table = page.get_by_role("region", name="Rechnungen")
    await expect(table.get_by_role("row").nth(1)).to_be_visible()
    assert await table.evaluate("element => element.scrollWidth - element.clientWidth") == 0


ENGLISH_CHARGE = re.compile(
    r"\b(days of|fee of|minutes? at|Purchase fees|Monthly fees|Usage|Cancel fees|Adjustments)\b"
    r"|Credited|% off|, bill B-|\d to \d| (January|February|March|May|June|July|October|December)\b"
)


async def test_german_charges_have_nothing_of_the_english_ones(page: Page, api: Api) -> None:
    """Names of offers and descriptions of usage stay."""
    account = await account_with_bill(api, "Titles of charges")
    pending = await account_with_charges(api, "Titles of pending charges")
    await change(api, "adjust", itemId=account.item, amount="-1", reason="Noise")
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    adjusted = f"1,00 USD gutgeschrieben: Verbrauch · Internet, Rechnung {account.bill_number}"
    for path, *texts in (
        (f"/accounts/{account.number}/events", adjusted, "Calls abroad"),
        (f"/bills/{account.bill_number}", "Verbrauch · Internet", "Kaufgebühren · Internet"),
        (account.item_path, "Verbrauch · Internet", adjusted, "Calls abroad"),
        (f"/accounts/{pending.number}", "Verbrauch · Internet"),
    ):
        await page.goto(path)
        for text in texts:
            await expect(page.locator("main").get_by_text(text).first).to_be_visible()
        shown = await page.locator("main").inner_text()
        assert not ENGLISH_CHARGE.search(shown), (path, shown)


async def test_the_scheduler_has_a_german_name(page: Page) -> None:
    """It has started the jobs of the demonstration."""
    await page.add_init_script("localStorage.setItem('tenure-language', 'de')")
    await page.goto("/jobs")
    await expect(page.locator("main").get_by_text("Zeitplaner", exact=True).first).to_be_visible()
    await expect(page.locator("main").get_by_text("scheduler")).to_have_count(0)
