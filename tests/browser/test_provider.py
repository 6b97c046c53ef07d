"""Sign-in through an OpenID Connect provider, in the browser."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import CommandLine
from tests.browser.page_checks import WIDE, check_accessibility, check_fits_phone
from tests.server import free_port, served
from tests.web.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    """A provider, and Ada as a user of Tenure."""
    program = CommandLine(tmp_path, {})
    program.run("migrate")
    program.create_user("ada@example.com", "VIEWER")
    with running_provider() as it:
        yield it


@pytest.fixture(params=["true"])
async def page(
    browser: Browser, provider: Provider, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """A page of a server with this provider. The parameter is TENURE_PASSWORD_SIGN_IN."""
    port = free_port()
    settings = {
        "TENURE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TENURE_OIDC_ISSUER": provider.issuer,
        "TENURE_OIDC_CLIENT_ID": CLIENT_ID,
        "TENURE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "TENURE_OIDC_NAME": "Example",
        "TENURE_PASSWORD_SIGN_IN": request.param,
    }
    with served(tmp_path, port=port, **settings) as address:
        context = await browser.new_context(
            base_url=address, viewport=WIDE, reduced_motion="reduce"
        )
        yield await context.new_page()
        await context.close()


async def test_sign_in_through_the_provider_and_out_again(page: Page, provider: Provider) -> None:
    provider.error = "access_denied"
    await page.goto("/deferred-actions?status=%5B%22PENDING%22%5D")
    await expect(page.get_by_label("Password", exact=True)).to_be_visible()
    await check_accessibility(page)
    button = page.get_by_role("link", name="Sign in with Example")
    await button.click()
    await expect(page.get_by_role("alert")).to_have_text("The sign-in was cancelled.")
    provider.error = None
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Status: Pending")).to_be_visible()
    await page.get_by_role("button", name="ada@example.com", exact=False).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(button).to_be_visible()
    assert provider.paths.count("/logout") == 1


@pytest.mark.parametrize("page", ["false"], indirect=True)
async def test_without_passwords_there_is_only_the_provider(page: Page) -> None:
    await page.goto("/sign-in?problem=role")
    alert = page.get_by_role("alert")
    await expect(alert).to_have_text("You don't have access to Tenure. Contact your administrator.")
    await expect(page.get_by_role("link", name="Sign in with Example")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    await check_accessibility(page)
    await check_fits_phone(page)
