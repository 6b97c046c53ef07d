"""Reads docs/partners.md: its blocks of code, and the shell program of all examples."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.shared import ROOT

GUIDE = ROOT / "docs" / "partners.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code, its language, and the headings above it."""

    language: str
    text: str
    chapter: str

    @property
    def requests(self) -> int:
        """The number of requests that a shell block sends."""
        return len(re.findall(r"\bask\b(?!\()", self.text))


def blocks(text: str | None = None) -> list[Block]:
    """The blocks of the guide in their order."""
    text = GUIDE.read_text() if text is None else text
    found = []
    for match in BLOCK.finditer(text):
        chapters = re.findall(r"^## (.+)$", text[: match.start()], re.MULTILINE)
        found.append(Block(match[1], match[2], chapters[-1] if chapters else ""))
    return found


@dataclass(frozen=True, slots=True)
class Example:
    """A shell block, and the answers that the guide shows for it."""

    block: Block
    answers: str | None


def examples() -> list[Example]:
    """The shell blocks, which belong to one session, with the JSON block that follows each."""
    found = blocks()
    return [
        Example(block, following.text if following and following.language == "json" else None)
        for block, following in zip(found, [*found[1:], None], strict=True)
        if block.language == "sh"
    ]


def session(address: str, outputs: Path) -> str:
    """A shell program that runs all examples, and writes the output of each to its own file."""
    parts = ["set -eu"]
    for number, example in enumerate(examples()):
        text = example.block.text.replace(ADDRESS, address)
        parts.append(f"{{\n{text}\n}} > {outputs}/{number}")
    return "\n".join(parts)
