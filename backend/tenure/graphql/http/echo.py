"""How much of a request comes back in the errors about it: at most 100 characters, all of them printable.

graphql-core words its messages around names and values of the request, of any length. Response names come back in the path
of an error and in the data, which cannot be shortened: a document with a longer name is refused.
"""

import re

from graphql import DocumentNode, GraphQLError, TokenKind

from tenure.kernel.text import excerpt, printable

LARGEST_NAME = 100
LARGEST_QUOTE, LARGEST_VALUE = 30, 60
# What is left of a message in which the values of the request could not be told apart from the words around them.
LONGEST_MESSAGE, HEAD, TAIL = 300, 60, 40

QUOTED = re.compile(r"""'((?:[^'\\]|\\.){31,})'|"((?:[^"\\]|\\.){31,})\"""", re.DOTALL)
# The words before a value, the value, and the words behind it.
VALUES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"^(Variable '\$\w+' got invalid value )(.*)( at '[\w.\[\]]{1,200}'; .*)$",
        r"^(Variable '\$\w+' got invalid value )(.*)(; .*)$",
        r"^(.{0,200}, found )(.*)(\.(?: Did you mean .*)?)$",
        r"^(.{0,200} value: )(.*)()$",
    )
)


def shortened(message: str) -> str:
    """A message of graphql-core with the beginning of each name and value of the request."""
    for pattern in VALUES:
        found = pattern.match(message)
        if found and len(found[2]) > LARGEST_VALUE:
            message = f"{found[1]}{found[2][: LARGEST_VALUE - 1]}…{found[3]}"
            break
    message = QUOTED.sub(
        lambda found: f"{found[0][0]}{(found[1] or found[2])[: LARGEST_QUOTE - 1]}…{found[0][0]}",
        message,
    )
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[:HEAD]} … {message[-TAIL:]}"
    return printable(message)


def long_name(document: DocumentNode) -> GraphQLError | None:
    """The refusal of a document with a name that is longer than any of the schema."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind is TokenKind.NAME and len(token.value or "") > LARGEST_NAME:
            words = f"A name has at most {LARGEST_NAME} characters: {excerpt(token.value, LARGEST_QUOTE)}"
            return GraphQLError(words, extensions={"code": "INVALID"})
        token = token.next
    return None
