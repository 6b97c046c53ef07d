"""Checks external text for storage, and folds it for comparison.

`required_text` and `optional_text` return the text to store. `login_key`, `kind_key` and
`search_key` return the text to compare, `search_words` the words to search for. `printable` and
`excerpt` prepare text for messages, log lines and terminals.
"""

import re
import unicodedata
from functools import lru_cache

from tenure.kernel.errors import ErrorCode, TenureError, printable

LARGEST_NOTE = 2000
# NUL and lone surrogates: PostgreSQL neither stores nor compares them.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LARGEST_EXCERPT = 60
MAX_SEARCH_WORDS = 10

# Letters that Unicode does not decompose into a base letter and an accent, after casefolding.
BASE_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ŋ": "n",
    }
)

# Characters without a glyph: the property Default_Ignorable_Code_Point of Unicode 16
# (DerivedCoreProperties.txt).
DEFAULT_IGNORABLE = (
    *(
        (0x00AD, 0x00AD),
        (0x034F, 0x034F),
        (0x061C, 0x061C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
    ),
    *(
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
    ),
    *(
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
    ),
)

__all__ = [
    "UNSTORABLE",
    "excerpt",
    "key_of",
    "kind_key",
    "login_key",
    "optional_text",
    "printable",
    "required_text",
    "search_key",
    "search_words",
]


def required_text(value: str | None, *, path: str, longest: int = 255) -> str:
    """The trimmed text. Raises REQUIRED, and the errors of `optional_text`."""
    text = optional_text(value, path=path, longest=longest)
    if text is None:
        raise TenureError(ErrorCode.REQUIRED, "This must not be empty.", (path,))
    return text


def optional_text(value: str | None, *, path: str, longest: int = 255) -> str | None:
    """The trimmed text, or None if it is empty.

    Raises OUT_OF_RANGE (too long) or INVALID (control characters). Only notes, which are texts of
    up to LARGEST_NOTE characters, may have several lines.
    """
    text = (value or "").strip()
    if len(text) > longest:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Provide at most {longest} characters.", (path,))
    layout = "\n\t" if longest >= LARGEST_NOTE else ""
    # `isprintable` is fast and true for nearly every text.
    if not text.isprintable() and any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character not in layout
        for character in text
    ):
        has_breaks = not layout and "".join(text.splitlines()).isprintable()
        what = (
            "Line breaks cannot be kept here."
            if has_breaks
            else "Control characters cannot be kept."
        )
        raise TenureError(ErrorCode.INVALID, what, (path,))
    return text or None


def excerpt(text: object, longest: int = LARGEST_EXCERPT) -> str:
    """The start of an external text, for messages: at most `longest` characters, all printable."""
    shown = str(text)
    return printable(shown if len(shown) <= longest else f"{shown[: longest - 1]}…")


def key_of(text: str) -> str:
    """The text for comparisons that ignore case."""
    return unicodedata.normalize("NFC", text).casefold()


def kind_key(kind: str) -> str:
    """The stored form of a kind of service: `Internet` and `internet` are one kind (rules 3.1)."""
    return unicodedata.normalize("NFKC", kind).casefold().strip()


@lru_cache(maxsize=4096)
def login_key(login: str) -> str:
    """The form that is unique within a kind of service (rules 3.1).

    It ignores case, compatibility forms and invisible characters. Folding can produce characters
    that fold again, so it is applied twice (Unicode Standard, D146).
    """
    if login.isascii():
        return login.strip().casefold()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", _visible(login)).casefold())
    return _visible(unicodedata.normalize("NFKC", folded.casefold())).strip()


def search_key(text: str) -> str:
    """The form for searches: that of `login_key` without Latin, Greek and Cyrillic accents."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", login_key(text))
    without_accents = "".join(it for it in decomposed if not "\u0300" <= it <= "\u036f").translate(
        BASE_LETTERS
    )
    return unicodedata.normalize("NFKC", without_accents)


def search_words(text: str) -> list[str]:
    """The words to search for: the first ten of the text."""
    return text.split()[:MAX_SEARCH_WORDS]


def _visible(text: str) -> str:
    return "".join(character for character in text if not _is_ignorable(ord(character)))


def _is_ignorable(code: int) -> bool:
    return code > 0xA0 and any(first <= code <= last for first, last in DEFAULT_IGNORABLE)
