"""What is in view, and how the width is used, in windows of several sizes."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from playwright.async_api import Locator, Page, Route, ViewportSize, expect

from tests.browser.billing import account_with_charges, open_dispute
from tests.browser.conftest import Api
from tests.browser.page_checks import (
    BROKEN_WORDS,
    PHONE,
    SCROLLING,
    check_fits_phone,
    check_lists_on_phone,
    press_keys,
    wait_until_idle,
)
from tests.waiting import PATIENCE, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

# Screens with a list of their own; test_administration.py, test_imports.py, test_operations.py and
# test_status_change_jobs.py check those that need more than the demonstration data. `{its}` is an
# account with a dispute on its pending bill.
LISTS = [
    "/accounts",
    "/bills",
    "/payments",
    "/disputes",
    "/deferred-actions",
    "/catalog",
    "/jobs",
    "/jobs/{run}",
    "/users",
    "/tokens",
    "/webhooks",
    "/reasons",
    "/audit-log",
    "/accounts/{its.number}/bills",
    "/accounts/{paying}/payments",
    "/accounts/{waiting}/deferred-actions",
    "/bills/{its.bill_number}",
    "{its.item_path}",
]
# What there is to list.
FOUND = """{
  jobRuns(first: 50) { nodes { id failures(first: 1) { totalCount } } }
  payments(first: 1) { nodes { account { number } } }
  deferredActions(first: 1) { nodes { account { number } } }
}"""
CREATED = """mutation {
  createToken(input: { name: "Of the phone", role: VIEWER }) { errors { message } }
  createReason(input: { code: "phone", label: "Of the phone", appliesTo: [CLOSED] }) {
    errors { message } }
  createWebhook(input: { url: "https://127.0.0.1:9/phone", eventKinds: [PAYMENT] }) {
    webhook { id } }
}"""
# The largest distance between panels that are below each other.
GAPS = """() => {
  const columns = new Map()
  for (const panel of document.querySelectorAll('[role=tabpanel] section')) {
    const { left, top, bottom } = panel.getBoundingClientRect()
    columns.set(left, [...(columns.get(left) ?? []), [top, bottom]])
  }
  const gaps = [...columns.values()].flatMap((panels) =>
    panels.sort(([one], [other]) => one - other).slice(1)
      .map(([top], index) => top - panels[index][1]))
  return [columns.size, Math.max(...gaps)]
}"""

# Whether each dot of a list of facts can be seen.
DOTS = """(facts) => [...facts.querySelectorAll('[class*=dot]')].map((dot) => {
  const { left, right, top, bottom } = dot.getBoundingClientRect()
  return document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === dot
})"""


@pytest.mark.parametrize("choice", ["INACTIVE", "CLOSED"])
@pytest.mark.parametrize("size", [ViewportSize(width=1280, height=500), PHONE])
async def test_buttons_of_a_long_dialog_stay_in_view(
    page: Page, api: Api, choice: str, size: ViewportSize
) -> None:
    account = await api.new_account("Long Dialog")
    await page.set_viewport_size(size)
    dialog = f"dialog=change-status&on={account['id']}&choice={choice}"
    await page.goto(f"/accounts/{account['number']}?{dialog}")
    await expect(page.get_by_role("dialog").get_by_text("1 account")).to_be_visible()
    await wait_until_idle(page)
    for name in ("Cancel", "Inactivate" if choice == "INACTIVE" else "Close account"):
        button = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
        await expect(button).to_be_in_viewport(ratio=1)


async def test_long_words_fit_a_phone(page: Page, api: Api) -> None:
    """The address of a webhook, and the effects of a change in the timeline."""
    made = await api.ask(
        """mutation { createWebhook(input: { eventKinds: [PAYMENT],
          url: "https://127.0.0.1:9/an/address/that-is-longer-than-a-phone-is-wide/events" }) {
          webhook { id } } }"""
    )
    webhook = made["createWebhook"]["webhook"]["id"]
    await page.goto(f"/webhooks/{webhook}")
    await expect(page.get_by_role("heading", level=1, name="that-is-longer")).to_be_visible()
    await check_fits_phone(page)
    deletion = "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { message } } }"
    await api.ask(deletion, id=webhook)
    await page.goto("/accounts/A-1009/events")
    await expect(page.get_by_role("button", name="2 services, 2 offers, 2 charges")).to_be_visible()
    await check_fits_phone(page)


@pytest.mark.parametrize("path", ["/accounts", "/accounts?overdue=true", "/bills", "/payments"])
async def test_filters_are_one_line_on_a_phone(page: Page, path: str) -> None:
    """Below the field of a search, if there is one; its end is reached by scrolling."""
    await page.set_viewport_size(PHONE)
    await page.goto(path)
    filters = page.get_by_role("search")
    export = filters.get_by_role("link", name="Export")
    await expect(export).to_be_attached()
    box = await filters.bounding_box()
    assert box is not None
    assert box["height"] < (100 if "accounts" in path else 60)
    await export.scroll_into_view_if_needed()
    await expect(export).to_be_in_viewport(ratio=1)
    await wait_until_idle(page)
    await check_fits_phone(page)


@pytest.mark.parametrize(("width", "columns"), [(360, 1), (1440, 3), (2560, 4)])
async def test_panels_of_the_overview_leave_no_gaps(
    page: Page, api: Api, width: int, columns: int
) -> None:
    found = await api.ask(
        """{ accounts(first: 1, filter: { search: "Harborline Hotels" }) { nodes { number } } }"""
    )
    await page.set_viewport_size(ViewportSize(width=width, height=900))
    await page.goto(f"/accounts/{found['accounts']['nodes'][0]['number']}")
    await expect(page.get_by_role("region", name="Contacts")).to_be_visible()
    await wait_until_idle(page)
    shown, gap = await page.evaluate(GAPS)
    assert shown == columns
    assert 0 < gap < 20


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.usefixtures("usual_reasons")
async def test_no_list_scrolls_sideways_on_a_phone(page: Page, api: Api, path: str) -> None:
    its = await account_with_charges(api, "An Account Whose Name Is Longer Than Most")
    await open_dispute(api, its)
    found = await api.ask(FOUND)
    webhook = (await api.ask(CREATED))["createWebhook"]["webhook"]["id"]
    await page.set_viewport_size(PHONE)
    await page.goto(
        path.format(
            its=its,
            run=next(
                run["id"] for run in found["jobRuns"]["nodes"] if run["failures"]["totalCount"]
            ),
            paying=found["payments"]["nodes"][0]["account"]["number"],
            waiting=found["deferredActions"]["nodes"][0]["account"]["number"],
        )
    )
    for language in ("de", "en"):
        await page.evaluate("(it) => localStorage.setItem('tenure-language', it)", language)
        await page.reload()
        await expect(page.locator("table[data-list]").first).to_be_visible()
        await wait_until_idle(page)
        await check_lists_on_phone(page)
    deletion = "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { message } } }"
    await api.ask(deletion, id=webhook)


async def test_rows_on_a_phone_are_selected_and_reached_by_keys(page: Page, api: Api) -> None:
    account = await api.new_account("Stacked Row")
    await page.set_viewport_size(PHONE)
    await page.goto(f"/accounts?q={account['number']}")
    row = page.get_by_role("row").filter(has_text="Stacked Row")
    await expect(row.get_by_text("Active", exact=True)).to_be_in_viewport(ratio=1)
    await press_keys(page, "j")
    await expect(row.get_by_role("link", name=account["number"])).to_be_focused()
    await press_keys(page, "x")
    await expect(page.get_by_role("checkbox", name="Select Stacked Row")).to_be_checked()
    everything = page.get_by_role("checkbox", name="Select all on this page")
    await expect(everything).to_be_in_viewport(ratio=1)
    await everything.uncheck()
    await expect(page.get_by_role("checkbox", name="Select Stacked Row")).not_to_be_checked()


async def test_numbers_and_addresses_are_not_broken(page: Page, api: Api) -> None:
    """Whatever the width: a number stays on one line, an address breaks after @ and dots."""
    account = await api.new_account(
        "Harborline", email="accounts.payable@subsidiaries.harborline-hotels.example.com"
    )
    for dialog in ("", f"?dialog=edit-account&on={account['id']}"):
        await page.goto(f"/accounts/{account['number']}{dialog}")
        await expect(page.get_by_role("region", name="Contacts")).to_be_attached()
        await wait_until_idle(page)
        for width in range(320, 400, 4):
            await page.set_viewport_size(ViewportSize(width=width, height=740))
            assert await page.evaluate(BROKEN_WORDS) == []


@pytest.mark.parametrize(("width", "seen"), [(360, False), (1440, True)])
async def test_a_dot_is_only_between_facts_of_one_line(
    page: Page, api: Api, width: int, seen: bool
) -> None:
    """The payer and how it pays; on a phone they are two lines."""
    account = await api.new_account("Dotted Facts")
    await api.add_card(account["id"])
    await page.set_viewport_size(ViewportSize(width=width, height=900))
    await page.goto(f"/accounts/{account['number']}/bill-units")
    payer = page.get_by_text("This account · Visa")
    await expect(payer).to_be_visible()
    assert await payer.evaluate(DOTS) == [seen]


@pytest.mark.parametrize(("width", "lines"), [(800, [4, 3]), (1440, [7])])
async def test_no_step_of_a_bill_day_is_alone_in_its_line(
    page: Page, api: Api, width: int, lines: list[int]
) -> None:
    found = await api.ask("{ jobRuns(first: 1, kind: [BILL_DAY]) { nodes { id } } }")
    await page.set_viewport_size(ViewportSize(width=width, height=900))
    await page.goto(f"/jobs/{found['jobRuns']['nodes'][0]['id']}")
    steps = page.get_by_role("list", name="Steps")
    await expect(steps.get_by_role("listitem")).to_have_count(7)
    tops = await steps.get_by_role("listitem").evaluate_all(
        "(steps) => steps.map((step) => step.getBoundingClientRect().top)"
    )
    assert [tops.count(top) for top in sorted(set(tops))] == lines


async def test_account_with_many_ancestors_stays_in_view(page: Page, api: Api) -> None:
    """On a phone the breadcrumb is short, and the hierarchy is not indented out of the window."""
    accounts = [await api.new_account(f"Depth {level}") for level in range(1, 17)]
    for parent, child in pairwise(accounts):
        await api.ask(
            """mutation ($child: ID!, $parent: ID!) {
              changeHierarchy(input: {accountId: $child, parentId: $parent}) { errors { message } }
            }""",
            child=child["id"],
            parent=parent["id"],
        )
    await page.set_viewport_size(PHONE)
    await page.goto(f"/accounts/{accounts[-1]['number']}")
    crumbs = page.get_by_role("navigation", name="Breadcrumb")
    await expect(crumbs).to_have_text(
        "Accounts/Depth 1/11 more/Depth 13/Depth 14/Depth 15/Depth 16"
    )
    await crumbs.get_by_role("link", name="11 more").click()
    rows = page.get_by_role("treeitem")
    await expect(rows).to_have_count(len(accounts))
    await expect(rows.last).to_contain_text("Depth 16")
    outside = await rows.get_by_role("link").evaluate_all(
        "(links) => links.filter((it) => it.getBoundingClientRect().right > innerWidth).length"
    )
    assert outside == 0


LONG_NAMES = [
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
    "The International Consolidated Telecommunications and Broadcasting Corporation of Springfield",
]


@pytest.mark.parametrize("name", LONG_NAMES)
async def test_long_names_wrap(page: Page, api: Api, name: str) -> None:
    """On a phone, and before they push columns of a list out of sight."""
    its = await account_with_charges(api, name)
    at = (await api.now() + timedelta(days=9)).isoformat()
    await api.change_status(its.id, "INACTIVE", deferUntil=at)
    await page.set_viewport_size(PHONE)
    for tab in ("", "/hierarchy", "/bill-units", "/events", "/deferred-actions"):
        await page.goto(f"/accounts/{its.number}{tab}")
        await expect(page.locator("[data-next]")).to_be_visible()
        await wait_until_idle(page)
        await check_fits_phone(page)
    await page.set_viewport_size(ViewportSize(width=1440, height=900))
    for path in (f"/accounts?q={its.number}", "/bills", "/deferred-actions"):
        await page.goto(path)
        if "q=" in path:
            shown = page.get_by_role("table").get_by_text(name, exact=True)
            await expect(shown.first).to_be_visible()
        await wait_until_idle(page)
        assert await page.locator("table[data-list]").evaluate_all(SCROLLING) == []
    await page.goto(f"/bills/{its.bill_number}?dialog=charge&on={its.charge}")
    shown = page.get_by_role("dialog").get_by_text(name, exact=True)
    assert await shown.evaluate("(it) => it.scrollWidth <= it.clientWidth || it.clientWidth === 0")


async def test_affected_accounts_are_shown_whole(page: Page, api: Api) -> None:
    """The first three of five, each with its status; then all."""
    top = await api.new_account("Affected")
    move = """mutation ($input: ChangeHierarchyInput!) {
      changeHierarchy(input: $input) { errors { message } } }"""
    for child in range(4):
        account = await api.new_account(f"Affected child {child}")
        given = {"accountId": account["id"], "parentId": top["id"], "parentPays": True}
        assert (await api.ask(move, input=given))["changeHierarchy"]["errors"] == []
    dialog = f"dialog=change-status&on={top['id']}&choice=INACTIVE"
    await page.goto(f"/accounts/{top['number']}?{dialog}")
    shown = page.get_by_role("dialog").get_by_text("Affected child")
    await expect(shown).to_have_count(2)
    await page.get_by_role("button", name="Show more accounts").click()
    await expect(shown).to_have_count(4)
    await page.get_by_role("button", name="Show fewer").click()
    await expect(shown).to_have_count(2)


async def test_large_amounts_have_room_beside_the_chart(page: Page) -> None:
    """The chart of revenue, with amounts of billions."""

    async def enlarge(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        if figures := (body.get("data") or {}).get("home", {}).get("figures"):
            for month in figures["revenue"]:
                month["billed"]["amount"] = "987654321.50"
        await route.fulfill(response=answer, json=body)

    await page.route("**/graphql", enlarge)
    await page.goto("/")
    chart = page.get_by_role("img", name="Billed and collected by month")
    await expect(chart.get_by_text("1,000,000,000")).to_be_visible()
    around = await chart.bounding_box()
    assert around is not None
    for label in await chart.locator("[class*=yAxis] text").all():
        box = await label.bounding_box()
        assert box is not None
        assert box["x"] >= around["x"]


async def test_choices_are_seen_in_high_contrast(page: Page, api: Api) -> None:
    """Of tabs, radio buttons, segments, switches and the navigation, in forced colors."""
    account = await api.new_account("High Contrast")
    await page.emulate_media(forced_colors="active")
    await page.goto(f"/accounts/{account['number']}/assets")
    switch = page.locator(".mantine-Switch-track")
    await expect(switch).to_be_visible()
    assert await switch.evaluate("(it) => getComputedStyle(it).borderTopWidth") == "1px"
    navigation = page.get_by_role("navigation", name="Main").get_by_role("link")
    await expect_to_differ(
        navigation.filter(has_text="Accounts"), navigation.filter(has_text="Jobs")
    )
    tabs = page.get_by_role("tab")
    await expect_to_differ(tabs.filter(has_text="Assets"), tabs.filter(has_text="Timeline"))
    await page.goto(f"/accounts/{account['number']}?dialog=add-contact&on={account['id']}")
    radio = page.get_by_role("dialog").get_by_role("radio")
    await expect_to_differ(radio.first, radio.last)
    await page.goto(f"/accounts/{account['number']}?dialog=change-status&on={account['id']}")
    segments = page.get_by_role("dialog").locator(".mantine-SegmentedControl-label")
    await expect_to_differ(segments.filter(has_text="Now"), segments.filter(has_text="Backdated"))


async def expect_to_differ(chosen: Locator, other: Locator) -> None:
    """By the background or the outline, the colours of which are those of the theme."""
    style = """(it) => {
      const { backgroundColor, outlineStyle } = getComputedStyle(it)
      return `${backgroundColor} ${outlineStyle}`
    }"""
    await expect(other).to_be_visible()
    assert await chosen.evaluate(style) != await other.evaluate(style)


@pytest.mark.parametrize(
    "path", ["/accounts", "/bills", "/deferred-actions", "/payments", "/accounts/A-1028/bills"]
)
async def test_lists_fit_the_paper(page: Page, path: str) -> None:
    """An A4 page without its margins is 688 px wide."""
    await page.goto(path)
    await expect(page.locator("table[data-list]").first).to_be_visible()
    await wait_until_idle(page)
    await page.emulate_media(media="print")
    await page.set_viewport_size(ViewportSize(width=688, height=1000))
    await page.wait_for_function("innerWidth === 688")
    await expect(page.get_by_role("search")).to_have_count(0)
    found = await page.locator("main").evaluate(
        "(main) => [...main.querySelectorAll('td, th')]"
        ".filter((it) => it.getBoundingClientRect().right > 689).map((it) => it.innerText)"
    )
    assert found == []


async def test_calendar_on_paper(page: Page) -> None:
    await page.goto("/deferred-actions/calendar")
    days = page.locator("[data-on-paper]:not([data-hidden])")
    await expect(days.first).to_be_visible()
    await page.emulate_media(media="print")
    await expect(days.last).to_be_visible()
    await expect(page.get_by_role("button", name="Next month")).to_have_count(0)


@pytest.mark.parametrize("height", [256, 400, 900])
async def test_form_on_a_low_screen(page: Page, api: Api, height: int) -> None:
    """At 400 % (WCAG 1.4.10) at least half of the dialog shows its fields; all can be reached."""
    account = await api.new_account(f"Low screen {height}")
    await page.set_viewport_size(ViewportSize(width=320, height=height))
    on = f"dialog=change-status&on={account['id']}&choice=INACTIVE"
    await page.goto(f"/accounts/{account['number']}?{on}")
    dialog = page.get_by_role("dialog")
    note = dialog.get_by_label("Note")
    await expect(note).to_be_visible()
    await wait_until_idle(page)
    await note.scroll_into_view_if_needed()
    scrolling = await dialog.evaluate(SCROLLER_OF_FIELDS)
    assert scrolling > height / 2
    await dialog.get_by_role("button", name="Inactivate", exact=True).click()
    await expect(dialog).to_be_hidden()


# The height of the part of a dialog in which its fields scroll.
SCROLLER_OF_FIELDS = """(dialog) => {
  let element = dialog.querySelector('textarea').parentElement
  const scrolls = (it) => ['auto', 'scroll'].includes(getComputedStyle(it).overflowY)
  while (!scrolls(element)) element = element.parentElement
  return element.clientHeight
}"""


@pytest.mark.parametrize("path", ["/", "/accounts/A-1003/bills"])
async def test_charts_on_paper(page: Page, path: str) -> None:
    """Their bars have a width, and their legends the colours."""
    await page.goto(path)
    charts = page.locator(".recharts-surface").filter(has=page.locator(".recharts-layer"))
    await expect(charts.first).to_be_visible()
    await wait_until_idle(page)
    count = await charts.count()
    await page.emulate_media(media="print")
    await page.set_viewport_size(ViewportSize(width=688, height=1000))
    await page.wait_for_function("innerWidth === 688")
    widths = await charts.evaluate_all("(all) => all.map((it) => it.getBoundingClientRect().width)")
    assert [100 < width < 689 for width in widths] == [True] * count
    colours = await page.locator(".mantine-ColorSwatch-colorOverlay").evaluate_all(
        "(all) => all.map((it) => getComputedStyle(it).backgroundColor)"
    )
    assert len(set(colours)) >= 2
    assert "rgba(0, 0, 0, 0)" not in colours


async def has_no_animation(page: Page) -> bool:
    """Whether nothing on the page moves."""
    return bool(await page.evaluate("document.getAnimations().length === 0"))


async def test_nothing_moves_with_reduced_motion(page: Page, api: Api) -> None:
    """Not even the button of a dialog while it saves."""
    account = await api.new_account("Reduced Motion")
    await page.goto(f"/accounts/{account['number']}?dialog=edit-account&on={account['id']}")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Phone").fill("+1 555 0102")
    held: list[Route] = []

    async def hold(route: Route) -> None:
        if "updateAccount" in (route.request.post_data or ""):
            held.append(route)
        else:
            await route.continue_()

    await page.route("**/graphql", hold)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.locator("[data-loading]").first).to_be_visible()
    await wait_for(partial(has_no_animation, page), PATIENCE, "Something moves.")
    for route in held:
        await route.continue_()
    await expect(dialog).to_be_hidden()
