"""Reading our own source for the laws of the house: files, names with their imports resolved, annotations."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.shared import ROOT

TENURE = ROOT / "backend" / "tenure"
PAGE = ROOT / "frontend" / "src"
PACKAGES = (
    "identity",
    "holds",
    "policies",
    "settings",
    "idempotency",
    "events",
    "deferred",
    "accounts",
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
    "usage",
    "jobs",
)
SQL_GENERICS = {
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
    """The Python files of the program, or of the named rooms or files; migrations apart."""
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
    return sorted(file for file in files if "gql" not in file.parts and ".gen." not in file.name)


def named(file: Path) -> str:
    """How a law calls a file."""
    return str(file.relative_to(ROOT))


@cache
def tree(file: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(file.read_text(), str(file))


def mentions(file: Path) -> Iterator[tuple[str, int]]:
    """Each outside name that the file uses, in full (`datetime.datetime.now`), with its line; aliases are resolved."""
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


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text; None for anything that is not names joined by dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return None


def method_calls(file: Path, name: str) -> Iterator[int]:
    """The lines that call a method `name`, of whatever object."""
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
    """Functions and methods whose names, and whose classes' names, have no leading underscore."""

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


def says_any(annotation: ast.expr | None) -> bool:
    """True where an annotation leaves a reader to guess. `Select[Any]` does not: SQLAlchemy's own generics may say so."""
    if isinstance(annotation, ast.Subscript) and dotted(annotation.value) in SQL_GENERICS:
        return False
    if isinstance(annotation, ast.Name):
        return annotation.id == "Any"
    return (
        any(
            says_any(node)
            for node in ast.iter_child_nodes(annotation)
            if isinstance(node, ast.expr)
        )
        if annotation
        else False
    )


def annotations(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    """Of the result and of every argument."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [function.returns, *(argument.annotation for argument in every if argument)]
