"""The operations that a manifest registers. Manifests are those of Apollo and of Relay.

Apollo: `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": […]}`, with `id`
and `body` of each. Relay and GraphQL Code Generator: `{ID: TEXT}`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from tenure.kernel.errors import ConfigurationError

APOLLO_FORMAT = "apollo-persisted-query-manifest"


def digest_of(text: str) -> str:
    """The SHA-256 of a document, in hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class RegisteredOperations:
    """The operations of a manifest: texts by their ids and by their hashes."""

    texts: Mapping[str, str]

    def admits(self, text: str | None) -> bool:
        """True if the manifest has this text."""
        return text is not None and self.texts.get(digest_of(text)) == text


def read_manifests(paths: Iterable[Path]) -> RegisteredOperations:
    """The operations of all these files. Raises ConfigurationError."""
    texts: dict[str, str] = {}
    for path in paths:
        for key, text in _operations(path):
            texts[key] = texts[digest_of(text)] = text
    return RegisteredOperations(texts)


def _operations(path: Path) -> Iterator[tuple[str, str]]:
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise ConfigurationError(f"TENURE_OPERATIONS: {path} cannot be read: {reason}.") from None
    entries = list(_entries(content)) if isinstance(content, Mapping) else []
    if not entries or not all(isinstance(it, str) for pair in entries for it in pair):
        raise ConfigurationError(
            f"TENURE_OPERATIONS: {path} is no manifest of persisted operations "
            "(Apollo's, or an object of ids and documents)."
        )
    for key, text in entries:
        yield str(key), str(text)


def _entries(content: Mapping[str, object]) -> Iterator[tuple[object, object]]:
    if content.get("format") != APOLLO_FORMAT:
        yield from content.items()
        return
    operations = content.get("operations")
    for it in operations if isinstance(operations, list) else ():
        is_object = isinstance(it, dict)
        yield (it.get("id"), it.get("body")) if is_object else (None, None)
