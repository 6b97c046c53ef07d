"""Reads what a user types or pastes into a search: other ways to write the same text.

A number is found however its letters and digits are separated, and an address or a number as it
stands in a link, after a label, in brackets or at the end of a sentence.
"""

import re
from collections.abc import Sequence

from tenure.kernel.text import search_key

# What may stand around a text that is pasted; neither +, %, & nor _, which can be meant.
AROUND = " \t\n.,;:!?\"'`´*#|~/\\-‐‑‒–—―“”„‟‚‘’‛«»‹›<>[]{}•●∙·…"
LINK = re.compile(r"(?:mailto|tel|callto|sip|sms):\s*([^?]+).*", re.IGNORECASE | re.DOTALL)
# Before a number or an e-mail address only: a name can begin with such a word.
LABEL = re.compile(
    r"(?:account|customer|konto|kunde|kunden-?nummer|kunden-?nr|tel|telefon|phone|mobile|mobil"
    r"|fax|e-?mail|mail|login|number|nummer|no|nr)\b[\s.:#]*(?=.*[\d@])(?=\S)(.+)",
    re.IGNORECASE | re.DOTALL,
)
DASH = re.compile("[‐‑‒–—―−]")
# Letters and digits, or digits and letters, with what separates them.
TWO_PARTS = re.compile(r"(\d+)[\s._/#:-]*([^\W\d_]+)|([^\W\d_]+)[\s._/#:-]*(\d+)")
# The kind of card, and digits or signs in the place of digits before its last four digits.
KIND_OF_CARD = (
    r"american express|amex|visa|master ?card|maestro|discover|diners(?: club)?|jcb|union ?pay"
    r"|(?:credit |debit )?card|(?:kredit)?karte"
)
CARD_NUMBER = re.compile(
    rf"((?:{KIND_OF_CARD})(?:\s+(?:ending(?: in| with)?|endet auf))?)?"
    r"[\s:]*([\d*•●∙·.x\s-]*)(?<!\d)(\d{4})"
)
# A longer text is only itself: the patterns above would take long.
LONGEST_READ = 320
MASK = re.compile(r"[*•●∙·]|xx|\.\.")


def readings(text: str) -> list[str]:
    """The text, and other ways to write it, none of them empty."""
    if len(text) > LONGEST_READ:
        return [text]
    plain = DASH.sub("-", without_punctuation(text))
    if link := LINK.fullmatch(plain):
        plain = without_punctuation(link[1])
    elif label := LABEL.fullmatch(plain):
        plain = without_punctuation(label[1])
    found = [text, plain]
    if parts := TWO_PARTS.fullmatch(plain):
        pair = [part for part in parts.groups() if part]
        found += ["-".join(pair), "".join(pair)]
    return [it for it in dict.fromkeys(found) if it]


def last_four_of_card(text: str) -> str | None:
    """The digits of `Visa 4242`, `•••• 4242` or `*4242`; None if the text is no such number."""
    found = CARD_NUMBER.fullmatch(search_key(text[:LONGEST_READ]).strip())
    if found is None:
        return None
    kind, masked, last_four = found.groups()
    return last_four if kind or MASK.search(masked) else None


def words_with_letters(words: Sequence[str]) -> Sequence[str]:
    """Those of several words that have a letter or a digit, unless it is only one."""
    lettered = [word for word in words if any(map(str.isalnum, word))]
    return lettered if len(lettered) > 1 else words


def without_punctuation(text: str) -> str:
    """Without what stands around the text, and without a bracket that has no counterpart in it."""
    inner = text.strip(AROUND)
    if inner.startswith("(") and ")" not in inner[:-1]:
        inner = inner[1:].lstrip(AROUND)
    if inner.endswith(")") and "(" not in inner:
        inner = inner[:-1].rstrip(AROUND)
    return inner
