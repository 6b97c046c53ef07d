"""The German page has the German of the messages that the server writes in English.

Its texts are in `frontend/locales/de/server.json`, by the English message with names for its
values. A message that changes, or a new one, fails these tests until the German follows.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.shared import ROOT

BACKEND = ROOT / "backend" / "tenure"
GERMAN: dict[str, str] = json.loads(
    (ROOT / "frontend" / "locales" / "de" / "server.json").read_text(encoding="utf-8")
)
# Messages of requests that the page does not send.
PROGRAMS_ONLY = {
    "graphql/mutations/*",
    "graphql/reads/*",
    "graphql/types/*",
    "graphql/http/*",
    "cli/*",
    "demo/*",
    "kernel/pages.py",
    "usage/recording/*",
    "web/exports.py",
}
PROGRAMS_ONLY_TEXTS = {
    "A job of kind VALUE is started by a mutation of its own.",
    "A new login can only be set when reopening a service.",
    "A plug-in answered VALUE where VALUE was asked for.",
    "A user needs a VALUE.",
    "A VALUE offer has no VALUE.",
    "An account has no login.",
    "An offer has no login.",
    "Give only one of these: VALUE.",
    "Only a credit card has VALUE.",
    "parentPays needs a parent.",
    "Provide ACTIVE or PAUSED.",
    "Provide ACTIVE or PAUSED. A webhook becomes FAILING by itself.",
    "Provide kinds of event, or an empty list for every kind.",
    "reactivateOn can only be set when inactivating.",
    "Specify one of these: VALUE.",
    "This job run is of kind VALUE; expected STATUS_CHANGE.",
    "Use a regular file, not a directory, pipe or device.",
    "Use either deferUntil or backdateTo, not both.",
    "VALUE is no user and has no VALUE: sign in as a user.",
}
# Put together from several texts.
PARTS = (
    "Service {name}",
    "Step “{step}”: {reason}",
    "{path}: {message}",
    "{problem} Save the file as UTF-8",
)


def text_of(node: ast.AST) -> str | None:
    """A text in the source, with VALUE for each of its values."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or "VALUE" for part in parts)
    return None


def texts_of(file: Path) -> Iterator[str]:
    """All texts of a module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (text := text_of(node)) is not None:
            yield text


def refusals_of(file: Path) -> Iterator[str]:
    """The messages of the errors of users that a module raises."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(function, functions):
            continue
        assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        for call in ast.walk(function):
            match call:
                case ast.Call(func=ast.Name(id="TenureError"), args=[_, message, *_]):
                    named = [
                        it.value
                        for it in assigned
                        if it.lineno < call.lineno and ast.dump(it.targets[0]) == stored(message)
                    ]
                    yield from filter(None, map(text_of, [message, *named[-1:]]))
                case ast.Call(func=ast.Name(id="_not_allowed"), args=[message]):
                    yield from filter(None, [text_of(message)])


def stored(node: ast.AST) -> str:
    """The variable as the target of an assignment."""
    return ast.dump(ast.Name(id=getattr(node, "id", ""), ctx=ast.Store()))


def pattern_of(english: str) -> re.Pattern[str]:
    """What the page looks for (`frontend/src/lib/serverTexts.ts`)."""
    parts = re.split(r"\{\w+\}", english)
    return re.compile(".+?".join(map(re.escape, parts)), re.DOTALL)


def modules() -> list[Path]:
    """The modules of the backend."""
    return sorted(BACKEND.rglob("*.py"))


def is_sent_by_page(file: Path) -> bool:
    """True unless only programs send what this module refuses."""
    return not any(file.relative_to(BACKEND).match(pattern) for pattern in PROGRAMS_ONLY)


def test_every_refusal_has_a_german_text() -> None:
    patterns = [pattern_of(english) for english in GERMAN if not english.startswith(PARTS)]
    refusals = {text for file in modules() if is_sent_by_page(file) for text in refusals_of(file)}
    assert len(refusals) > 100
    missing = {
        text for text in refusals if not any(pattern.fullmatch(text) for pattern in patterns)
    }
    assert missing == PROGRAMS_ONLY_TEXTS


def test_every_german_text_belongs_to_a_message() -> None:
    texts = {text for file in modules() for text in texts_of(file)}
    with_values = [text for text in texts if "VALUE" in text]
    unknown = [
        english
        for english in GERMAN
        if english not in texts
        and not english.startswith(PARTS)
        and not any(map(pattern_of(english).fullmatch, with_values))
    ]
    assert unknown == []
