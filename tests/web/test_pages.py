"""The page as a browser gets it, built or not."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tenure.web.pages import ADDRESSES, Pages
from tests.shared import ROOT
from tests.web.client import TestClient

ROUTES = ROOT / "frontend" / "src" / "routes"


@pytest.fixture
def built(tmp_path: Path) -> TestClient:
    """A page of two files."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(
        '<meta name="csp-nonce" content="__CSP_NONCE__"><p>Zürich</p>', encoding="utf-8"
    )
    (tmp_path / "graphiql.html").write_text("<p>GraphiQL</p>")
    (tmp_path / "assets" / "index-B1x_9-Zq.js").write_text("1")
    (tmp_path / "assets" / "favicon.svg").write_text("<svg/>")
    return TestClient(Starlette(routes=Pages(tmp_path).routes()))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts",
        "/accounts/QWNjb3VudDox?tab=bills",
        "/bills/B-3-20261104/items/QmlsbEl0ZW06MQ",
        "/jobs/",
    ],
)
def test_any_deep_link_is_the_page_with_a_fresh_nonce(built: TestClient, path: str) -> None:
    nonces = set()
    for _ in range(2):
        answer = built.get(path)
        assert answer.status_code == 200
        nonce = re.search(r'content="([\w-]{22})"', answer.text)
        assert nonce is not None
        policy = answer.headers["content-security-policy"]
        assert policy.endswith(f"style-src 'self' 'nonce-{nonce[1]}'")
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "Zürich" in answer.text
        nonces.add(nonce[1])
    assert len(nonces) == 2


def test_graphiql_may_write_styles_and_nothing_else_more(built: TestClient) -> None:
    answer = built.get("/graphiql")
    assert answer.text == "<p>GraphiQL</p>"
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("style-src 'self' 'unsafe-inline'")
    assert policy.count("unsafe") == 1


def test_hashed_files_are_kept_for_ever_and_the_others_asked_for_again(built: TestClient) -> None:
    assert (
        built.get("/assets/index-B1x_9-Zq.js").headers["cache-control"]
        == "public, max-age=31536000, immutable"
    )
    assert built.get("/assets/favicon.svg").headers["cache-control"] == "no-cache"


def test_the_addresses_of_the_page_are_those_of_its_routes(built: TestClient) -> None:
    """Each file of frontend/src/routes is an address; TanStack writes parameters as `$name`."""
    names = {str(file.relative_to(ROUTES).with_suffix("")) for file in ROUTES.rglob("*.tsx")}
    # Layouts have no address of their own: `_signed-in` is no segment, `__root` is around all.
    layouts = {"__root", "_signed-in"}
    routes = {name.removeprefix("_signed-in/") for name in names - layouts}
    addresses = {re.sub(r"\$\w+", "$", name.replace(".", "/")) for name in routes}
    addresses = {"" if it == "index" else it.removesuffix("/index") for it in addresses}
    assert addresses == set(ADDRESSES)
    for address in addresses:
        assert built.get(f"/{address.replace('$', 'x')}").status_code == 200, address


@pytest.mark.parametrize(
    "path", ["/accounts/A%2F1", "/accounts/acme.com", "/bills/B-1.pdf/items/1", "/accounts/%22"]
)
def test_numbers_may_look_like_files_and_folders(built: TestClient, path: str) -> None:
    assert built.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/accounts/1/nothing", "/bill", "/a/b/c"])
def test_an_unknown_address_is_not_found(built: TestClient, path: str) -> None:
    """A person gets the page, which says so; the status says it to everybody else."""
    assert built.get(path).status_code == 404
    for_people = built.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert (for_people.status_code, "Zürich" in for_people.text) == (404, True)


@pytest.mark.parametrize(
    "path",
    [
        "/robots.txt",
        "/favicon.ico",
        "/sitemap.xml",
        "/assets/none.js",
        "/assets",
        "/a/b.css",
        "/assets/%2e%2e/index.html",
    ],
)
def test_a_file_that_is_not_there_is_not_there(built: TestClient, path: str) -> None:
    assert (
        built.get(path, headers={"accept": "text/html"} if path != "/assets" else {}).status_code
        == 404
    )


@pytest.mark.parametrize("path", ["/", "/graphiql"])
def test_a_page_that_was_not_built_says_how(tmp_path: Path, path: str) -> None:
    client = TestClient(Starlette(routes=Pages(tmp_path / "nothing").routes()))
    answer = client.get(path)
    assert answer.status_code == 503
    assert "make setup" in answer.text
    assert client.get("/assets/x.js").status_code == 404
