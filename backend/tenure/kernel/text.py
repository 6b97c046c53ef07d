"""Words from outside, made fit to keep: trimmed, of a bounded length, without control characters."""

import unicodedata

from tenure.kernel.errors import ErrorCode, TenureError

LARGEST_NOTE = 2000


def required_text(value: str | None, *, path: str, longest: int = 255) -> str:
    """Raises REQUIRED where nothing is left of it, and what `optional_text` raises."""
    text = optional_text(value, path=path, longest=longest)
    if text is None:
        raise TenureError(ErrorCode.REQUIRED, "This must not be empty.", (path,))
    return text


def optional_text(value: str | None, *, path: str, longest: int = 255) -> str | None:
    """The trimmed text, or None where it is empty. Raises OUT_OF_RANGE (too long) or INVALID (control characters)."""
    text = (value or "").strip()
    if len(text) > longest:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Give at most {longest} characters.", (path,))
    # What can be printed, which is quick to tell, has none of them.
    if not text.isprintable() and any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text
    ):
        raise TenureError(ErrorCode.INVALID, "Control characters cannot be kept.", (path,))
    return text or None


def key_of(text: str) -> str:
    """What is compared where case does not count."""
    return unicodedata.normalize("NFC", text).casefold()
