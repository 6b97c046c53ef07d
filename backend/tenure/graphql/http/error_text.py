"""Limits how much of a request its error messages repeat: at most 100 printable characters.

The messages of graphql-core contain names and values of the request, of any length. Response names
are also part of the path of an error and of the data, which cannot be shortened. Therefore a
document with a longer name is rejected.
"""

import re

from graphql import DocumentNode, GraphQLError, TokenKind

from tenure.kernel.text import excerpt, printable

MAX_NAME_LENGTH = 100
MAX_QUOTE_LENGTH = 30
MAX_VALUE_LENGTH = 60
# A longer message, whose values could not be identified, is cut to its head and tail.
MAX_MESSAGE_LENGTH = 300
HEAD = 60
TAIL = 40

QUOTED = re.compile(r"""'((?:[^'\\]|\\.){31,})'|"((?:[^"\\]|\\.){31,})\"""", re.DOTALL)
# Groups: the text before a value, the value, the text after it.
VALUES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"^(Variable '\$\w+' got invalid value )(.*)( at '[\w.\[\]]{1,200}'; .*)$",
        r"^(Variable '\$\w+' got invalid value )(.*)(; .*)$",
        r"^(.{0,200}, found )(.*)(\.(?: Did you mean .*)?)$",
        r"^(.{0,200} value: )(.*)()$",
    )
)


def shorten(message: str) -> str:
    """A message of graphql-core with each name and value of the request shortened."""
    shortened = QUOTED.sub(_shorten_quoted, _shorten_value(message))
    if len(shortened) > MAX_MESSAGE_LENGTH:
        return printable(f"{shortened[:HEAD]} … {shortened[-TAIL:]}")
    return printable(shortened)


def _shorten_value(message: str) -> str:
    for pattern in VALUES:
        match = pattern.match(message)
        if match and len(match[2]) > MAX_VALUE_LENGTH:
            return f"{match[1]}{match[2][: MAX_VALUE_LENGTH - 1]}…{match[3]}"
    return message


def _shorten_quoted(match: re.Match[str]) -> str:
    quote = match[0][0]
    return f"{quote}{(match[1] or match[2])[: MAX_QUOTE_LENGTH - 1]}…{quote}"


def name_length_error(document: DocumentNode) -> GraphQLError | None:
    """The error for a document that contains a name above the limit."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind is TokenKind.NAME and len(token.value or "") > MAX_NAME_LENGTH:
            shown = excerpt(token.value, MAX_QUOTE_LENGTH)
            message = f"A name has at most {MAX_NAME_LENGTH} characters: {shown}"
            return GraphQLError(message, extensions={"code": "INVALID"})
        token = token.next
    return None
