"""Parses our own source for tests/test_architecture.py: files, resolved names, annotations."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.shared import ROOT

TENURE = ROOT / "backend" / "tenure"
PAGE = ROOT / "frontend" / "src"
PACKAGES = (
    "audit",
    "identity",
    "holds",
    "policies",
    "settings",
    "idempotency",
    "events",
    "deferred",
    "accounts",
    "contacts",
    "notes",
    "catalog",
    "activity",
    "payments",
    "assets",
    "billing",
    "purchases",
    "status",
    "hierarchy",
    "receivables",
    "disputes",
    "overview",
    "search",
    "usage",
    "jobs",
    "reasons",
    "webhooks",
)
GENERATED = re.compile(r"\.(gen|generated)\.")
SQL_GENERICS = {
    "BindParameter",
    "Select",
    "Insert",
    "Update",
    "CompoundSelect",
    "ColumnElement",
    "InstrumentedAttribute",
    "Mapped",
    "Result",
    "Row",
    "SQLColumnExpression",
    "TypeEngine",
}


def modules(*below: str) -> list[Path]:
    """The Python files of the program, or of the named packages or files; without migrations."""
    starts = [TENURE / name for name in below] or [TENURE]
    files = [
        file
        for start in starts
        for file in ([start] if start.suffix else start.rglob("*.py"))
        if file.exists()
    ]
    return sorted(file for file in files if "versions" not in file.parts)


def screens() -> list[Path]:
    """The hand-written sources of the page."""
    files = [file for file in PAGE.rglob("*") if file.suffix in {".ts", ".tsx", ".css"}]
    return sorted(
        file for file in files if "gql" not in file.parts and not GENERATED.search(file.name)
    )


def named(file: Path) -> str:
    """The path of a file relative to the repository, for messages."""
    return str(file.relative_to(ROOT))


@cache
def tree(file: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(file.read_text(), str(file))


def mentions(file: Path) -> Iterator[tuple[str, int]]:
    """Each name that the file uses, with its line. Imports and aliases are resolved.

    Example: `dt.now()` after `from datetime import datetime as dt` gives `datetime.datetime.now`.
    """
    known: dict[str, str] = {}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            known |= {name.asname: name.name for name in node.names if name.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node)):
            first, _, rest = name.partition(".")
            yield known.get(first, first) + (f".{rest}" if rest else ""), node.lineno


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """The modules that the file imports, or imports from, each with its line."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def imported_modules(file: Path) -> Iterator[tuple[str, int]]:
    """Each module of Tenure that the file imports, in full, with its line.

    `from tenure.accounts import actions` imports `tenure.accounts.actions`.
    """
    for node in ast.walk(tree(file)):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("tenure"):
            continue
        parts = str(node.module).split(".")
        if (TENURE.parent.joinpath(*parts)).is_dir():
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)
        else:
            yield str(node.module), node.lineno


def defined_names(file: Path) -> set[str]:
    """The names of all functions, classes, parameters, variables and attributes that are set."""
    found: set[str] = set()
    for node in ast.walk(tree(file)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                found.add(name)
    return found


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text; None for other expressions."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return None


def method_calls(file: Path, name: str) -> Iterator[int]:
    """The lines that call a method `name` of any object."""
    for node in ast.walk(tree(file)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == name
        ):
            yield node.lineno


def classes(file: Path) -> list[str]:
    """The classes that the file defines."""
    return (
        [node.name for node in ast.walk(tree(file)) if isinstance(node, ast.ClassDef)]
        if file.exists()
        else []
    )


def public_functions(file: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Functions and methods without a leading underscore, also in the name of their class."""

    def inside(
        body: list[ast.stmt], prefix: str
    ) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield from inside(node.body, f"{prefix}{node.name}.")
            elif isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef
            ) and not node.name.startswith("_"):
                yield f"{prefix}{node.name}", node

    yield from inside(tree(file).body, "")


def contains_any(annotation: ast.expr | None) -> bool:
    """True if an annotation contains `Any`, except as a parameter of SQLAlchemy's generics."""
    if isinstance(annotation, ast.Subscript) and dotted(annotation.value) in SQL_GENERICS:
        return False
    if isinstance(annotation, ast.Name):
        return annotation.id == "Any"
    return (
        any(
            contains_any(node)
            for node in ast.iter_child_nodes(annotation)
            if isinstance(node, ast.expr)
        )
        if annotation
        else False
    )


def annotations(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    """The annotations of the result and of every argument."""
    of = function.args
    arguments = [*of.posonlyargs, *of.args, *of.kwonlyargs, of.vararg, of.kwarg]
    return [function.returns, *(argument.annotation for argument in arguments if argument)]
