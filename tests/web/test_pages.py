"""The page as a browser gets it, built or not."""

import gzip
import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tenure.web.pages import ADDRESSES, DIST, Pages
from tests.shared import ROOT, absent
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


def test_the_page_names_the_files_of_its_screen(built: TestClient, tmp_path: Path) -> None:
    """A literal segment is preferred to any segment; other addresses have no files."""
    (tmp_path / "index.html").write_text("<head></head>")
    screens = {"jobs/$": ["assets/run.css", "assets/run.js"], "jobs/import": ["assets/import.js"]}
    (tmp_path / "screens.json").write_text(json.dumps(screens))
    run = (
        '<link rel="stylesheet" crossorigin href="/assets/run.css">'
        '<link rel="modulepreload" crossorigin href="/assets/run.js">'
    )
    assert built.get("/jobs/Sm9iUnVuOjE").text == f"<head>{run}</head>"
    preload = '<link rel="modulepreload" crossorigin href="/assets/import.js">'
    assert built.get("/jobs/import").text == f"<head>{preload}</head>"
    assert built.get("/accounts").text == "<head></head>"


def test_the_build_has_the_files_of_every_screen() -> None:
    if not (DIST / "screens.json").exists():
        absent("The page has not been built: `make setup` does it.")
    screens = json.loads((DIST / "screens.json").read_bytes())
    assert screens.keys() == set(ADDRESSES) - {"sign-in"}
    assert all(screens.values())
    assert [it for files in screens.values() for it in files if not (DIST / it).exists()] == []


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


def test_a_compressed_file_is_served_to_those_who_accept_it(
    built: TestClient, tmp_path: Path
) -> None:
    """As the build has compressed it; the cache of a proxy keeps both forms."""
    compressed = gzip.compress(b"<svg/>", mtime=0)
    (tmp_path / "assets" / "favicon.svg.gz").write_bytes(compressed)
    accepted = built.get("/assets/favicon.svg", headers={"accept-encoding": "br, gzip"})
    assert accepted.text == "<svg/>"
    kept = {name: accepted.headers[name] for name in ("content-encoding", "content-length", "vary")}
    assert kept == {
        "content-encoding": "gzip",
        "content-length": str(len(compressed)),
        "vary": "Accept-Encoding",
    }
    plain = built.get("/assets/favicon.svg", headers={"accept-encoding": "identity"})
    assert plain.text == "<svg/>"
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    for answer in (accepted, plain):
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "no-cache"
        again = {"if-none-match": answer.headers["etag"]}
        encoding = answer.request.headers["accept-encoding"]
        answered = built.get("/assets/favicon.svg", headers={**again, "accept-encoding": encoding})
        assert answered.status_code == 304


def test_a_compressed_file_is_kept_if_its_name_has_a_hash(
    built: TestClient, tmp_path: Path
) -> None:
    assets = tmp_path / "assets"
    names = ("index-B1x_9-Zq.js", "favicon.svg")
    for name in names:
        (assets / f"{name}.gz").write_bytes(gzip.compress(b"first"))
    first = {name: built.get(f"/assets/{name}") for name in names}
    for name in names:
        (assets / f"{name}.gz").write_bytes(gzip.compress(b"second"))
    again = {name: built.get(f"/assets/{name}") for name in names}
    assert [it.text for it in first.values()] == ["first", "first"]
    assert [it.text for it in again.values()] == ["first", "second"]
    kept = dict(again["index-B1x_9-Zq.js"].headers)
    assert kept == dict(first["index-B1x_9-Zq.js"].headers)
    # A client that does not accept it gets the file itself, and nothing is kept of it.
    for _ in range(2):
        plain = built.get("/assets/index-B1x_9-Zq.js", headers={"accept-encoding": "identity"})
        assert (plain.text, "content-encoding" in plain.headers) == ("1", False)


def test_the_addresses_of_the_page_are_those_of_its_routes(built: TestClient) -> None:
    """Each file of frontend/src/routes is an address; TanStack writes parameters as `$name`."""
    names = {str(file.relative_to(ROUTES).with_suffix("")) for file in ROUTES.rglob("*.tsx")}
    # Layouts have no address of their own: `_signed-in` is no segment, `__root` is around all.
    # `$` is every address that no other file has.
    others = {"__root", "_signed-in", "_signed-in/$"}
    routes = {name.removeprefix("_signed-in/") for name in names - others}
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
