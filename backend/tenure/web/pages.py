"""The built page: its files, its HTML with a fresh nonce, and a plain word where it has not been built."""

import mimetypes
import re
import secrets
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tenure.web.defences import policy_of_graphiql, policy_of_page

DIST = Path(__file__).parents[3] / "frontend" / "dist"
NONCE = "__CSP_NONCE__"

# The addresses that the page knows: `$` stands for any one segment. A test compares them with the
# files of frontend/src/routes.
ADDRESSES = (
    "",
    "sign-in",
    "accounts",
    "accounts/$",
    "accounts/$/bill-units",
    "accounts/$/bills",
    "accounts/$/deferred-actions",
    "accounts/$/events",
    "accounts/$/hierarchy",
    "accounts/$/payments",
    "bills/$",
    "bills/$/items/$",
    "catalog",
    "deferred-actions",
    "deferred-actions/calendar",
    "jobs",
    "jobs/$",
    "settings",
)
ADDRESS = re.compile("|".join(re.escape(it).replace(r"\$", "[^/]+") for it in ADDRESSES))
# Served by `Bills`, with whatever is written before the ending.
PDF_OF_BILL = re.compile(r"bills/[^/]*\.pdf")

# Vite puts a hash of the content into these names, so that a name never means two contents.
HASHED = re.compile(r".*-[A-Za-z0-9_-]{8}\.\w+")

NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tenure</title>
<h1>The page has not been built</h1>
<p>Run <code>make setup</code> in the folder of Tenure, then load this page again. The API is at <code>/graphql</code>.</p>
</html>
"""


class Assets(StaticFiles):
    """Files of the page. Those with a hash in the name are kept for ever, the others are asked for again."""

    async def check_config(self) -> None:
        """Where nothing has been built, every file is missing; that is no fault of the server."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 404."""
        response = await super().get_response(path, scope)
        kept = "public, max-age=31536000, immutable" if HASHED.fullmatch(path) else "no-cache"
        response.headers["cache-control"] = kept
        return response


class Pages:
    """What a browser gets to see. The files are read anew each time, so that a new build needs no restart."""

    def __init__(self, dist: Path = DIST) -> None:
        self.dist = dist

    def routes(self) -> list[Route | Mount]:
        """The page takes every path that nobody else takes: it must come last."""
        return [
            Mount("/assets", Assets(directory=self.dist / "assets", check_dir=False)),
            Route("/graphiql", self.graphiql),
            Route("/{path:path}", self.page),
        ]

    def page(self, request: Request) -> Response:
        """The admin page; with status 404 where it has nothing to show at this address."""
        # Compared undecoded: a slash within a segment is written as %2F.
        raw_path = request.scope["raw_path"].decode("ascii", errors="replace").strip("/")
        is_known = ADDRESS.fullmatch(raw_path) and not PDF_OF_BILL.fullmatch(raw_path)
        if not is_known and not _asks_for_html(request):
            raise HTTPException(404)
        nonce = secrets.token_urlsafe(16)
        page = self._html("index.html", policy_of_page(nonce), nonce)
        if not is_known and page.status_code == 200:
            page.status_code = 404
        return page

    def graphiql(self, request: Request) -> Response:
        """The explorer, from our own bundle."""
        return self._html("graphiql.html", policy_of_graphiql(), "")

    def _html(self, name: str, policy: str, nonce: str) -> Response:
        headers = {"content-security-policy": policy}
        try:
            text = (self.dist / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return HTMLResponse(NOT_BUILT, status_code=503, headers=headers)
        return HTMLResponse(text.replace(NONCE, nonce), headers=headers)


def _asks_for_html(request: Request) -> bool:
    """True for a person's browser that follows a link, but not to a file."""
    is_file = mimetypes.guess_type(request.path_params["path"])[0] is not None
    return not is_file and "text/html" in request.headers.get("accept", "")
