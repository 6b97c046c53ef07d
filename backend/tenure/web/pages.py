"""The built page: its files, its HTML with a new nonce, and a message if it was not built."""

import mimetypes
import os
import re
import secrets
from pathlib import Path

import orjson
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tenure.web.bodies import accepts_gzip
from tenure.web.defences import policy_of_graphiql, policy_of_page

DIST = Path(__file__).parents[3] / "frontend" / "dist"
NONCE = "__CSP_NONCE__"

# The addresses of the page, in which `$` is any segment. A test compares them with the files of
# frontend/src/routes.
ADDRESSES = (
    "",
    "sign-in",
    "accounts",
    "accounts/$",
    "accounts/$/assets",
    "accounts/$/bill-units",
    "accounts/$/bills",
    "accounts/$/deferred-actions",
    "accounts/$/events",
    "accounts/$/hierarchy",
    "accounts/$/payments",
    "audit-log",
    "bills",
    "bills/$",
    "bills/$/items/$",
    "catalog",
    "deferred-actions",
    "deferred-actions/calendar",
    "disputes",
    "jobs",
    "jobs/$",
    "jobs/import",
    "jobs/import/$",
    "payments",
    "reasons",
    "settings",
    "tokens",
    "users",
    "webhooks",
    "webhooks/$",
)


def _pattern(*addresses: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(it).replace(r"\$", "[^/]+") for it in addresses))


ADDRESS = _pattern(*ADDRESSES)
# Served by `Bills`.
PDF_OF_BILL = re.compile(r"bills/[^/]*\.pdf")

# Vite adds a hash of the content to these names, so the content of a name never changes.
HASHED = re.compile(r".*-[A-Za-z0-9_-]{8}\.\w+")

NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tenure</title>
<h1>The page has not been built</h1>
<p>Run <code>make setup</code> in the folder of Tenure, then reload this page.
The API is at <code>/graphql</code>.</p>
</html>
"""


class Assets(StaticFiles):
    """Files of the page. Those with a hash in their name are cached, others are revalidated.

    The former are kept in memory once they were served compressed. A screen has dozens of them, and
    to read each from the disk takes a server longer than to send it.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, check_dir=False)
        self.kept: dict[str, Response] = {}

    async def check_config(self) -> None:
        """Skip the check: if the page was not built, every file is answered 404."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file; as the build has compressed it, if it has and the client accepts that."""
        compressed = Path(f"{full_path}.gz")
        if not compressed.exists():
            return super().file_response(full_path, stat_result, scope, status_code)
        if accepts_gzip(scope):
            response = super().file_response(compressed, compressed.stat(), scope, status_code)
            response.headers["content-encoding"] = "gzip"
            response.headers["content-type"] = mimetypes.guess_type(full_path)[0] or "text/plain"
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.add_vary_header("Accept-Encoding")
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 404."""
        if scope["method"] == "GET" and path in self.kept and accepts_gzip(scope):
            return self.kept[path]
        response = await super().get_response(path, scope)
        if not HASHED.fullmatch(path):
            response.headers["cache-control"] = "no-cache"
            return response
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        if isinstance(response, FileResponse) and "content-encoding" in response.headers:
            content = await to_thread.run_sync(Path(response.path).read_bytes)
            self.kept[path] = Response(content, headers=dict(response.headers))
        return response


class Pages:
    """Serves the page. Files are read for each request, so a new build needs no restart."""

    def __init__(self, dist: Path = DIST) -> None:
        self.dist = dist

    def routes(self) -> list[Route | Mount]:
        """The routes. They must come last, because the page matches every path."""
        return [
            Mount("/assets", Assets(self.dist / "assets")),
            Route("/graphiql", self.graphiql),
            Route("/{path:path}", self.page),
        ]

    def page(self, request: Request) -> Response:
        """The page; with status 404 if it has no view at this address."""
        # The raw path, because a slash in a segment is encoded as %2F.
        raw_path = request.scope["raw_path"].decode("ascii", errors="replace").strip("/")
        is_known = ADDRESS.fullmatch(raw_path) and not PDF_OF_BILL.fullmatch(raw_path)
        if not is_known and not _asks_for_html(request):
            raise HTTPException(404)
        nonce = secrets.token_urlsafe(16)
        page = self._html("index.html", policy_of_page(nonce), nonce, self._links(raw_path))
        if not is_known and page.status_code == 200:
            page.status_code = 404
        return page

    def graphiql(self, request: Request) -> Response:
        """GraphiQL, from the bundle of the page."""
        return self._html("graphiql.html", policy_of_graphiql())

    def _links(self, address: str) -> str:
        """Links to the files of a screen, which its browser loads while the page starts."""
        try:
            screens = orjson.loads((self.dist / "screens.json").read_bytes())
        except FileNotFoundError:
            return ""
        fitting = [it for it in screens if _pattern(it).fullmatch(address)]
        files = screens[min(fitting, key=lambda it: it.count("$"))] if fitting else []
        return "".join(
            f'<link rel="{"stylesheet" if file.endswith(".css") else "modulepreload"}"'
            f' crossorigin href="/{file}">'
            for file in files
        )

    def _html(self, name: str, policy: str, nonce: str = "", links: str = "") -> Response:
        headers = {"content-security-policy": policy}
        try:
            text = (self.dist / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return HTMLResponse(NOT_BUILT, status_code=503, headers=headers)
        text = text.replace(NONCE, nonce).replace("</head>", f"{links}</head>")
        return HTMLResponse(text, headers=headers)


def _asks_for_html(request: Request) -> bool:
    """True for a browser that opens an address that is not a file."""
    is_file = mimetypes.guess_type(request.path_params["path"])[0] is not None
    return not is_file and "text/html" in request.headers.get("accept", "")
